import { cpSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAccount } from './support/account.ts';
import { livesys } from './support/livesys.ts';
import { attach, detachAll } from './support/loop.ts';
import { makeProject } from './support/project.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// A disk image is built without root, and read with the tools of others.

const MIB = 1 << 20;
/** mtools writes names in this codepage. */
const CODEPAGE = ['gconv-modules', 'gconv-modules.cache', 'IBM850.so'];
const PROGRAMS = ['mkfs.ext4', 'mkfs.vfat', 'mcopy', 'mmd', 'dd', 'truncate'];

interface Partition {
  readonly node: string;
  readonly start: number;
  readonly size: number;
  readonly type: string;
  readonly uuid: string;
  readonly name?: string;
}

let workspace: Workspace;
let image = '';
let again = '';
let partitions: readonly Partition[] = [];
beforeAll(async () => {
  workspace = makeWorkspace();
  const account = makeAccount(workspace.folder);
  const folder = workspace.make('work');
  const gconv = '/usr/lib/x86_64-linux-gnu/gconv';
  for (const file of CODEPAGE) cpSync(join(gconv, file), join(folder, 'root', gconv, file));
  const project = makeProject(folder, { owner: account, programs: PROGRAMS });
  const build = async (name: string): Promise<string> => {
    const output = workspace.make(name, account);
    const end = await livesys(['build', '--config', 'disk.config.ts', '--output', output], {
      cwd: project.folder,
      prefix: account.become,
      env: { LIVESYS_CACHE: workspace.make(`${name}-cache`, account) },
    });
    if (end.status !== 0) throw new Error(end.stderr);
    return join(output, 'tiny-1.img');
  };
  image = await build('one');
  again = await build('two');
  const table = JSON.parse(run('sfdisk', '--json', image)) as {
    partitiontable: { partitions: readonly Partition[] };
  };
  partitions = table.partitiontable.partitions;
}, 240_000);
afterAll(() => workspace?.remove());

/** A partition by its number. */
function partition(number: number): Partition {
  const found = partitions.find(({ node }) => node === `${image}${number}`);
  if (found === undefined) throw new Error(`there is no partition ${number}`);
  return found;
}
const offset = (number: number): number => partition(number).start * 512;

/** The bytes of a place as text. */
function bytes(at: number, count: number): string {
  return run('dd', `if=${image}`, 'bs=1', `skip=${at}`, `count=${count}`, 'status=none');
}

it('is equal bit by bit, built twice from nothing', () => {
  expect(run('cmp', image, again)).toBe('');
});

it('has a table without a fault, and GUIDs of its own', () => {
  expect(run('sfdisk', '--verify', image)).toContain('No errors detected');
  expect(new Set(partitions.map(({ uuid }) => uuid)).size).toBe(4);
  expect(partitions.map(({ type, name }) => [type, name])).toEqual([
    ['21686148-6449-6E6F-744E-656564454649', undefined],
    ['C12A7328-F81F-11D2-BA4B-00A0C93EC93B', undefined],
    ['0FC63DAF-8483-4772-8E79-3D69D8477DE4', 'LIVESYS-LAYERS'],
    ['4C495645-5359-5344-4154-410A7B3D5E91', 'LIVESYS-DATA'],
  ]);
});

describe('for a BIOS', () => {
  it('has boot code beside the table, in an active entry for old ones', () => {
    expect(bytes(0, 440)).toBe('boot sector '.repeat(100).slice(0, 440));
    expect(run('sh', '-c', 'od -An -tx1 -j446 -N1 "$1"', 'sh', image).trim()).toBe('80');
  });

  it('has a partition of 1 MiB at sector 2048', () => {
    expect(partition(1)).toMatchObject({ start: 2048, size: 2048 });
    expect(bytes(offset(1), 14)).toBe('boot partition');
  });
});

