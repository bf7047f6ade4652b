import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandEnd } from './support/livesys.ts';
import { makeRunningSystem, type RunningSystem } from './support/running-system.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// What a root file system can hold beside names and contents is in the image too, in both formats.

const CONFIGS = fileURLToPath(new URL('./support/tiny/', import.meta.url));
const PROJECT = '/srv/project';
const FORMATS = ['squashfs', 'erofs'] as const;

/** Entries for two users and two groups, as the kernel takes them: rw for 1000, r for group 50. */
const LIST =
  '0x0200000001000600ffffffff02000600e803000004000400ffffffff0800040032000000' +
  '10000600ffffffff20000000ffffffff';
const FILLED = `cd /home; umask 022
mkdir -p plain shared 'odd {%} *'
echo one >plain/one; ln plain/one plain/two; ln plain/one shared/three
ln -s ../nowhere plain/link
truncate -s 3M plain/holes; echo end >>plain/holes
mknod plain/device c 5 1; mkfifo plain/pipe
cp /bin/getfattr plain/capable; setcap cap_net_raw+ep plain/capable
setfattr -n user.note -v 'a note' plain/one; setfattr -n trusted.note -v deep plain
for path in plain/one shared 'odd {%} *'; do setfattr -n system.posix_acl_access -v ${LIST} "$path"; done
setfattr -n system.posix_acl_default -v ${LIST} shared
chown 1000:50 plain/capable shared; chmod 4755 plain/device; chmod 1770 plain
echo later >plain/later; touch -d '2001-02-03 04:05:06' plain/later`;

let workspace: Workspace;
let system: RunningSystem;
beforeAll(async () => {
  workspace = makeWorkspace();
  system = makeRunningSystem(workspace.folder);
  mkdirSync(join(workspace.folder, PROJECT), { recursive: true });
  cpSync(CONFIGS, join(workspace.folder, PROJECT), { recursive: true });
  system.write({ '/etc/shadow': 'root:$y$j9T$a-hash:19000::::::\n', '/etc/wireguard/wg.conf': '' });
  const filled = await system.shell(`mkdir -p /home/anna; echo old >/home/anna/old; ${FILLED}`);
  if (filled.status !== 0) throw new Error(filled.stderr);
  for (const name of [...FORMATS, 'reset']) {
    const config = `${name}.config.ts`;
    const built = await system.livesys(['build', '-c', config, '-o', outOf(name)], PROJECT);
    if (built.status !== 0) throw new Error(built.stderr);
  }
});
afterAll(() => workspace?.remove());

const outOf = (format: string): string => `/srv/out-${format}`;

async function diff(format: string): Promise<CommandEnd> {
  return system.livesys(['diff', '/', `${outOf(format)}/tiny-1.iso`], '/');
}

function differing({ stdout }: CommandEnd): readonly string[] {
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('left out'));
}

describe.each(FORMATS)('an image of %s', (format) => {
  it('holds all that its source holds, in every respect', async () => {
    const end = await diff(format);
    expect([differing(end), end.status]).toEqual([[], 0]);
    expect(end.stderr).toMatch(/\d{2,} paths compared: all the same, \d+ left out/);
    expect(end.stdout).toContain('left out  /repository\n');
  });

  it('is seen to differ where the source changed since, each thing by its name', async () => {
    await system.shell(`cd /home; cp -a . /srv/kept
      echo two >plain/later; touch -d '2001-02-03 04:05:06' plain/later
      rm shared/three; echo one >shared/three; setfattr -x user.note plain/one
      setfattr -x system.posix_acl_default shared; chown 7:7 plain/pipe
      rm plain/device; mknod plain/device c 5 2; rm plain/link`);
    const end = await diff(format);
    await system.shell('cd /home; rm -rf plain shared; cp -a /srv/kept/. .; rm -rf /srv/kept');
    expect(end.status).toBe(5);
    const lines = differing(end).map((line) => line.replaceAll(/ +/g, ' '));
    expect(lines).toEqual([
      'added /home/plain/link',
      'differs /home/plain/device mode, device number',
      'differs /home/plain/later content',
      'differs /home/plain/one attributes',
      'differs /home/plain/pipe owner',
      'differs /home/plain/two attributes',
      'differs /home/shared access lists',
      'differs /home/shared/three attributes, hard links',
    ]);
    expect(end.stderr).toContain('LIVESYS_MEDIUM_DIFFERS');
  });

  it('is audited', async () => {
    const end = await system.livesys(['audit', `${outOf(format)}/tiny-1.iso`], '/');
    expect(end.status).toBe(0);
    const told = end.stdout.split('\n').map((line) => line.split('  ')[0]);
    expect(told).toContain('base:/etc/shadow');
    expect(told).toContain('base:/etc/wireguard/');
  });
});

it('an image to hand on holds all but what is left out, which is named', async () => {
  const end = await diff('reset');
  expect([differing(end), end.status]).toEqual([[], 0]);
  const lines = end.stdout.split('\n');
  expect(lines).toContain('left out  /home/anna/*');
  expect(lines).toContain('left out  /etc/wireguard/*');
  expect(lines.filter((line) => line.includes('shadow'))).toEqual([]);
});

it('only root can compare', async () => {
  const end = await system.livesys(['diff', '/', `${outOf('squashfs')}/tiny-1.iso`], '/', 1000);
  expect(end).toMatchObject({ status: 4, stdout: '' });
  expect(end.stderr).toContain('LIVESYS_NEEDS_ROOT');
});
