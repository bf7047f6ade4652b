import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { DATA_AT, makeDisk, makeHybridIso, mediumFiles, MIB } from '../support/media.ts';
import { type Account, makeAccount } from './support/account.ts';
import { type CommandOptions, livesys, PATH } from './support/livesys.ts';
import { attach, detachAll } from './support/loop.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

const SIZE = 200 * MIB;

let workspace: Workspace;
let account: Account;
let iso: string;
let disk: string;
beforeAll(() => {
  workspace = makeWorkspace();
  account = makeAccount(workspace.folder);
  iso = makeHybridIso(workspace.make('media'), 'image');
  disk = makeDisk(workspace.make('media'), 'image');
});
afterEach(detachAll);
afterAll(() => workspace?.remove());

/** A stick with old content on it, all of which is known. */
function makeStick(name: string, size = SIZE): { readonly file: string; readonly device: string } {
  const file = join(workspace.folder, name);
  writeFileSync(file, Buffer.alloc(size, `what was on ${name} `));
  return { file, device: attach(file) };
}

const write = (image: string, device: string, more: readonly string[] = [], options = {}) =>
  livesys(['write', image, device, ...more], { cwd: workspace.folder, ...options });
/** Without questions: no program but a test writes to loop devices. */
const force = (image: string, device: string, more: readonly string[] = [], options = {}) =>
  write(image, device, ['--fixed', device, '--yes-wipe', device, ...more], options);
const digest = (path: string) => run('sha256sum', '--', path);
const medium = (path: string, ...words: string[]) =>
  livesys(['medium', path, ...words], { cwd: workspace.folder });

it('an ISO becomes a medium with room for changes to the end, and nothing else is written to', async () => {
  const decoy = makeStick('decoy');
  const before = digest(decoy.file);
  const { file, device } = makeStick('stick');
  const end = await force(iso, device);

  expect(end).toMatchObject({ status: 0, stdout: expect.stringMatching(/^The stick is ready\./) });
  expect(run('sfdisk', '--verify', device)).toContain('No errors detected');
  const [written, image] = [readFileSync(file), readFileSync(iso)];
  // Between the table at the start and the end of the image, and before its start.
  const tableEnd = 34 * 2048;
  expect(written.subarray(0, 446).equals(image.subarray(0, 446))).toBe(true);
  expect(written.subarray(tableEnd, image.length).equals(image.subarray(tableEnd))).toBe(true);
  expect([written[0x1be], written[0x1ce], written[0x1d2]]).toEqual([0, 0x80, 0]);

  const [, start = '', sectors = ''] =
    /start= *(\d+), size= *(\d+), type=4C495645-/.exec(run('sfdisk', '--dump', device)) ?? [];
  expect((Number(start) + Number(sectors)) * 512).toBe(SIZE - MIB);
  const data = `${device}?offset=${Number(start) * 512}`;
  run('e2fsck', '-f', '-n', data);
  expect(run('dumpe2fs', '-h', data)).toMatch(/volume name: +LIVESYS-DATA\n/);
  expect(run('debugfs', '-R', 'ls -p /', data)).toMatch(/\/040755\/0\/0\/livesys\//);
  expect(await medium(device, 'verify')).toMatchObject({ status: 0 });
  expect(await medium(device, 'profile', 'use', 'rescue')).toMatchObject({ status: 0 });
  expect(digest(decoy.file)).toBe(before);
});

it('a disk image that was used keeps what it keeps, also what waits in its journal, and grows', async () => {
  const used = join(workspace.folder, 'used.img');
  copyFileSync(disk, used);
  const data = attach(used, '--offset', String(DATA_AT));
  const point = workspace.make('mount');
  run('mount', data, point);
  writeFileSync(join(point, 'note'), 'remember');
  run('sync', '--file-system', point);
  const cut = join(workspace.folder, 'cut.img');
  copyFileSync(used, cut);
  run('umount', point);
  const { device } = makeStick('stick');

  expect(await force(cut, device)).toMatchObject({ status: 0 });
  const at = `${device}?offset=${DATA_AT}`;
  expect(run('debugfs', '-R', 'cat /note', at)).toBe('remember');
  run('e2fsck', '-f', '-n', at);
  expect(run('dumpe2fs', '-h', at)).toContain(
    `Block count:              ${(SIZE - MIB - DATA_AT) / 1024}\n`,
  );
  expect(run('sfdisk', '--verify', device)).toContain('No errors detected');
});

it('room for changes may be of a size', async () => {
  const { device } = makeStick('stick');
  expect(await force(iso, device, ['--persistence', '80M'])).toMatchObject({ status: 0 });

  const { stdout } = await medium(device, 'status', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ data: { bytes: 80 * MIB } });
});