it('has the files of the loader in a FAT that is intact', () => {
  const at = `${image}@@${offset(2)}`;
  expect(run('mtype', '-i', at, '::/EFI/BOOT/BOOTX64.EFI')).toBe('efi program');
  const part = join(workspace.folder, 'esp');
  extract(2, part);
  expect(run('fsck.vfat', '-n', part)).not.toMatch(/dirty|differ|error/i);
});

it('has the layers in an ISO 9660 as large as its partition', () => {
  const part = join(workspace.folder, 'layers');
  extract(3, part);
  const list = run('xorriso', '-indev', part, '-find', '/', '-type', 'f');
  expect(list).toContain("'/livesys/manifest'");
  expect(list).toMatch(/'\/livesys\/layers\/base-[0-9a-f]{16}\.squashfs'/);
  expect(list).toMatch(/'\/livesys\/boot\/1\.0\/vmlinuz'/);
  const manifest = join(workspace.folder, 'manifest');
  run('xorriso', '-osirrox', 'on', '-indev', part, '-extract', '/livesys/manifest', manifest);
  expect(run('cat', manifest)).toMatch(
    /^profile office default .*\n(.*\n)*persist office data - optional\n/m,
  );
});

it('has an empty, clean ext4 that takes no room yet', () => {
  expect(partition(4).size * 512).toBe(64 * MIB);
  expect(run('e2fsck', '-fn', `${image}?offset=${offset(4)}`)).toContain('LIVESYS-DATA: 11/');
  expect(statSync(image).blocks * 512).toBeLessThan(statSync(image).size - 40 * MIB);
});

it('lets an ISO be made in the same build, without its boot code', () => {
  const iso = image.replace(/img$/, 'iso');
  expect(run('xorriso', '-indev', iso, '-find', '/livesys/manifest')).toContain('manifest');
  expect(run('sh', '-c', 'head -c 440 "$1"', 'sh', iso)).not.toContain('boot sector');
});

function extract(number: number, to: string): void {
  const { size } = partition(number);
  run(
    'dd',
    `if=${image}`,
    `of=${to}`,
    'bs=512',
    `skip=${partition(number).start}`,
    `count=${size}`,
    'status=none',
  );
}

describe('the command line', () => {
  const device = (): string => attach(stick);
  let stick = '';
  beforeAll(() => {
    stick = join(workspace.folder, 'stick');
    writeFileSync(stick, '');
    truncateSync(stick, statSync(image).size + 128 * MIB);
  });
  afterAll(detachAll);

  it('tells what is on it, and switches it', async () => {
    const medium = (...words: string[]) => livesys(words, { cwd: workspace.folder });
    const { stdout } = await medium('inspect', image, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ form: 'disk', firmware: ['bios', 'uefi'] },
      data: { partition: 4, offset: offset(4) },
    });
    expect(await medium('medium', image, 'verify')).toMatchObject({ status: 0 });
    const copy = join(workspace.folder, 'copy.img');
    run('cp', '--sparse=always', image, copy);
    expect(await medium('medium', copy, 'persistence', 'off')).toMatchObject({ status: 0 });
    run('e2fsck', '-f', '-n', `${copy}?offset=${offset(4)}`);
  });

  it('puts it on a stick, where its place for changes reaches the end', async () => {
    const path = device();
    const argv = ['write', image, path, '--fixed', path, '--yes-wipe', path];
    expect(await livesys(argv, { cwd: workspace.folder })).toMatchObject({ status: 0 });

    expect(run('sfdisk', '--verify', path)).toContain('No errors detected');
    const [, sectors = ''] =
      /size= *(\d+), type=4C495645-/.exec(run('sfdisk', '--dump', path)) ?? [];
    expect(offset(4) + Number(sectors) * 512).toBe(statSync(stick).size - MIB);
    run('e2fsck', '-f', '-n', `${path}?offset=${offset(4)}`);
    // The table of partitions and its copy differ, and DATA; nothing else does.
    run('cmp', `--ignore-initial=${34 * 512}`, `--bytes=${offset(4) - 34 * 512}`, image, stick);
  });
});
