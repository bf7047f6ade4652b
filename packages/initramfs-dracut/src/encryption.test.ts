import { describe, expect, it } from 'vitest';
import { listContents } from './contents.ts';
import dracut from './index.ts';

const NOTHING = {
  runtime: {
    version: '1',
    initramfs: {
      files: [],
      binaries: { required: ['mount'], optional: [] },
      kernelModules: { required: ['loop'], optional: [] },
      entryPoints: { parse: '/p', assemble: '/a', publish: '/u', emergency: '/e' },
    },
    image: { files: [], enable: [] },
  },
  contents: { kernelModules: [], binaries: [], files: [] },
} as const;

describe('encryption', () => {
  it('adds what unlocks a partition, and is off by default', () => {
    const without = listContents(NOTHING, { encryption: false }).split('\n');
    const added = listContents(NOTHING, { encryption: true })
      .split('\n')
      .filter((line) => !without.includes(line));
    expect(added).toEqual(
      expect.arrayContaining([
        'binary required cryptsetup',
        'library libgcc_s.so.1',
        'module required dm_crypt',
        'module optional xts',
      ]),
    );
    expect(without.join()).not.toMatch(/crypt|libgcc/);
  });

  it('says which package it needs', () => {
    const needs = (encryption: boolean) => dracut({ encryption }).needs?.map(({ name }) => name);
    expect(needs(true)).toContain('cryptsetup');
    expect(needs(false)).not.toContain('cryptsetup');
  });

  it('is a yes or a no', () => {
    const given = { encryption: 'luks' } as unknown as { encryption: boolean };
    expect(() => dracut(given)).toThrow(
      expect.objectContaining({ details: ['dracut.encryption  must be true or false'] }),
    );
  });
});
