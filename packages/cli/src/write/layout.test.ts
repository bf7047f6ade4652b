import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Gpt, Partition } from '../disk/gpt.ts';
import { asKnownError } from '../terminal/print-error.ts';
import { type ImageShape, placeData } from './layout.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const header = { entryCount: 128, entrySize: 128 } as Gpt['header'];
const gpt: Gpt = { disk: '', header, partitions: [] };
const iso: ImageShape = {
  ...{ path: '/x.iso', name: 'x.iso', bytes: 700 * MIB + 2048, gpt, data: undefined, keeps: true },
};
const inImage = { offset: 600 * MIB, length: 100 * MIB } as Partition;
const disk: ImageShape = { ...iso, bytes: 701 * MIB, data: inImage };

/** The place, or the code of the error. */
function placeOrRefusal(...parameters: Parameters<typeof placeData>) {
  try {
    return placeData(...parameters);
  } catch (error) {
    if (asKnownError(error).code === 'LIVESYS_USAGE') return 'LIVESYS_USAGE';
    throw error;
  }
}

describe('room for changes', () => {
  it('is by default all that is free where a profile keeps them, and none where none does', () => {
    expect(placeData(iso, 8 * GIB, undefined)).toEqual({ offset: 701 * MIB, length: 7490 * MIB });
    expect(placeData({ ...iso, keeps: false }, 8 * GIB, undefined)).toBeUndefined();
    expect(placeData({ ...iso, keeps: false }, 8 * GIB, 'all')).toBeDefined();
    expect(placeData(iso, 8 * GIB, 'none')).toBeUndefined();
  });

  it('that an image brings along grows to the end', () => {
    expect(placeData(disk, 8 * GIB, undefined)).toEqual({ offset: 600 * MIB, length: 7591 * MIB });
    expect(placeData(disk, disk.bytes, undefined)).toEqual({
      offset: 600 * MIB,
      length: 100 * MIB,
    });
  });

  it('may be of a size', () => {
    expect(placeData(iso, 8 * GIB, GIB)).toEqual({ offset: 701 * MIB, length: GIB });
    expect(placeData(disk, 8 * GIB, GIB)).toEqual({ offset: 600 * MIB, length: GIB });
  });

  it.each([
    ['no room', iso, 720 * MIB, 'all', /room for 18 MiB/],
    ['more than there is', iso, 2 * GIB, 2 * GIB, /room for 1.3 GiB/],
    ['too little to be of use', iso, 2 * GIB, 10 * MIB, /10 MiB are too little.* takes 64 MiB/],
    ['less than the image has', disk, 2 * GIB, 90 * MIB, /90 MiB are too little.* takes 100 MiB/],
    ['no table', { ...iso, gpt: undefined }, 2 * GIB, 'all', /no partition table/],
  ] as const)('that was asked for is refused with %s', (_, image, device, wanted, why) => {
    expect(() => placeData(image, device, wanted)).toThrow(why);
  });

  it('that nobody asked for is left out where there is none', () => {
    expect(placeData(iso, 720 * MIB, undefined)).toBeUndefined();
    expect(placeData({ ...iso, gpt: undefined }, 8 * GIB, undefined)).toBeUndefined();
  });

  it('never reaches into the image or the copy of the table, whatever the sizes', () => {
    const wanted = fc.oneof(
      fc.constantFrom('all' as const, undefined),
      fc.integer({ min: 1, max: 2 ** 44 }),
    );
    fc.assert(
      fc.property(fc.integer({ min: iso.bytes, max: 2 ** 44 }), wanted, (bytes, wish) => {
        const place = placeOrRefusal(iso, bytes, wish);
        if (place === 'LIVESYS_USAGE') return;
        if (!place) return;
        expect(place.offset).toBeGreaterThanOrEqual(iso.bytes);
        expect(place.offset % MIB).toBe(0);
        expect(place.length).toBeGreaterThanOrEqual(64 * MIB);
        expect(place.offset + place.length).toBeLessThanOrEqual(bytes - 33 * 512);
      }),
    );
  });
});
