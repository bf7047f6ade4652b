import { describe, expect, it } from 'vitest';
import { secret } from '../contract/secret.ts';
import { isRef, type Text } from '../contract/values.ts';
import { foldersOf } from './esp-image.ts';
import { type IsoParts, isoArguments, volumeDate } from './iso-arguments.ts';

const imageId = secret({ env: 'ID' });
const show = (word: Text): string =>
  typeof word === 'string'
    ? word
    : isRef(word)
      ? 'ID'
      : word.map((part) => (isRef(part) ? 'ID' : part)).join('');
const command = (parts: Partial<IsoParts> = {}): string =>
  isoArguments({
    image: '/out/image',
    label: 'LIVE',
    imageId,
    sourceDateEpoch: 1_760_000_000,
    files: [{ path: ['/livesys/id/', imageId], at: '/in/0' }],
    esp: '/in/esp',
    biosImage: '/in/bios',
    mbrCode: { at: '/in/mbr', patch: 'grub2' },
    biosBootPartition: undefined,
    ...parts,
  })
    .map((word) => show(word))
    .join(' ');

describe('isoArguments', () => {
  it('starts from a CD and from a disk, on BIOS and UEFI', () => {
    const all = command();
    expect(all).toContain('-boot_image any bin_path=/boot/el-torito.img');
    expect(all).toContain('-boot_image grub grub2_mbr=/in/mbr');
    expect(all).toContain('efi_path=--interval:appended_partition_2:all::');
    expect(all).toContain('-append_partition 2 C12A7328-F81F-11D2-BA4B-00A0C93EC93B /in/esp');
    expect(all).toContain('partition_offset=16');
    expect(all).toContain('mbr_force_bootable=on');
  });

  it('takes every number that a tool would draw from its parts', () => {
    const all = command();
    expect(all).toContain('-volume_date uuid 2025100908532000');
    expect(all).toContain('-volume_date all_file_dates =1760000000');
    expect(all).toContain('gpt_disk_guid=ID');
  });

  it('allows files of more than 4 GiB and gives all of them to root', () => {
    expect(command()).toMatch(/iso_9660_level=3.*-uid 0 -gid 0/);
  });

  it('writes nothing for a BIOS when the loader knows only UEFI', () => {
    const all = command({ biosImage: undefined, mbrCode: undefined });
    expect(all).not.toMatch(/bin_path|mbr=|system_area/);
    expect(all).toContain('cat_path=/boot/el-torito.cat -boot_image any efi_path');
  });

  it('writes no GPT and no EFI partition when the loader knows only BIOS', () => {
    const all = command({ esp: undefined });
    expect(all).not.toMatch(/efi_path|append_partition|appended_part_as/);
    expect(all).toContain('partition_table=on');
  });

  it('leaves boot code alone that has a partition of its own', () => {
    const all = command({
      mbrCode: { at: '/in/mbr', patch: undefined },
      biosBootPartition: '/in/core',
    });
    expect(all).not.toContain('grub2');
    expect(all).toContain('system_area=/in/mbr');
    expect(all).toContain('-append_partition 3 21686148-6449-6E6F-744E-656564454649 /in/core');
  });
});

it('writes volume dates in GMT', () => {
  expect(volumeDate(0)).toBe('1970010100000000');
});

it('makes each folder of the EFI partition once, after its parent', () => {
  expect(foldersOf(['/EFI/BOOT/a', '/EFI/BOOT/b', '/boot/grub/c', '/d'])).toEqual([
    '/EFI',
    '/EFI/BOOT',
    '/boot',
    '/boot/grub',
  ]);
});