it('without room for changes the stick is the image, bit by bit', async () => {
  const { file, device } = makeStick('stick');
  expect(await force(iso, device, ['--persistence', 'none'])).toMatchObject({ status: 0 });

  const image = readFileSync(iso);
  expect(readFileSync(file).subarray(0, image.length).equals(image)).toBe(true);
});

it('old tables and file systems at both ends are gone', async () => {
  const { device } = makeStick('stick');
  run('sh', '-c', 'echo "label: gpt" | sfdisk --quiet --no-reread "$1"', 'sh', device);
  expect(await force(iso, device, ['--persistence', 'none'])).toMatchObject({ status: 0 });

  const { stdout } = await livesys(['inspect', device, '--json'], { cwd: workspace.folder });
  expect(JSON.parse(stdout)).toMatchObject({ form: 'iso', data: null });
  expect(run('wipefs', '--noheadings', '--output', 'OFFSET,TYPE', device)).not.toContain(
    `0x${(SIZE - 512).toString(16)}`,
  );
});

interface Refusal {
  /** What is to be written, and the device it is to be written to. */
  readonly make: () => readonly [string, string, ...string[]];
  readonly status: number;
  readonly says: RegExp;
  readonly options?: () => Partial<CommandOptions>;
}

const named = (device: string, ...more: string[]) =>
  ['--fixed', device, '--yes-wipe', device, ...more] as const;
let mountPoint = '';
const refusals: Readonly<Record<string, Refusal>> = {
  'a folder': {
    make: () => [iso, workspace.folder],
    ...{ status: 2, says: /is a folder/ },
  },
  'a file': { make: () => [iso, disk], ...{ status: 2, says: /is a file; .* with cp/ } },
  'a character device': {
    make: () => [iso, '/dev/null'],
    ...{ status: 2, says: /is not a block device/ },
  },
  'nothing at all': {
    make: () => [iso, '/dev/no-such-device'],
    ...{ status: 2, says: /does not exist/ },
  },
  'a device that is built in': {
    make: () => [iso, makeStick('stick').device],
    ...{ status: 2, says: /is built in; .*--fixed/ },
  },
  'a device that is too small': {
    make: () => {
      const { device } = makeStick('stick', 2 * MIB);
      return [iso, device, ...named(device)];
    },
    ...{ status: 2, says: /is too small/ },
  },
  'a read-only device': {
    make: () => {
      const device = attach(makeStick('stick').file, '--read-only');
      return [iso, device, ...named(device)];
    },
    ...{ status: 2, says: /is read-only/ },
  },
  'a mounted device': {
    make: () => {
      const { device } = makeStick('stick');
      run('mkfs.ext4', '-q', device);
      mountPoint = workspace.make('mount');
      // Read-only, so that nobody writes to it at all.
      run('mount', '-o', 'ro', device, mountPoint);
      return [iso, device, ...named(device)];
    },
    ...{ status: 2, says: /is mounted on/ },
  },
  'the image itself': {
    make: () => {
      const device = attach(disk);
      return [disk, device, ...named(device)];
    },
    ...{ status: 2, says: /is where the image comes from/ },
  },
  'another device than the one to be erased': {
    make: () => {
      const { device } = makeStick('stick');
      return [iso, device, '--fixed', device, '--yes-wipe', makeStick('other').device];
    },
    ...{ status: 2, says: /--yes-wipe names .* would be erased/ },
  },
  'a device without a word that it may be erased': {
    make: () => {
      const { device } = makeStick('stick');
      return [iso, device, '--fixed', device];
    },
    ...{ status: 2, says: /no terminal to ask on[^]*--yes-wipe/ },
  },
  'an image that is not ours': {
    make: () => {
      const { device } = makeStick('stick');
      return ['/etc/passwd', device, ...named(device)];
    },
    ...{ status: 5, says: /is not an intact livesys medium/ },
  },
  'a device, by a person who may not': {
    make: () => {
      const { device } = makeStick('stick');
      return [iso, device, ...named(device)];
    },
    ...{ status: 4, says: /sudo livesys write / },
    options: () => ({ prefix: account.become }),
  },
  'more room than there is': {
    make: () => {
      const { device } = makeStick('stick');
      return [iso, device, ...named(device, '--persistence', '8G')];
    },
    ...{ status: 2, says: /has room for/ },
  },
};

