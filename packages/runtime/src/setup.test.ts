import { symlinkSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBlkid, fakeDisk } from '../../../test/support/fake-disks.ts';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const library = shellLibrary();
const OURS = 'PART_ENTRY_TYPE=4c495645-5359-5344-4154-410a7b3d5e91\\n';
const BEGIN = 'LIVESYS_MEDIUM_DEVICE=/dev/sdb1 LIVESYS_ARG_setup=1';

describe.each(SHELLS)('setting up persistence under %s', (...shell) => {
  /** A stick of 64 GB whose image ends at 4 GB. Every program that could write says so in `done`. */
  beforeEach(() => {
    fakeDisk(library, 'sdb', '125000000', {
      ro: '0',
      'device/model': 'Ultra Stick',
      ...{ 'sdb1/partition': '1', 'sdb1/start': '64', 'sdb1/size': '8000000' },
      ...{ 'sdb2/partition': '2', 'sdb2/start': '8000064', 'sdb2/size': '16384' },
    });
    for (const name of ['sdb1', 'sdb2']) {
      symlinkSync(`sdb/${name}`, library.path(`sys/class/block/${name}`));
    }
    fakeBlkid(library, { sdb1: 'TYPE=iso9660\\n', sdb2: 'TYPE=vfat\\n' });
    const writes = (name: string, more = '') =>
      library.write(
        `bin/${name}`,
        `#!/bin/sh\n${more}echo "${name} $*" >>'${library.path('done')}'\n`,
        0o755,
      );
    library.write('label', 'label: gpt\n');
    writes('sfdisk', `case $1 in --dump) cat '${library.path('label')}'; exit ;; esac\n`);
    for (const name of ['mkfs.ext4', 'partx', 'dd']) writes(name);
  });

  const setUp = (script = '', answer = 'yes') =>
    library.run(
      shell,
      `livesys_ask() { echo "asked for $1 s"; [ -n '${answer}' ] && "$3" '${answer}'; }
       ${BEGIN}; ${script}
       livesys_set_up_persistence; echo "$?[$LIVESYS_SET_UP][$LIVESYS_ARG_persistence]"`,
    );

  it.each([
    ['a CD', 'LIVESYS_MEDIUM_DEVICE=/dev/sr0', 'a CD or DVD cannot be written'],
    [
      'an image file on a disk',
      'LIVESYS_ARG_iso=/x.iso',
      'the image is a file on sdb1, which is not a stick of its own',
    ],
    [
      'a disk without partitions',
      'LIVESYS_MEDIUM_DEVICE=/dev/sdb',
      'sdb is not a partition: there is no place behind it',
    ],
    ['a write-protected disk', 'echo 1 >sys/class/block/sdb/ro', 'sdb is write-protected'],
    ['an MBR', 'echo "label: dos" >label', 'sdb has no GPT partition table'],
    ['no table', ': >label', 'sdb has no GPT partition table'],
    [
      'a full disk',
      'echo 8280000 >sys/class/block/sdb/size',
      'sdb has less than 128 MiB behind its last partition',
    ],
  ])('is refused for %s', (_what, script, reason) => {
    expect(setUp(script)).toEqual(['0[][]']);
    expect(library.notices()).toEqual([`persistence was not set up: ${reason}`]);
    expect(library.read('done')).toBe('');
  });

  it('is refused where there is one, or more', () => {
    fakeBlkid(library, { sdb2: `TYPE=ext4\\n${OURS}` });
    expect(setUp()).toEqual(['0[][]']);
    library.write('sys/class/block/sdb/sdb3/partition', '3\n');
    fakeBlkid(library, { sdb2: OURS, sdb3: OURS });
    expect(setUp()).toEqual(['0[][]']);
    expect(library.notices()).toEqual([
      'persistence was not set up: the medium has a partition for changes already: sdb2',
      'persistence was not set up: the medium has a partition for changes already: sdb2 sdb3',
    ]);
    expect(library.read('done')).toBe('');
  });

  it.each(['', 'y', 'YES', ' yes', 'no'])('needs the word, "%s" is not it', (answer) => {
    expect(setUp('', answer)).toEqual(['asked for 60 s', '0[][]']);
    expect(library.read('dev/kmsg')).toContain(
      'disk sdb (Ultra Stick), 64GB: 59GB behind the image are free',
    );
    expect(library.notices()).toEqual([expect.stringMatching(/nobody confirmed|not confirmed/)]);
    expect(library.read('done')).toBe('');
  });

  it('moves the backup table, adds a partition behind the last one and formats it', () => {
    library.write('label', 'label: gpt\n/dev/sdb3 : start=1, size=2, type=4C495645-5359-x\n');
    expect(setUp()).toEqual(['asked for 60 s', '0[1][on]']);
    expect(library.notices()).toEqual([]);
    const device = library.path('dev/sdb');
    const done = library.read('done').split('\n');
    expect(done.filter((line) => !line.startsWith('dd'))).toEqual([
      `sfdisk --no-reread --no-tell-kernel --relocate gpt-bak-std ${device}`,
      `sfdisk --no-reread --no-tell-kernel --append ${device}`,
      `partx --add --nr 3:3 ${device}`,
      expect.stringMatching(/^mkfs.ext4 .* -L LIVESYS-DATA .*\/dev\/sdb3$/),
      '',
    ]);
  });

  it.each([
    ['nvme0n1', 'nvme0n1p4', '4:4'],
    ['mmcblk0', 'mmcblk0p12', '12:12'],
  ])('knows the names of partitions of %s', (disk, partition, number) => {
    library.write('label', `/dev/${partition} : start=1, type=4C495645-5359-x\n`);
    library.run(
      shell,
      `LIVESYS_DISK=${disk}; livesys_find_new_partition "$LIVESYS_DEV/${disk}"; echo "$LIVESYS_NEW_PARTITION"`,
    );
    expect(library.read('done')).toContain(`partx --add --nr ${number} `);
  });

  it('counts where sectors do not fit into 32 bits', () => {
    const measured = library.run(
      shell,
      `echo 15628053168 >sys/class/block/sdb/size; echo 7814026240 >sys/class/block/sdb/sdb2/start
       LIVESYS_DISK=sdb; livesys_measure_free_end; echo "$LIVESYS_END $LIVESYS_FREE $((LIVESYS_END * 125 / 256 + 1))"`,
    );
    // 7814026240 + 16384 sectors are 3815450.5 MiB.
    expect(measured).toEqual(['7814044 7814001 3815452']);
  });

  it('says in what state the stick is when something fails', () => {
    library.write('bin/partx', '#!/bin/sh\nexit 1\n', 0o755);
    library.write('label', 'label: gpt\n/dev/sdb3 : start=1, size=2, type=4C495645-5359-x\n');
    expect(setUp()).toEqual(['asked for 60 s', '0[][]']);
    library.write('bin/partx', '#!/bin/sh\n', 0o755);
    library.write('bin/mkfs.ext4', '#!/bin/sh\necho broken\nexit 1\n', 0o755);
    expect(setUp()).toEqual(['asked for 60 s', '0[][]']);
    expect(library.notices()).toEqual([
      expect.stringContaining('the partition sdb3 was made, but the kernel does not see it yet'),
      'persistence was not set up: the partition sdb3 was made and cannot be formatted: broken',
    ]);
  });
});
