import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HASH, LOGGED_IN, PLANTED, PLANTED_INSIDE } from './support/planted.ts';
import { makeRunningSystem, type RunningSystem } from './support/running-system.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// A system with people and secrets becomes an image to hand on, and a personal copy. What is in
// them is searched for, not asked of the rules by which it was left out.

const CONFIGS = fileURLToPath(new URL('./support/tiny/', import.meta.url));
const PROJECT = '/srv/project';
/** What the user lays into a layer on purpose, at paths that are known to be secret. */
const OWN = [
  '/etc/letsencrypt/live/own/privkey.pem',
  '/etc/ssh/ssh_host_rsa_key',
  '/etc/wireguard/kün[s]*t\nlich.conf',
  '/etc/wireguard/own.conf',
];
const MADE = 'made-in-a-layer-q7Zr4vXw';
const MORE = [HASH, MADE, 'nobody-at-home'];
const own = (path: string): string => `laid-by-the-user ${OWN.indexOf(path)}`;

let workspace: Workspace;
let system: RunningSystem;
/** Every layer of each medium, unpacked. */
const media = new Map<string, string>();
const found = new Map<string, ReadonlySet<string>>();
beforeAll(async () => {
  workspace = makeWorkspace();
  system = makeRunningSystem(workspace.folder);
  mkdirSync(join(workspace.folder, PROJECT), { recursive: true });
  cpSync(CONFIGS, join(workspace.folder, PROJECT), { recursive: true });
  system.write({
    ...Object.fromEntries(OWN.map((path) => [`${PROJECT}/own${path}`, own(path)])),
    [`${PROJECT}/own/etc/wireguard/dropped.conf`]: 'a command of the layer drops it',
    ...Object.fromEntries(Object.entries(PLANTED).filter(([path]) => !path.startsWith('/home'))),
    ...Object.fromEntries(PLANTED_INSIDE.map(({ path, text }) => [path, text])),
    ...LOGGED_IN,
    '/etc/shadow': `root:${HASH}:19000::::::\ndaemon:*:19000::::::\nanna:!${HASH}:19000::::::\n`,
    '/etc/fstab': `//nas/anna /mnt/nas cifs username=anna,password=${HASH} 0 0\n`,
  });
  const homes = Object.entries(PLANTED).filter(([path]) => path.startsWith('/home'));
  const lines = homes.map(
    ([path, text]) => `mkdir -p "$(dirname '${path}')"; echo '${text}' >'${path}'`,
  );
  await system.shell(`${lines.join('\n')}
    echo old >/home/anna/old; echo work >/home/anna/projects/work
    chown -R 1000:1000 /home/anna; chmod 600 /etc/shadow; chmod 750 /var/log/journal; chmod 700 /etc/wireguard`);
  for (const [name, config] of [
    ['reset', 'handed-on'],
    ['personal', 'personal'],
  ] as const) {
    const out = `/srv/out-${name}`;
    const end = await system.livesys(['build', '-c', `${config}.config.ts`, '-o', out], PROJECT);
    if (end.status !== 0) throw new Error(end.stderr);
    media.set(name, unpack(join(workspace.folder, out)));
    found.set(name, search(media.get(name) ?? ''));
  }
});
afterAll(() => workspace?.remove());

/** Unpacks the layers of the ISO in a folder, each into a folder of its name. */
function unpack(folder: string): string {
  const at = `${folder}-unpacked`;
  run(
    'xorriso',
    '-osirrox',
    'on',
    '-indev',
    join(folder, 'tiny-1.iso'),
    '-extract',
    '/livesys',
    at,
  );
  for (const file of readdirSync(join(at, 'layers'))) {
    const name = file.slice(0, file.lastIndexOf('-'));
    run('unsquashfs', '-no-progress', '-dest', join(at, name), join(at, 'layers', file));
  }
  return at;
}

/** Which of the planted texts lie anywhere in the layers of a medium. */
function search(folder: string): ReadonlySet<string> {
  const patterns = join(workspace.folder, 'patterns');
  writeFileSync(
    patterns,
    [...Object.values(PLANTED), ...PLANTED_INSIDE.map(({ secret }) => secret), ...MORE].join('\n'),
  );
  const found = run('sh', '-c', 'grep -rFoh -f "$1" -- "$2" || :', 'sh', patterns, folder);
  return new Set(found.split('\n'));
}

const has = (medium: string, text: string): boolean => found.get(medium)?.has(text) ?? false;