it.each(Object.entries(refusals))(
  '%s is not written to',
  async (_, { make, status, says, options }) => {
    const [image, device, ...more] = make();
    const mayBeRead = device.startsWith('/dev/loop') || device === disk;
    const look = () => (mayBeRead ? digest(device) : 'not read');
    const before = look();
    try {
      expect(await write(image, device, more, options?.())).toMatchObject({
        ...{ status, stdout: '' },
        stderr: expect.stringMatching(says),
      });
      expect(look()).toBe(before);
    } finally {
      if (mountPoint !== '') run('umount', mountPoint);
      mountPoint = '';
    }
  },
);

it('a device that runs out of room behind its back is said to have failed, and is no medium', async () => {
  const point = workspace.make('small');
  run('mount', '-t', 'tmpfs', '-o', 'size=10M', 'tmpfs', point);
  try {
    const file = join(point, 'stick');
    writeFileSync(file, '');
    truncateSync(file, SIZE);
    const device = attach(file);
    const large = makeHybridIso(workspace.make('media'), 'large', {
      ...mediumFiles(),
      padding: Buffer.alloc(20 * MIB, 'x'),
    });
    const end = await force(large, device);

    expect(end).toMatchObject({ status: 5, stdout: '' });
    expect(end.stderr).toMatch(
      /reported an error \(EIO\)[^]*is erased in part: .* It does not start; write it again\./,
    );
    expect(end.stderr).toContain('LIVESYS_WRITE_FAILED');
    const after = await livesys(['inspect', device], { cwd: workspace.folder });
    expect(after).toMatchObject({ status: 5, stderr: expect.stringMatching(/not an intact/) });
    detachAll();
  } finally {
    run('umount', '--lazy', point);
  }
});

it('what is read back comes from the device, not from memory', async () => {
  const { file, device } = makeStick('stick');
  const bin = workspace.make('bin');
  // Changes one byte on the device itself, before the kernel forgets what it remembers.
  const shim = `#!/bin/sh
[ "$1" != --flushbufs ] || printf X | dd of='${file}' bs=1 seek=${2 * MIB} conv=notrunc status=none
exec /usr/sbin/blockdev "$@"
`;
  writeFileSync(join(bin, 'blockdev'), shim, { mode: 0o755 });
  const end = await force(iso, device, [], { env: { PATH: `${bin}:${PATH}` } });

  expect(end).toMatchObject({
    status: 5,
    stderr: expect.stringMatching(/gives back something else/),
  });
  expect(end.stderr).toContain('LIVESYS_WRITE_DIFFERS');
});
