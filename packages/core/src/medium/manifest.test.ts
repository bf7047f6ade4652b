import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatManifest, imageId, manifestJson, type Manifest } from './manifest.ts';

const layer = (name: string, hash: string) =>
  ({
    name,
    file: `layers/${name}-${hash.slice(0, 16)}.squashfs`,
    bytes: 4096,
    sha256: hash,
    format: 'squashfs',
  }) as const;
const content: Omit<Manifest, 'image'> = {
  layers: [layer('base', 'a'.repeat(64)), layer('desktop', 'b'.repeat(64))],
  kernels: [{ release: '6.1.0-56-amd64', sha256: 'c'.repeat(64) }],
  profiles: [
    {
      name: 'office',
      title: 'The office',
      default: true,
      persistence: 'on',
      layers: ['base', 'desktop'],
      kernel: '6.1.0-56-amd64',
    },
    {
      name: 'rescue',
      title: 'Rescue',
      default: false,
      persistence: 'off',
      layers: ['base'],
      kernel: '6.1.0-56-amd64',
    },
  ],
  about: { distro: 'debian' },
};
const manifest: Manifest = { ...content, image: imageId(content) };

it('is lines of words that the boot code can read, lowest layer first', () => {
  const lines = formatManifest(manifest).split('\n');
  expect(lines.slice(0, -2)).toEqual([
    'livesys 1',
    `image ${manifest.image}`,
    `layer base layers/base-aaaaaaaaaaaaaaaa.squashfs 4096 ${'a'.repeat(64)} squashfs - -`,
    `layer desktop layers/desktop-bbbbbbbbbbbbbbbb.squashfs 4096 ${'b'.repeat(64)} squashfs - -`,
    'profile office default base,desktop',
    'profile rescue - base',
    'persist office data - optional',
  ]);
});

it('says where the hash tree of a layer lies and what is at its top', () => {
  const verity = { offset: 8192, rootHash: 'd'.repeat(64) };
  const one = { ...layer('base', 'a'.repeat(64)), verity };
  const text = formatManifest({ ...manifest, layers: [one] });
  expect(text.split('\n')[2]).toMatch(new RegExp(` squashfs 8192 ${verity.rootHash}$`));
});

it('says which profiles keep changes, and which must', () => {
  const kept = (persistence: 'on' | 'off' | 'required') =>
    formatManifest({
      ...manifest,
      profiles: manifest.profiles.map((profile) => ({ ...profile, persistence })),
    })
      .split('\n')
      .filter((line) => line.startsWith('persist '));
  expect(kept('off')).toEqual([]);
  expect(kept('on')).toEqual(['persist office data - optional', 'persist rescue data - optional']);
  expect(kept('required')[0]).toBe('persist office data - required');
});

it('ends with the hash of all lines before, so that a torn one is noticed', () => {
  const text = formatManifest(manifest);
  const body = text.slice(0, text.lastIndexOf('end '));
  expect(text).toBe(`${body}end ${createHash('sha256').update(body).digest('hex')}\n`);
});

it('says the same to tools', () => {
  expect(JSON.parse(manifestJson(manifest))).toEqual({ format: 1, ...manifest });
});

describe('the image id', () => {
  it('is a UUID that stays what it is', () => {
    expect(imageId(content)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(imageId(structuredClone(content))).toBe(imageId(content));
    // A change here gives every medium a new id and so breaks the way to its data.
    expect(imageId(content)).toBe('66c1cf2f-fd81-cffc-d721-90281fa00202');
  });

  it('does not depend on what is only for people', () => {
    expect(imageId({ ...content, about: { builtBy: 'someone' } })).toBe(imageId(content));
  });

  it('depends on the hash tree of a layer only by the hash of its file', () => {
    const layers = content.layers.map((one) => ({
      ...one,
      verity: { offset: 4096, rootHash: 'd'.repeat(64) },
    }));
    expect(imageId({ ...content, layers })).toBe(imageId(content));
  });

  it.each<[string, Omit<Manifest, 'image'>]>([
    [
      'a layer',
      { ...content, layers: [layer('base', 'd'.repeat(64)), layer('desktop', 'b'.repeat(64))] },
    ],
    ['the order of layers', { ...content, layers: content.layers.toReversed() }],
    ['a kernel', { ...content, kernels: [{ release: '6.1.0-56-amd64', sha256: 'd'.repeat(64) }] }],
    ['a profile', { ...content, profiles: content.profiles.slice(0, 1) }],
  ])('changes with %s', (_, other) => {
    expect(imageId(other)).not.toBe(imageId(content));
  });

  it('property: different hashes, different ids', () => {
    const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
    fc.assert(
      fc.property(hash, hash, (one, other) => {
        const [first, second] = [one, other].map((sha256) =>
          imageId({ ...content, layers: [layer('base', sha256)] }),
        );
        expect(first === second).toBe(one === other);
      }),
    );
  });
});
