import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAccount } from './support/account.ts';
import { LIST } from './support/layer-script.ts';
import { buildLayers, mounted, packRoot, unpacked, type Built } from './support/packed-layers.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// One archive is built as root and without: unpacked, changed in a layer, packed as core packs it.

const SEED = Number(process.env['LIVESYS_TEST_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const FORMATS = ['squashfs', 'erofs'] as const;
const WHO = ['root', 'user'] as const;
type Build = `${(typeof FORMATS)[number]} by ${(typeof WHO)[number]}`;
const BUILDS = FORMATS.flatMap((format) => WHO.map((who): Build => `${format} by ${who}`));

let workspace: Workspace;
const built = new Map<Build, Built>();
beforeAll(async () => {
  workspace = makeWorkspace();
  const user = makeAccount(workspace.folder);
  const packed = packRoot(workspace, SEED);
  for (const format of FORMATS) {
    const asRoot = await buildLayers(workspace, packed, { format });
    built.set(`${format} by root`, asRoot);
    built.set(`${format} by user`, await buildLayers(workspace, packed, { format, user }));
  }
});
afterAll(() => workspace?.remove());

const of = (build: Build): Built => {
  const found = built.get(build);
  if (found === undefined) throw new Error(`there is no ${build}`);
  return found;
};

it.each(BUILDS)(`a packed layer shows what was seen while building: %s (seed ${SEED})`, (build) => {
  expect(mounted(workspace, of(build), LIST)).toBe(of(build).seen);
  expect(of(build).seenNext).toBe(of(build).seen);
});

it.each(BUILDS)(
  'a deleted file, a replaced folder, a folder that became a link and a renamed one: %s',
  (build) => {
    const look = (script: string): string =>
      mounted(workspace, of(build), `cd /data; ${script}`).trim();
    expect(look('ls deleted gone 2>/dev/null || :')).toBe('');
    expect(look('find replaced | sort')).toBe(
      'replaced\nreplaced/inner\nreplaced/inner/new\nreplaced/new',
    );
    expect(look('readlink to-link; ls to-link')).toBe('other\nfile\nold');
    expect(look('[ -e renamed ] || echo moved; ls renamed-to')).toBe('moved\nfile\ninner\nold');
    expect(look('ls -A emptied')).toBe('');
  },
);

it('every build gives the same: names, types, modes, owners, attributes, capabilities, links', () => {
  for (const part of ['base', 'layer'] as const) {
    const [first, ...others] = BUILDS.map((build) => unpacked(workspace, of(build)[part]));
    for (const other of others) expect(other).toEqual(first);
  }
  const names = unpacked(workspace, of('squashfs by root').base).join('\n');
  expect(names).toContain('security.capability');
  expect(names).toContain('links 4');
  expect(names).toContain('33:33');
});

it.each(FORMATS)('a build without root gives the same %s layer bit for bit', (format) => {
  const [one, other] = [of(`${format} by user`).layer, of(`${format} by root`).layer];
  expect(run('cmp', one, other)).toBe('');
});

it.each(BUILDS)('a layer carries the hash tree of its own data: %s', (build) => {
  const salt = createHash('sha256').update('livesys-salt base').digest('hex');
  const { base, verity } = of(build);
  const at = ['--hash-offset', verity.offset];
  expect(run('veritysetup', 'verify', base, base, verity.rootHash, ...at)).toBe('');
  const told = run('veritysetup', 'dump', base, ...at).replaceAll(/:\s+/g, ': ');
  expect(told).toContain(`Data blocks: ${Number(verity.offset) / 4096}\n`);
  expect(told).toContain(`Salt: ${salt}`);
});

it.each(BUILDS)('a layer carries no mark of overlayfs: %s', (build) => {
  expect(unpacked(workspace, of(build).layer).join('\n')).not.toContain('overlay');
});

it.each(FORMATS)('without compression a %s holds the same, as it is', async (format) => {
  const packed = join(workspace.folder, 'root.tar');
  const plain = await buildLayers(workspace, packed, { format, uncompressed: true });
  const compressed = of(`${format} by root`);
  for (const part of ['base', 'layer'] as const)
    expect(unpacked(workspace, plain[part])).toEqual(unpacked(workspace, compressed[part]));
  const script = readFileSync(join(workspace.folder, 'root/changes'));
  expect(readFileSync(plain.base).includes(script)).toBe(true);
  expect(statSync(compressed.base).size).toBeLessThan(0.7 * statSync(plain.base).size);
});
