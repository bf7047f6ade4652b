import { describe, expect, it } from 'vitest';
import { dataSize } from './data-size.ts';
import { rawBytes } from './raw-bytes.ts';

describe('the size of the data partition', () => {
  it.each([
    ['64M', 64],
    ['1G', 1024],
    ['2T', 2 * 1024 * 1024],
    ['none', 0],
  ])('%s are %d MiB', (option, mebibytes) => {
    expect(dataSize(option)).toBe(mebibytes);
  });

  it.each(['', '0G', '63M', '1', '1.5G', '1g', '-1G', '1G ', 'all'])('refuses %j', (option) => {
    expect(() => dataSize(option)).toThrowError(
      expect.objectContaining({ code: 'LIVESYS_CONFIG_INVALID' }),
    );
  });
});

describe('boot code', () => {
  const iso = { artifact: 'bootloader:x/iso' };
  const disk = { artifact: 'bootloader:x/disk' };
  const core = { artifact: 'bootloader:x/core' };
  const assets = {
    firmware: ['bios'] as const,
    raw: [
      { at: 'mbr-code', bytes: iso, for: 'iso' },
      { at: 'mbr-code', bytes: disk, for: 'disk' },
      { at: 'bios-boot-partition', bytes: core, for: 'disk' },
    ] as const,
  };

  it('of a disk stays off an ISO, and the other way round', () => {
    expect(rawBytes(assets, 'iso', 'mbr-code')?.bytes).toBe(iso);
    expect(rawBytes(assets, 'disk', 'mbr-code')?.bytes).toBe(disk);
    expect(rawBytes(assets, 'iso', 'bios-boot-partition')).toBeUndefined();
  });

  it('for nothing in particular goes everywhere', () => {
    const raw = [{ at: 'mbr-code', bytes: iso }] as const;
    expect(rawBytes({ ...assets, raw }, 'disk', 'mbr-code')?.bytes).toBe(iso);
  });
});
