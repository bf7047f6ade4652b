import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeSystem, type RunningSystem } from './support/running-system.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// Running systems whose mounts are of unusual kinds, or lie at unusual places.

const CONFIGS = fileURLToPath(new URL('./support/tiny/', import.meta.url));
const PROJECT = '/srv/project';

let workspace: Workspace;
beforeAll(() => {
  workspace = makeWorkspace();
});
afterAll(() => workspace?.remove());

/** A system of these mounts; folders are made in its folder and, for mount points, in its root. */
function makeMounted(
  name: string,
  mounts: string,
  {
    folders = [],
    points = [],
  }: { readonly folders?: readonly string[]; readonly points?: readonly string[] },
): RunningSystem {
  const folder = workspace.make(name);
  const lower = join(folder, 'lower');
  for (const path of ['root', ...folders]) mkdirSync(join(folder, path), { recursive: true });
  for (const path of points) mkdirSync(join(lower, path), { recursive: true });
  const placeOf = (path: string): string => join(lower, path);
  const system = makeSystem({ folder, root: lower, mounts, placeOf });
  mkdirSync(join(lower, PROJECT), { recursive: true });
  cpSync(CONFIGS, join(lower, PROJECT), { recursive: true });
  return system;
}

/** Builds an image of it; gives the unpacked base. */
async function baseOf(system: RunningSystem, env = ''): Promise<string> {
  const made = await system.shell(
    `cd ${PROJECT}; ${env} HOME=/root node /repository/packages/cli/dist/main.js build -c host.config.ts -o /out`,
  );
  expect([made.stderr, made.status]).toEqual([expect.any(String), 0]);
  return unpackBase(system);
}

/** Unpacks the base of the image that was made. */
function unpackBase(system: RunningSystem): string {
  const at = join(system.root, '..', 'unpacked');
  run(
    'xorriso',
    '-osirrox',
    'on',
    '-indev',
    join(system.root, '../out/tiny-1.iso'),
    '-extract',
    '/livesys/layers',
    at,
  );
  const file = readdirSync(at).find((one) => one.startsWith('base-')) ?? '';
  run('unsquashfs', '-no-progress', '-dest', `${at}/base`, join(at, file));
  return `${at}/base`;
}

it('mounts over a file, over each other, at odd places and of a stack of folders are packed as they are seen', async () => {
  const points = ['home/a/b', 'home/a-b', 'opt', 'srv/with space, and: more', 'out'];
  const folders = ['home', 'roots', 'a/b', 'a-b', 'hidden', 'opt', 'odd', 'usr', 'work', 'out'];
  const mounts = `mount --bind lower root
mount --bind home root/home
mkdir -p root/home/a/b root/home/a-b root/home/anna
echo old >root/home/anna/old
mount --bind roots root/root
mount --bind a/b root/home/a/b
mount --bind a-b root/home/a-b
mount --bind hidden root/opt
mount --bind opt root/opt
mount --bind odd 'root/srv/with space, and: more'
mount -t overlay -o lowerdir=lower/usr,upperdir=usr,workdir=work overlay root/usr
mount --bind bound root/etc/bound
mount --bind out root/out`;
  const system = makeMounted('odd-mounts', mounts, { folders, points });
  const files: Readonly<Record<string, string>> = {
    'roots/in-root': '/root/in-root',
    'a/b/in-a-b': '/home/a/b/in-a-b',
    'a-b/in-a-dash-b': '/home/a-b/in-a-dash-b',
    'opt/seen': '/opt/seen',
    'odd/odd': '/srv/with space, and: more/odd',
    'usr/merged': '/usr/merged',
    bound: '/etc/bound',
  };
  system.write({ '/etc/bound': 'not seen', '/etc/plain': '/etc/plain' });
  const folder = join(system.root, '..');
  for (const [path, text] of Object.entries(files)) {
    run('sh', '-c', 'printf %s "$1" >"$2"', 'sh', text, join(folder, path));
    // Something to leave out in each of them.
    if (path !== 'bound') run('touch', join(folder, path, '../x.tmp'));
  }
  run('touch', join(folder, 'hidden/hidden'));
  run('chown', '7:8', join(folder, 'bound'));
  const base = await baseOf(system);
  const seen = [...Object.values(files), '/etc/plain', '/usr/share/tiny'];
  for (const path of seen)
    expect(run('cat', join(base, path))).toBe(
      path === '/usr/share/tiny' ? 'a root has something in /usr' : path,
    );
  expect(run('stat', '--format=%u %g', join(base, 'etc/bound'))).toBe('7 8');
  expect(run('find', base, '-name', '*.tmp', '-o', '-name', 'hidden')).toBe('');
});

