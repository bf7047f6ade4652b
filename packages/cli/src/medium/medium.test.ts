import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runCommandLine } from '../../../../test/support/command-line.ts';
import {
  CONTENTS,
  DATA_AT,
  DATA_SIZE,
  type Files,
  IMAGE,
  KERNEL,
  layerFile,
  LAYERS_AT,
  makeDisk,
  makeIso as makeIsoIn,
  makeStick,
  manifestText,
  mediumFiles,
  sealed,
} from '../../../../test/support/media.ts';
import { parseManifest } from './manifest.ts';
import { openMedium, UNFINISHED } from './medium.ts';
import { verifyMedium } from './verify.ts';

const never = new AbortController().signal;

let folder = '';
const makeIso = (name: string, files: Files) => makeIsoIn(folder, name, files);

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
          { name: 'rescue', default: false, layers: ['base'], persistence: 'off' },
          { name: 'office', default: true, persistence: 'on' },
        ],
      },
    });
    expect(kernel?.release).toBe(KERNEL);
    const image = await collect(kernel ? medium.read(kernel.image) : []);
    expect(Buffer.concat(image).toString()).toBe('kernel');
    await medium.close();
  });

  it('is shown with the day it is of', async () => {
    const about = '{"about":{"sourceDateEpoch":"1700000000"}}';
    const iso = makeIso('dated', { ...mediumFiles(), 'livesys/manifest.json': about });
    const { stdout } = await runCommandLine(['inspect', iso]);
    expect(stdout).toMatch(/\ndate +2023-11-14\n/);
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
    const [, desktop = ''] = Object.keys(CONTENTS);
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

  it('is found in a partition of a disk image, with its place for changes', async () => {
    const path = makeDisk(folder, 'disk');
    const medium = await openMedium(path);
    const [kernel] = medium.kernels;

    expect(medium).toMatchObject({
      form: 'disk',
      kind: 'file',
      label: 'LIVE',
      firmware: ['bios', 'uefi'],
      data: { number: 4, name: 'LIVESYS-DATA', offset: DATA_AT, length: DATA_SIZE },
    });
    expect(Buffer.concat(await collect(kernel ? medium.read(kernel.image) : [])).toString()).toBe(
      'kernel',
    );
    await medium.close();
    expect(await verify(path)).toEqual(['base: ok', 'desktop: ok']);
  });

  it('may be an ISO to which a partition was added', async () => {
    const path = makeStick(folder, 'stick');
    const medium = await openMedium(path);

    expect(medium).toMatchObject({ form: 'iso', data: { number: 3, offset: 8 * 1024 ** 2 } });
    await medium.close();
    expect(await verify(path)).toEqual(['base: ok', 'desktop: ok']);
  });

  it('whose table is damaged at its start is read by the copy at its end', async () => {
    const path = makeDisk(folder, 'half');
    const bytes = readFileSync(path);
    bytes.fill(0, 512, 1024);
    writeFileSync(path, bytes);

    expect(await verify(path)).toEqual(['base: ok', 'desktop: ok']);
  });

  it('that was cut inside of its layers is damaged', async () => {
    const path = makeDisk(folder, 'short');
    truncateSync(path, LAYERS_AT + 100_000);

    await expect(verify(path)).rejects.toMatchObject({ code: 'LIVESYS_MEDIUM_INVALID' });
  });

  it.each([
    ['a folder', () => folder],
    ['a character device', () => '/dev/null'],
  ])('is never %s', async (_, path) => {
    await expect(openMedium(path())).rejects.toMatchObject({
      code: 'LIVESYS_USAGE',
      message: expect.stringMatching(/neither a file nor a block device/),
    });
  });

  it('whose writing was interrupted says so', async () => {
    const path = join(folder, 'unfinished');
    writeFileSync(path, UNFINISHED.padEnd(100_000, '\0'));

    await expect(openMedium(path)).rejects.toThrow(/not an intact livesys medium: writing it was/);
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
