import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  copyRepository,
  publish,
  rebuild,
  replace,
  tamper,
} from '../support/arch-repository/change-repository.ts';
import { closeKey, signingKey } from '../support/arch-repository/keys.ts';
import { serve } from '../support/arch-repository/serve.ts';
import { makeAccount } from './support/account.ts';
import { archSystem, type ArchSystem } from './support/arch-system.ts';
import { leftovers } from './support/leftovers.ts';
import { resultOf } from './support/results.ts';
import { run } from './support/run.ts';
import { listTree } from './support/tree-listing.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// The real pacman on a repository of ours: see test/support/arch-repository/README.md.

let workspace: Workspace;
let arch: ArchSystem;
beforeAll(async () => {
  workspace = makeWorkspace();
  arch = await archSystem(workspace);
});
afterAll(() => {
  arch?.close();
  workspace?.remove();
});

/** What pacman itself says of a root. */
const pacman = (root: string, ...argv: readonly string[]): string =>
  run('pacman', '--root', root, '--dbpath', join(root, 'var/lib/pacman'), ...argv);

const names = (root: string): readonly string[] =>
  readdirSync(join(root, 'var/lib/pacman/local'))
    .filter((name) => name !== 'ALPM_DB_VERSION')
    .map((name) => name.replace(/-[^-]+-[^-]+$/, ''));

describe('a root that is bootstrapped', () => {
  let root = '';
  beforeAll(async () => {
    root = await arch.make({ name: 'bootstrap' }, 'source:base');
  });

  it('has what was asked for with all it needs, as pacman sees it', () => {
    expect(names(root)).toEqual(
      expect.arrayContaining(['base', 'dracut', 'glibc', 'linux', 'sudo', 'systemd']),
    );
    expect(pacman(root, '-Dk')).toContain('No database errors');
  });

  it('has a kernel whose image, modules and name agree, and no boot image', () => {
    const [release = '', ...others] = readdirSync(join(root, 'usr/lib/modules'));
    const modules = join(root, 'usr/lib/modules', release);
    expect(others).toEqual([]);
    expect(readFileSync(join(modules, 'pkgbase'), 'utf8')).toBe('linux\n');
    expect(run('file', '--brief', join(modules, 'vmlinuz'))).toContain(`version ${release} `);
    expect(readFileSync(join(modules, 'modules.dep'), 'utf8')).toContain('overlay.ko');
    expect(readdirSync(join(root, 'boot'))).toEqual([]);
  });

  it('keeps its mirror and checks signatures, and has no trace of how it was made', () => {
    const conf = readFileSync(join(root, 'etc/pacman.conf'), 'utf8');
    expect(conf).toMatch(/^\[core\]\nServer = http:/m);
    expect(conf).toContain('SigLevel = Required');
    for (const folder of ['dev', 'proc', 'run', 'sys', 'tmp'])
      expect(readdirSync(join(root, folder))).toEqual([]);
    expect(readFileSync(join(root, 'etc/machine-id'), 'utf8')).toBe('');
    expect(existsSync(join(root, 'var/log/pacman.log'))).toBe(false);
    expect(existsSync(join(root, 'etc/passwd-'))).toBe(false);
    expect(leftovers({ cache: arch.cache })).toEqual([]);
  });
});

it('a user without privileges bootstraps the same packages', async () => {
  const as = makeAccount(workspace.folder);
  const end = await arch.build({ name: 'without-root', as }, '--until', 'source:base');
  expect(end).toMatchObject({ status: 0 });
  const cache = workspace.make('cache-of-user');
  const root = await resultOf(cache, 'source:base');

  expect(names(root)).toEqual(names(await arch.result('source:base')));
  expect(pacman(root, '-Dk')).toContain('No database errors');
  expect(leftovers({ cache })).toEqual([]);
});

