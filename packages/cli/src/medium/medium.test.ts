import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseManifest } from './manifest.ts';
import { openMedium } from './medium.ts';
import { verifyMedium } from './verify.ts';

const IMAGE = '7f3c09d1-1111-4222-8333-444444444444';
const KERNEL = '6.1.0-56-amd64';
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const never = new AbortController().signal;

let folder = '';
const contents: Readonly<Record<string, Buffer>> = {
  base: Buffer.alloc(3_000_000, 'base layer '),
  // Longer than ISO 9660 alone allows, so that Rock Ridge needs a continuation.
  [`desktop-${'x'.repeat(180)}`]: Buffer.alloc(5000, 'desktop layer '),
};
const layerFile = (name: string) =>
  `layers/${name}-${sha256(contents[name] ?? '').slice(0, 16)}.squashfs`;

function sealed(lines: readonly string[]): string {
  const body = lines.map((line) => `${line}\n`).join('');
  return `${body}end ${sha256(body)}\n`;
}

function manifestText(): string {
  const names = Object.keys(contents);
  return sealed([
    'livesys 1',
    `image ${IMAGE}`,
    ...names.map((name) => {
      const content = contents[name] ?? Buffer.alloc(0);
      return `layer ${name} ${layerFile(name)} ${content.length} ${sha256(content)} squashfs - -`;
    }),
    `profile rescue - base`,
    `profile office default ${names.join(',')}`,
    'x-note anything',
  ]);
}

/** Builds an ISO from files by path. */
function makeIso(name: string, files: Readonly<Record<string, string | Buffer>>): string {
  const tree = join(folder, `${name}-tree`);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
  const iso = join(folder, `${name}.iso`);
  const boot = ['-b', 'boot/bios.img', '-no-emul-boot', '-boot-load-size', '4'];
  const efi = ['-eltorito-alt-boot', '-e', 'boot/efi.img', '-no-emul-boot'];
  execFileSync(
    'xorriso',
    [
      ...['-as', 'mkisofs', '-quiet', '-R', '-V', 'LIVE', '-o', iso],
      ...(files['boot/bios.img'] ? boot : []),
      ...(files['boot/efi.img'] ? efi : []),
      tree,
    ],
    { stdio: 'ignore' },
  );
  return iso;
}

const mediumFiles = () => ({
  'livesys/manifest': manifestText(),
  'livesys/manifest.json': '{"about":{"source":"Debian"}}',
  [`livesys/boot/${KERNEL}/vmlinuz`]: 'kernel',
  [`livesys/boot/${KERNEL}/initrd`]: 'initrd',
  [`livesys/id/${IMAGE}`]: '',
  'boot/bios.img': Buffer.alloc(2048),
  'boot/efi.img': Buffer.alloc(4096),
  ...Object.fromEntries(
    Object.entries(contents).map(([name, bytes]) => [`livesys/${layerFile(name)}`, bytes]),
  ),
});

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-medium-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads a medium to its end, as `livesys medium FILE verify` does. */
async function verify(path: string): Promise<string[]> {
  const medium = await openMedium(path);
  const layers: string[] = [];
  try {
    await verifyMedium(medium, {
      signal: never,
      onProgress: () => {},
      onLayer: (layer, problem) => layers.push(`${layer.slice(0, 7)}: ${problem ?? 'ok'}`),
    });
  } finally {
    await medium.close();
  }
  return layers;
}

describe('a medium', () => {
  it('tells what is on it', async () => {
    const medium = await openMedium(makeIso('whole', mediumFiles()));
    const [kernel] = medium.kernels;

    expect(medium).toMatchObject({
      label: 'LIVE',
      firmware: ['bios', 'uefi'],
      details: { about: { source: 'Debian' } },
      manifest: {
        image: IMAGE,
        layers: [{ name: 'base', bytes: 3_000_000 }, { bytes: 5000 }],
        profiles: [
          { name: 'rescue', default: false, layers: ['base'] },
          { name: 'office', default: true },
        ],
      },
    });
    expect(kernel?.release).toBe(KERNEL);
    const image = await collect(kernel ? medium.read(kernel.image) : []);
    expect(Buffer.concat(image).toString()).toBe('kernel');
    await medium.close();
  });

  it('is intact when every layer is what the manifest says', async () => {
    expect(await verify(makeIso('intact', mediumFiles()))).toEqual(['base: ok', 'desktop: ok']);
  });

  it('with one flipped byte is damaged, and the layer is named', async () => {
    const iso = makeIso('flipped', mediumFiles());
    const bytes = readFileSync(iso);
    const at = bytes.indexOf('base layer ') + 1_500_000;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(iso, bytes);

    await expect(verify(iso)).rejects.toMatchObject({
      code: 'LIVESYS_MEDIUM_INVALID',
      details: [expect.stringMatching(/^layer base: layers\/base-.* has sha256/)],
    });
  });

  it('names every layer that is missing or cut', async () => {
    const files: Record<string, string | Buffer> = mediumFiles();
    files[`livesys/${layerFile('base')}`] = 'short';
    const [, desktop = ''] = Object.keys(contents);
    delete files[`livesys/${layerFile(desktop)}`];

    await expect(verify(makeIso('missing', files))).rejects.toMatchObject({
      details: [
        expect.stringContaining('has 5 bytes instead of 3000000'),
        expect.stringContaining('is missing'),
      ],
    });
  });

  it('that was cut while copying is damaged', async () => {
    const iso = makeIso('cut', mediumFiles());
    truncateSync(iso, 1_000_000);

    await expect(verify(iso)).rejects.toMatchObject({ code: 'LIVESYS_MEDIUM_INVALID' });
  });

  it('is refused when its manifest was changed', async () => {
    const files = mediumFiles();
    files['livesys/manifest'] = files['livesys/manifest'].replace('office default', 'office -');

    await expect(openMedium(makeIso('changed', files))).rejects.toThrow(/not what it was/);
  });

  it('is no medium without a manifest, as another file, or when it is not there', async () => {
    const other = join(folder, 'other.iso');
    writeFileSync(other, Buffer.alloc(100_000));

    await expect(openMedium(makeIso('plain', { a: 'b' }))).rejects.toThrow(/no livesys image/);
    await expect(openMedium(other)).rejects.toMatchObject({ code: 'LIVESYS_MEDIUM_INVALID' });
    await expect(openMedium(join(folder, 'none'))).rejects.toMatchObject({ code: 'LIVESYS_USAGE' });
  });

  it('stops reading when it is told to', async () => {
    const medium = await openMedium(makeIso('abort', mediumFiles()));
    const options = { signal: AbortSignal.abort(), onProgress: () => {}, onLayer: () => {} };

    await expect(verifyMedium(medium, options)).rejects.toThrow(/abort/i);
    await medium.close();
  });
});

describe('a manifest', () => {
  it.each([
    ['of another version', sealed(['livesys 2', `image ${IMAGE}`]), /reads version 1/],
    ['of something else', 'hello\n', /not from livesys/],
    ['without its end', manifestText().replace(/end .*\n/, ''), /end of the manifest/],
    ['without an image', sealed(['livesys 1', 'image x']), /names no image/],
    [
      'that leaves the folder',
      sealed([
        'livesys 1',
        `image ${IMAGE}`,
        `layer a layers/../../x 1 ${'0'.repeat(64)} squashfs - -`,
      ]),
      /line 3/,
    ],
  ])('%s is refused', (_, text, problem) => {
    expect(parseManifest(text)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

async function collect(chunks: AsyncIterable<Buffer> | readonly Buffer[]): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}