describe('an image to hand on', () => {
  it.each(Object.entries(PLANTED))('is without %s', (_, text) => {
    expect(has('reset', text)).toBe(false);
  });

  it('is without hashes of passwords, also in layers that change accounts', () => {
    expect(has('reset', HASH)).toBe(false);
    const shadow = (layer: string): string =>
      run('cat', join(media.get('reset') ?? '', layer, 'etc/shadow'));
    expect(shadow('base')).toBe('root:!:19000::::::\ndaemon:*:19000::::::\nanna:!:19000::::::');
    expect(shadow('site')).toBe(`${shadow('base')}\nservice:!:19000::::::`);
    expect(run('stat', '--format=%a', join(media.get('reset') ?? '', 'base/etc/shadow'))).toBe(
      '600',
    );
  });

  it.each(PLANTED_INSIDE)('has $path without the secret in it', ({ path, secret, stays }) => {
    expect(has('reset', secret)).toBe(false);
    expect(readFileSync(join(media.get('reset') ?? '', 'base', path), 'utf8')).toContain(stays);
  });

  it('logs nobody in who has no home', () => {
    expect(has('reset', 'nobody-at-home')).toBe(false);
    const base = join(media.get('reset') ?? '', 'base');
    for (const path of Object.keys(LOGGED_IN).filter((path) => !path.includes('greetd')))
      expect(readFileSync(join(base, path), 'utf8')).toMatch(/^\[.*\]\n$/);
  });

  it('has what was brought back, without the secrets in it', () => {
    const projects = join(media.get('reset') ?? '', 'base/home/anna/projects');
    expect(run('find', projects, '-type', 'f', '-printf', '%P')).toBe('work');
  });

  it('has the folders of what was left out, with their modes', () => {
    const base = join(media.get('reset') ?? '', 'base');
    const modes = ['var/log/journal', 'etc/wireguard'].map((path) =>
      run('stat', '--format=%a', join(base, path)),
    );
    expect(modes).toEqual(['750', '700']);
    expect(run('ls', '-A', join(base, 'root'))).toBe('');
  });
});

describe('a personal copy', () => {
  it.each(Object.entries(PLANTED))('has %s', (_, text) => {
    expect(has('personal', text)).toBe(true);
  });

  it('has what lies in files that others lose it from', () => {
    for (const text of [HASH, 'nobody-at-home', ...PLANTED_INSIDE.map(({ secret }) => secret)])
      expect([text, has('personal', text)]).toEqual([text, true]);
  });
});

describe.each(['reset', 'personal'])('a layer with commands and files: %s', (name) => {
  const layer = (): string => join(media.get(name) ?? '', 'site');

  it('has what the user laid into it, whatever it is', () => {
    for (const path of OWN)
      expect([path, readFileSync(join(layer(), path), 'utf8')]).toEqual([path, own(path)]);
    const folder = join(layer(), 'etc/letsencrypt/live/own');
    expect(run('stat', '--format=%a %U', folder)).toBe('755 root');
  });

  it('has no secret that its commands made, nor what they dropped', () => {
    expect(has(name, MADE)).toBe(false);
    const paths = ['etc/wireguard', 'etc/letsencrypt/live'].map((path) => join(layer(), path));
    expect(run('find', ...paths, '-name', 'made*', '-o', '-name', 'site*')).toBe('');
    expect(run('find', layer(), '-name', 'dropped*')).toBe('');
  });
});

describe('livesys audit', () => {
  it('lists what was planted, of the system and of the personal copy, and no content', async () => {
    for (const [source, prefix] of [
      ['/', ''],
      ['/srv/out-personal/tiny-1.iso', 'base:'],
    ] as const) {
      const end = await system.livesys(['audit', source], '/');
      expect(end).toMatchObject({ status: 0 });
      const told = end.stdout.split('\n').map((line) => line.split('  ')[0] ?? '');
      const missing = Object.keys(PLANTED)
        .filter((path) => !/letter|notes|\/mail\//.test(path))
        .filter((path) => !told.some((one) => `${prefix}${path}`.startsWith(one) && one !== ''));
      expect([source, missing]).toEqual([source, []]);
      for (const path of ['/etc/shadow', ...PLANTED_INSIDE.map((one) => one.path)])
        expect(end.stdout).toContain(`${prefix}${path} `);
      for (const path of Object.keys(LOGGED_IN)) expect(end.stdout).not.toContain(path);
      expect(end.stdout).not.toContain('q7Zr4vXw');
    }
  });

  it('finds nothing on the image to hand on but what the user laid there', async () => {
    const end = await system.livesys(['audit', '/srv/out-reset/tiny-1.iso'], '/');
    expect(end.status).toBe(0);
    for (const line of end.stdout.split('\n').filter(Boolean))
      expect(line).toMatch(/^site:\/etc\/(?:letsencrypt|wireguard|ssh\/ssh_host_rsa_key)/);
  });
});
