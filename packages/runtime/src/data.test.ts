import { symlinkSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBlkid, fakeDisk } from '../../../test/support/fake-disks.ts';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const library = shellLibrary();
const OURS = 'PART_ENTRY_TYPE=4c495645-5359-5344-4154-410a7b3d5e91\\n';

/** A disk with its partitions, as sysfs shows it: below the disk, and beside it as links. */
function partitioned(name: string, ...partitions: readonly string[]): void {
  const files = partitions.map((part) => [`${part}/partition`, '1'] as const);
  fakeDisk(library, name, '8388608', Object.fromEntries(files));
  for (const part of partitions) {
    library.write(`sys/class/block/${name}/${part}/size`, '2048000\n');
    symlinkSync(`${name}/${part}`, library.path(`sys/class/block/${part}`));
  }
}

describe.each(SHELLS)('DATA under %s', (...shell) => {
  function find(script: string): string[] {
    return library.run(
      shell,
      `LIVESYS_MEDIUM_DEVICE=/dev/sdb1 LIVESYS_ARG_timeout=0
       ${script}; livesys_find_data; echo "$LIVESYS_DATA_NAME $LIVESYS_DATA_FS $LIVESYS_DATA_INSIDE"
       [ -z "$LIVESYS_DATA_CODE" ] || echo "$LIVESYS_DATA_CODE $LIVESYS_DATA_REASON"`,
    );
  }

  describe('on the disk of the medium', () => {
    beforeEach(() => {
      partitioned('sda', 'sda1', 'sda2');
      partitioned('sdb', 'sdb1', 'sdb2', 'sdb3');
    });

    it('is the partition of our type, whatever labels and other disks say', () => {
      fakeBlkid(library, {
        sda1: `TYPE=ext4\\n${OURS}`,
        sdb1: 'TYPE=iso9660\\n',
        sdb2: 'TYPE=ext4\\nLABEL=LIVESYS-DATA\\nPART_ENTRY_NAME=LIVESYS-DATA\\n',
        sdb3: `TYPE=ext4\\n${OURS}`,
      });
      expect(find(':')).toEqual(['sdb3 ext4 ']);
    });

    it('is also found without a file system, with the facts in any order', () => {
      fakeBlkid(library, { sdb2: `${OURS}TYPE=xfs\\n`, sdb3: '' });
      expect(find(':')).toEqual(['sdb2 xfs ', 'E42 sdb2 has xfs instead of ext4']);
      fakeBlkid(library, { sdb2: '', sdb3: OURS });
      expect(find(':')).toEqual(['sdb3 ext4 ']);
    });

    it('is not there: E40', () => {
      fakeBlkid(library, { sda2: `TYPE=ext4\\n${OURS}`, sdb2: 'TYPE=vfat\\n' });
      expect(find(':')).toEqual(['  ', 'E40 this medium has no partition for changes (/dev/sdb1)']);
    });

    it.each(['/dev/sr0', '/dev/sdb', '/dev/sdc1'])('is none for a medium like %s', (medium) => {
      fakeBlkid(library, { sdb3: `TYPE=ext4\\n${OURS}` });
      expect(find(`LIVESYS_MEDIUM_DEVICE=${medium}`)[0]).toBe('  ');
    });
  });

  it('is waited for where livesys.data= names it', () => {
    fakeBlkid(library, { sda1: 'ID_FS_TYPE=ext4\\nID_FS_LABEL=STORE\\n' });
    const plugged = `sleep() { mkdir -p sys/class/block/sda1; echo 8388608 >sys/class/block/sda1/size; }
      LIVESYS_ARG_timeout=60 LIVESYS_ARG_data=LABEL=STORE:/a/b`;
    expect(find(plugged)).toEqual(['sda1 ext4 /a/b']);
  });

  it('is not waited for where nothing is to be kept', () => {
    fakeBlkid(library, {});
    expect(
      find('LIVESYS_ARG_timeout=9999 LIVESYS_ARG_persistence=off LIVESYS_ARG_data=LABEL=STORE'),
    ).toEqual(['  ', 'E40 there is no LABEL=STORE, which livesys.data= names (waited 0 s)']);
  });

  it('is let go of, also where the loop device of an image is freed a moment later', () => {
    library.write(
      'bin/umount',
      '#!/bin/sh\necho "umount ${1##*/}" >>calls\n[ "$(grep -c carrier calls)" != 1 ]\n',
      0o755,
    );
    const home = library.path('run/initramfs/livesys');
    library.write(
      'proc/self/mountinfo',
      `1 0 7:0 / ${home}/data rw\n2 0 8:1 / ${home}/data-carrier rw\n`,
    );
    const script =
      'LIVESYS_DATA_NAME=sdb1 LIVESYS_MEDIUM_DEVICE=/dev/sda1; livesys_close_data; echo $?';
    expect(library.run(shell, script)).toEqual(['0']);
    expect(library.read('calls')).toBe('umount data\numount data-carrier\numount data-carrier\n');
  });
});
