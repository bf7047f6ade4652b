import { rmSync, symlinkSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBlkid, fakeDisk } from '../../../test/support/fake-disks.ts';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const library = shellLibrary();
const OURS = 'PART_ENTRY_TYPE=4c495645-5359-5344-4154-410a7b3d5e91\\n';
const RIGHT = String.raw` a\tb  $HOME 'c' ü`;

describe.each(SHELLS)('an encrypted DATA under %s', (...shell) => {
  /** A cryptsetup that takes the passphrase `RIGHT` and notes how it was called. */
  beforeEach(() => {
    fakeDisk(library, 'sdb', '8388608', { ro: '0', 'sdb2/partition': '2', 'sdb3/partition': '3' });
    for (const part of ['sdb2', 'sdb3']) {
      library.write(`sys/class/block/sdb/${part}/size`, '2048000\n');
      library.write(`sys/class/block/sdb/${part}/ro`, '0\n');
      symlinkSync(`sdb/${part}`, library.path(`sys/class/block/${part}`));
    }
    library.write('dev/mapper/other', '');
    library.write('right', RIGHT);
    inside('ext4');
    library.write('bin/modprobe', '#!/bin/sh\n', 0o755);
    cryptsetup('');
  });

  const inside = (type: string) =>
    fakeBlkid(library, {
      sdb3: `TYPE=crypto_LUKS\\n${OURS}`,
      'livesys-data': `${type}\\n`,
    });

  function cryptsetup(instead: string): void {
    const tree = `${library.path('')}/`;
    library.write(
      'bin/cryptsetup',
      `#!/bin/sh
echo "$DM_DISABLE_UDEV $*" >>'${tree}calls'
case $1 in close) rm '${tree}dev/mapper/livesys-data'; exit ;; esac
cat >'${tree}typed'
${instead}
cmp -s '${tree}typed' '${tree}right' || { echo 'No key available with this passphrase.'; exit 2; }
: >'${tree}dev/mapper/livesys-data'
`,
      0o755,
    );
  }

  /** Each question is answered by the next word; when there are no more, nobody is there. */
  const find = (script: string, ...words: readonly string[]) => {
    words.forEach((word, index) => library.write(`word-${index + 1}`, `${word}\n`));
    return library.run(
      shell,
      `asked=0
       livesys_ask() {
         asked=$((asked + 1))
         [ -e "word-$asked" ] || return
         IFS= read -r word <"word-$asked"
         "$3" "$word"
       }
       LIVESYS_MEDIUM_DEVICE=/dev/sdb2 LIVESYS_ARG_timeout=0
       ${script}
       livesys_find_data
       echo "$asked $LIVESYS_DATA_NAME $LIVESYS_DATA_FS $LIVESYS_DATA_ENCRYPTED"
       [ -z "$LIVESYS_DATA_CODE" ] || echo "$LIVESYS_DATA_CODE $LIVESYS_DATA_REASON"`,
    );
  };
  const calls = () =>
    library.read('calls').replaceAll(library.path(''), '').split('\n').slice(0, -1);
  const OPEN = '1 open --type luks --key-file=- /dev/sdb3 livesys-data';
  const UNLOCKED = 'mapper/livesys-data ext4 /dev/sdb3';

  it('is unlocked by its passphrase, whatever it holds', () => {
    expect(find(':', RIGHT)).toEqual([`1 ${UNLOCKED}`]);
    expect(calls()).toEqual([OPEN]);
    expect(library.read('dev/kmsg')).toContain(
      'sdb3 is encrypted: type its passphrase and press Enter, it is not shown (try 1 of 3)',
    );
    expect(library.read('dev/kmsg')).not.toContain('HOME');
  });

  it('is known to lie on the disk of the medium', () => {
    const look = 'LIVESYS_DATA_PATH=x; livesys_data_is_on_medium && echo same';
    expect(find(`trap '${look}' EXIT`, RIGHT)).toEqual([`1 ${UNLOCKED}`, 'same']);
  });

  it('takes three tries; cryptsetup sees no empty one', () => {
    expect(find(':', 'wrong', '', RIGHT)).toEqual([`3 ${UNLOCKED}`]);
    expect(calls()).toEqual([OPEN, OPEN]);
  });

  it.each([
    [['a', 'b', 'c', RIGHT], 'no passphrase was right in 3 tries', 3],
    [['', '', '', RIGHT], 'no passphrase was right in 3 tries', 3],
    [['a'], 'nobody typed its passphrase', 2],
    [[], 'nobody typed its passphrase', 1],
  ])('is E41 after %j', (words, reason, asked) => {
    expect(find(':', ...words)).toEqual([
      `${asked} sdb3 crypto_LUKS /dev/sdb3`,
      `E41 sdb3 is encrypted, and ${reason}`,
    ]);
  });

  it('is E41 at once where another passphrase would not help', () => {
    cryptsetup(
      'echo "WARNING: no lock"; echo "Not enough available memory to open a keyslot."; exit 3',
    );
    expect(find(':', 'a', RIGHT)).toEqual([
      '1 sdb3 crypto_LUKS /dev/sdb3',
      'E41 sdb3 cannot be unlocked: Not enough available memory to open a keyslot.',
    ]);
  });

  it('is E41 without cryptsetup, and names the option that adds it', () => {
    rmSync(library.path('bin/cryptsetup'));
    const hide = 'command() { case $2 in cryptsetup) return 1 ;; esac; }';
    expect(find(hide, RIGHT)).toEqual([
      '0 sdb3 crypto_LUKS /dev/sdb3',
      'E41 sdb3 is encrypted, and this boot image has no cryptsetup: build it with initramfs: dracut({ encryption: true })',
    ]);
  });

  it('stays locked where nothing is to be kept, and nobody is asked', () => {
    expect(find('LIVESYS_ARG_persistence=off', RIGHT)[0]).toBe('0 sdb3 crypto_LUKS /dev/sdb3');
    expect(calls()).toEqual([]);
  });

  it.each([
    ['LIVESYS_ARG_persistence=readonly', 'that is only shown'],
    ['echo 1 >sys/class/block/sdb3/ro', 'that is write-protected'],
  ])('is unlocked for reading: %s', (script) => {
    expect(find(`${script}; trap 'echo "[$LIVESYS_DATA_PROTECTED]"' EXIT`, RIGHT)).toEqual([
      `1 ${UNLOCKED}`,
      '[1]',
    ]);
    expect(calls()).toEqual([OPEN.replace('/dev', '--readonly /dev')]);
  });

  it('needs the same file system inside, and e2fsck judges one that is not known', () => {
    inside('xfs');
    expect(find(':', RIGHT)[1]).toBe('E42 mapper/livesys-data has xfs instead of ext4');
    inside('');
    expect(find('rm dev/mapper/livesys-data', RIGHT)).toEqual([`1 ${UNLOCKED}`]);
  });

  it('is locked again when the boot fails, and no other mapping is', () => {
    find('trap livesys_let_go EXIT; LIVESYS_DATA_PATH=', RIGHT);
    expect(calls()).toEqual([OPEN, '1 close livesys-data']);
    library.run(shell, 'livesys_lock_data');
    expect(calls()).toHaveLength(2);
  });

  it('is the one that livesys.data= names, and no other encrypted disk', () => {
    fakeBlkid(library, {
      sdb3: 'ID_FS_TYPE=crypto_LUKS\\nID_FS_UUID=12-34\\n',
      'livesys-data': 'ext4\\n',
    });
    expect(find('LIVESYS_ARG_data=UUID=12-34', RIGHT)).toEqual([`1 ${UNLOCKED}`]);
    fakeBlkid(library, { sdb3: 'ID_FS_TYPE=BitLocker\\nID_FS_UUID=12-34\\n' });
    expect(find('LIVESYS_ARG_data=UUID=12-34')[1]).toBe('E42 sdb3: encrypted: never opened');
  });
});