describe('packages in a layer', () => {
  it('come without a boot image, and change nothing that was there', async () => {
    const layers = { more: ['tree', 'mkinitcpio'] };
    const end = await arch.build({ name: 'layer', layers }, '--until', 'tree:more');
    expect(end).toMatchObject({ status: 0 });
    const layer = await arch.result('tree:more');

    expect(names(layer).toSorted()).toEqual(['mkinitcpio', 'tree']);
    expect(existsSync(join(layer, 'usr/bin/tree'))).toBe(true);
    expect(existsSync(join(layer, 'var/lib/mkinitcpio-ran'))).toBe(false);
    expect(lstatSync(join(layer, 'usr/bin/mkinitcpio')).size).toBeGreaterThan(20);
    const files = listTree(layer).filter((line) => !/ (d|directory) /.test(line));
    expect(files.filter((line) => line.includes('gnupg') || line.includes('boot/'))).toEqual([]);
  });

  it('do not differ from one day to the next', async () => {
    const root = await arch.result('source:base');
    const layer = await arch.result('tree:more');
    const folder = join(layer, 'var/lib/pacman/local');
    const [name = ''] = readdirSync(folder).filter((one) => one.startsWith('tree-'));
    const installed = /%INSTALLDATE%\n(\d+)/.exec(readFileSync(join(folder, name, 'desc'), 'utf8'));
    const changed = Math.floor(lstatSync(join(root, 'var/lib/pacman/local')).mtimeMs / 1000);
    expect(Number(installed?.[1])).toBe(changed);
  });
});

describe('a mirror that has moved on', () => {
  beforeAll(() => {
    publish(arch.repository, 'licenses', '20300101-1', workspace.make('scratch'));
  });

  it('gives a layer what fits its root, and the root is not upgraded in part', async () => {
    const end = await arch.build(
      { name: 'as-of', layers: { of: ['dosfstools'] } },
      '--until',
      'tree:of',
    );
    expect(end).toMatchObject({ status: 0 });
    expect(names(await arch.result('tree:of'))).toEqual(['dosfstools']);
  });

  it('that lacks what fits the root ends the build, which names what is older', async () => {
    replace(arch.repository, 'mtools', '9.9-1', workspace.make('scratch'));
    const end = await arch.build(
      { name: 'partial', layers: { late: ['mtools'] } },
      '--until',
      'tree:late',
    );

    expect(end.status).toBe(5);
    expect(end.stderr).toContain('licenses 20240728-1 -> 20300101-1');
    expect(end.stderr).toContain('older than its repositories');
    await expect(arch.result('tree:late')).rejects.toThrow('0 results');
    expect(leftovers({ cache: arch.cache })).toEqual([]);
  });

  it('gives the tools a root of their own, with the kernel modules of the image', async () => {
    const end = await arch.build(
      { name: 'own', options: { tools: 'own-root' } },
      '--until',
      'tree:tools',
    );
    expect(end).toMatchObject({ status: 0 });
    const [tools, root] = [await arch.result('tree:tools'), await arch.result('source:base')];

    for (const program of ['dracut', 'grub-mkimage', 'mcopy', 'mksquashfs', 'xorriso'])
      expect(existsSync(join(tools, 'usr/bin', program))).toBe(true);
    expect(names(tools)).not.toContain('linux');
    expect(pacman(tools, '-Q', 'licenses')).toBe('licenses 20300101-1');
    const modules = 'usr/lib/modules';
    expect(run('diff', '-r', join(tools, modules), join(root, modules))).toBe('');
  });

  it('matters not to an old source that has all tools, nor does a mirror that is gone', async () => {
    const source = ['directory', await arch.result('tree:tools')];
    const end = await arch.build(
      {
        ...{ name: 'all-there', apart: true, looked: '2040-01-01T00:00:00.000Z' },
        more: { source, distro: ['arch', {}] },
      },
      '--until',
      'tree:tools',
    );
    expect(end).toMatchObject({ status: 0 });
    const layer = await arch.result('tree:tools', 'all-there');
    expect(existsSync(join(layer, 'var/lib/pacman'))).toBe(false);
  });
});