it('a system whose root is a stack of folders, as in a container, is packed with a cache elsewhere', async () => {
  const mounts = `mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay root
mkdir -p root/out root/cache root/home/anna
mount --bind out root/out
mount --bind cache root/cache
echo old >root/home/anna/old
echo written >root/etc/written
rm -f root/etc/gone
echo host >hostname
touch root/etc/hostname
mount --bind hostname root/etc/hostname`;
  const system = makeMounted('stacked', mounts, { folders: ['upper', 'work', 'out', 'cache'] });
  system.write({ '/etc/gone': '', '/usr/x.tmp': '' });
  const base = await baseOf(system, 'LIVESYS_CACHE=/cache');
  expect(run('cat', join(base, 'etc/written'), join(base, 'etc/hostname'))).toBe('written\nhost');
  expect(run('find', base, '-name', 'gone', '-o', '-name', '*.tmp')).toBe('');
});

it('cache and output stay out wherever links and mounts show them', async () => {
  const mounts = `mount --bind lower root
mkdir -p root/home/anna root/var/made
echo old >root/home/anna/old
ln -s var/made root/made
ln -s /var/cache root/opt/store
mount --bind root/var root/srv/again
mount --bind out root/out`;
  const system = makeMounted('shown-again', mounts, {
    folders: ['out'],
    points: ['opt', 'srv/again', 'var/plain', 'out'],
  });
  const build = 'HOME=/root node /repository/packages/cli/dist/main.js build -c host.config.ts';
  const made = await system.shell(`cd ${PROJECT}; export LIVESYS_CACHE=/opt/store/fresh
${build} -o /made; ${build} -o /made; cp /made/*.iso /out`);
  expect([made.stderr, made.status]).toEqual([expect.any(String), 0]);
  expect(made.stdout).toMatch(/nothing to do/);
  const base = unpackBase(system);
  expect(run('ls', '-A', join(base, 'srv/again'))).toContain('plain');
  for (const path of ['var', 'srv/again']) {
    expect(run('ls', '-A', join(base, path, 'cache/fresh'))).toBe('');
    expect(run('ls', '-A', join(base, path, 'made'))).toBe('');
  }
});

it('what is masked, and what is mounted at a path that is no text, stays out with what it hides', async () => {
  const mounts = `mount --bind lower root
mkdir -p root/home/anna
echo old >root/home/anna/old
mount --bind out root/out
echo secret >root/etc/masked
mount --bind /dev/null root/etc/masked
at="root/srv/$(printf 'caf\\351')"
mkdir "$at" "$at-2"
touch "$at/hidden" "$at-2/kept"
mount --bind odd "$at"`;
  const system = makeMounted('no-text', mounts, { folders: ['out', 'odd'], points: ['out'] });
  const base = await baseOf(system);
  expect(run('find', base, '-name', 'masked', '-o', '-name', 'hidden')).toBe('');
  expect(run('find', base, '-name', 'kept')).toContain('-2/kept');
});

it('a mount that was moved onto another one is what is packed', async () => {
  const mounts = `mount --bind lower root
mkdir -p root/home/anna
echo old >root/home/anna/old
mount --bind out root/out
mount -t tmpfs tmpfs aside
mount --make-private aside
mkdir aside/upper
mount --bind upper aside/upper
mount --bind below root/opt
mount --move aside/upper root/opt
touch upper/seen below/unseen`;
  const system = makeMounted('moved', mounts, {
    folders: ['out', 'aside', 'upper', 'below'],
    points: ['out', 'opt'],
  });
  expect(run('ls', '-A', join(await baseOf(system), 'opt'))).toBe('seen');
});