describe.each(SHELLS)('the boot with a DATA that stays locked, under %s', (...shell) => {
  const open = (persistence: string, argument = '') =>
    library.run(
      shell,
      `LIVESYS_PERSISTENCE=${persistence} LIVESYS_PERSISTENCE_NEED=optional LIVESYS_PERSISTENCE_ERROR= LIVESYS_MAY_SHOW= LIVESYS_DIRTY=
       LIVESYS_PROFILE=office LIVESYS_ARG_on_error=readonly LIVESYS_ARG_persistence=${argument}
       LIVESYS_DATA_NAME=sda4 LIVESYS_DATA_CODE=E41 LIVESYS_DATA_REASON='sda4 is encrypted'
       livesys_open_data() { echo "opened $1"; }
       livesys_open_persistence; echo "$? $LIVESYS_PERSISTENCE $LIVESYS_PERSISTENCE_ERROR"`,
    );

  it('goes the way of any DATA that cannot be used', () => {
    expect(open('on')).toEqual(['0 off E41']);
    expect(library.notices()).toEqual(['E41 changes are kept in memory only: sda4 is encrypted']);
  });

  it('says that a selection on it is not known', () => {
    expect(open('off')).toEqual(['0 off ']);
    expect(library.notices()).toEqual(['what was chosen last is not known: sda4 is encrypted']);
  });

  it('is silent where everything was told on the kernel command line', () => {
    expect(open('off', 'off')).toEqual(['0 off ']);
    expect(library.notices()).toEqual([]);
  });
});