it('a repository that is only searched is kept, and neither refreshed nor installed from', async () => {
  const server = 'Server = @/$repo/os/$arch';
  const file = join(workspace.make('searched'), 'builder.conf');
  const lines = [
    '[core]',
    server,
    '[extra]',
    server,
    '[seen]',
    'Usage = Search',
    'Server = @/none',
  ];
  writeFileSync(file, lines.join('\n').replaceAll('@', arch.address));
  const end = await arch.build(
    {
      ...{ name: 'searched', apart: true, layers: { more: ['tree'] } },
      options: { mirror: undefined, pacmanConf: file, signatures: 'as-configured' },
    },
    '--until',
    'tree:more',
  );
  expect(end).toMatchObject({ status: 0 });
  const root = await arch.result('source:base', 'searched');
  expect(readFileSync(join(root, 'etc/pacman.conf'), 'utf8')).toContain('[seen]\nUsage = Search\n');
  expect(names(await arch.result('tree:more', 'searched'))).toEqual(['tree']);
});

describe('signatures', () => {
  beforeAll(() => tamper(arch.repository, 'openssh'));

  it('a package that was changed after it was signed is refused', async () => {
    const layers = { changed: ['openssh'] };
    const end = await arch.build({ name: 'changed', layers }, '--until', 'tree:changed');
    expect(end.status).toBe(5);
    expect(end.stderr).toMatch(/openssh.*(invalid|corrupted)/);
    await expect(arch.result('tree:changed')).rejects.toThrow('0 results');
  });

  it('of a key that no keyring trusts are refused, too', async () => {
    const other = signingKey(join(workspace.folder, 'other-key'));
    const options = { kernel: 'linux-lts' };
    const end = await arch.build(
      { name: 'stranger', options, trusting: other },
      '--until',
      'source:base',
    );
    closeKey(other);
    expect(end.status).toBe(5);
    expect(end.stderr).toMatch(/signature|unknown|trust/);
  });
});

describe('a live system of it', () => {
  let fixups = '';
  beforeAll(async () => {
    fixups = await arch.make({ name: 'live' }, 'tree:fixups');
  });
  const read = (path: string): string => readFileSync(join(fixups, path), 'utf8');

  it('has a user who may become root, and no password', () => {
    expect(read('etc/passwd')).toMatch(/^live:x:1000:1000:/m);
    expect(read('etc/group')).toMatch(/^wheel:x:998:live$/m);
    expect(read('etc/shadow')).toMatch(/^live:!:/m);
  });

  it('makes its own keyring, and has none of the builder', () => {
    const gone = lstatSync(join(fixups, 'etc/pacman.d/gnupg'));
    expect(gone.isCharacterDevice()).toBe(true);
    expect(read('etc/systemd/system/livesys-pacman-keyring.service')).toContain('--populate');
  });

  it('mounts nothing, and makes no boot image when a kernel is installed', () => {
    expect(read('etc/fstab')).toMatch(/^#/);
    expect(readlinkSync(join(fixups, 'etc/pacman.d/hooks/90-mkinitcpio-install.hook'))).toBe(
      '/dev/null',
    );
  });
});

// The last one: the cache has two roots from here on.
it('another mirror, whose packages have the same names and versions, gets none of them', async () => {
  const other = copyRepository(arch.repository, workspace.make('other-repository'));
  rebuild(other, 'tree', workspace.make('scratch'));
  const server = await serve(other.mirror);
  const layers = { other: ['tree'] };
  const end = await arch.build(
    { name: 'other', options: { mirror: server.address }, layers },
    '--until',
    'tree:other',
  );
  server.close();
  expect(end).toMatchObject({ status: 0 });
  expect(existsSync(join(await arch.result('tree:other'), 'rebuilt'))).toBe(true);
  const caches = readdirSync(join(arch.cache, 'downloads'));
  expect(caches.filter((name) => name.startsWith('arch-'))).toHaveLength(3);
});
