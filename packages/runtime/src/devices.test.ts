import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fakeBlkid, fakeDisk } from '../../../test/support/fake-disks.ts';
import { IMAGE } from '../../../test/support/manifest-text.ts';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const library = shellLibrary();

describe.each(SHELLS)('devices under %s', (...shell) => {
  const run = (script: string) => library.run(shell, script);

  const disk = (name: string, sectors: string, files: Readonly<Record<string, string>> = {}) =>
    fakeDisk(library, name, sectors, files);

  it('are listed with the reason why each was refused', () => {
    disk('sda', '3907029168', { 'sda1/partition': '1' });
    disk('sda1', '2048000', { partition: '1' });
    disk('sdb', '8388608', { removable: '1' });
    disk('sdc', '8388608', { 'holders/dm-0/x': '' });
    disk('dm-0', '8388608');
    disk('sde', '0');
    disk('loop0', '8388608');
    disk('zram0', '8388608');
    fakeBlkid(library, {
      sda1: 'ID_FS_TYPE=swap\\n',
      sdb: 'ID_FS_TYPE=crypto_LUKS\\nID_FS_UUID=77-1\\n',
    });
    const script = `LIVESYS_ARG_image=${IMAGE} LIVESYS_ARG_timeout=0; livesys_find_medium; echo "$LIVESYS_CODE $LIVESYS_REASON"; livesys_device_table`;
    expect(run(script).map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      `E20 no medium holds image ${IMAGE} (waited 0 s)`,
      'device size fs label uuid verdict',
      'sdb 4294MB crypto_LUKS - 77-1 encrypted: never opened',
      'dm-0 4294MB - - - part of a volume or array: never used',
      'sda 2000GB - - - has partitions, each is tried by itself',
      'sda1 1048MB swap - - swap: never touched',
      'sdc 4294MB - - - in use by dm-0',
      'sde 0 - - - no medium in it',
    ]);
  });

  it('are tried by partition, also where the kernel shows the disk first', () => {
    disk('sda', '2048000');
    fakeBlkid(library, {
      sda: 'ID_FS_TYPE=iso9660\\nID_PART_TABLE_TYPE=gpt\\n',
      sda1: 'ID_FS_TYPE=iso9660\\n',
    });
    const rounds = (more: string) =>
      run(`livesys_probe_device() { echo "probed $1"; LIVESYS_REFUSED=no; }; LIVESYS_SPEC= LIVESYS_SEEN=' ' LIVESYS_AWAITED= LIVESYS_MATCHES=
        livesys_search_round; livesys_device_table | tail -n 1; ${more}`).map((line) =>
        line.replaceAll(/ +/g, ' '),
      );
    const awaited = 'sda 1048MB iso9660 - - its partitions are not there yet';
    expect(
      rounds(`mkdir -p sys/class/block/sda/sda1 sys/class/block/sda1; echo 2048000 >sys/class/block/sda1/size
        echo 1 >sys/class/block/sda/sda1/partition; echo 1 >sys/class/block/sda1/partition; livesys_search_round`),
    ).toEqual([awaited, 'probed sda1']);
  });

  it('are tried as a whole where the kernel finds no partitions, or when told so', () => {
    disk('sda', '2048000');
    disk('sr0', '2048000');
    const hybrid = 'ID_FS_TYPE=iso9660\\nID_PART_TABLE_TYPE=gpt\\n';
    fakeBlkid(library, { sda: hybrid, sr0: hybrid });
    const rounds = (count: number, spec = '') =>
      run(`livesys_probe_device() { echo "probed $1"; LIVESYS_REFUSED=no; }
        LIVESYS_SPEC=${spec} LIVESYS_SEEN=' ' LIVESYS_AWAITED= LIVESYS_MATCHES= round=0
        while [ "$round" -lt ${count} ]; do livesys_search_round; round=$((round + 1)); done`);
    expect(rounds(1)).toEqual(['probed sr0']);
    expect(rounds(4)).not.toContain('probed sda');
    expect(rounds(5)).toContain('probed sda');
    expect(rounds(1, '/dev/sda')).toEqual(['probed sda']);
  });

  it('are waited for until the time is over', () => {
    const script = `sleep() { printf '20.00 0\\n' >proc/uptime; }; LIVESYS_ARG_image=${IMAGE} LIVESYS_ARG_timeout=5; livesys_find_medium; echo "$LIVESYS_REASON"; livesys_device_table`;
    expect(run(script)).toEqual([
      `no medium holds image ${IMAGE} (waited 8 s)`,
      'no disk, stick or drive was seen',
    ]);
  });

  it('are not waited for where the machine is to start again', () => {
    const script = `sleep() { : >"$LIVESYS_HOME/leaving"; }; LIVESYS_ARG_image=${IMAGE} LIVESYS_ARG_timeout=9999; livesys_find_medium; echo "$LIVESYS_CODE"`;
    expect(run(script)).toEqual(['E20']);
  });

  it('are looked at again when another stick has taken the place of one of the same size', () => {
    mkdirSync(library.path('sys/devices/sda/sda1'), { recursive: true });
    for (const [file, text] of [
      ['sda/diskseq', '7'],
      ['sda/sda1/size', '2048000'],
      ['sda/sda1/partition', '1'],
    ] as const)
      library.write(`sys/devices/${file}`, `${text}\n`);
    symlinkSync('../../devices/sda/sda1', library.path('sys/class/block/sda1'));
    fakeBlkid(library, { sda1: 'ID_FS_TYPE=vfat\\n' });
    const script = `LIVESYS_SPEC= LIVESYS_SEEN=' ' LIVESYS_MATCHES= looks=0
      livesys_probe_device() { looks=$((looks + 1)) LIVESYS_REFUSED='mount failed'; }
      livesys_try_device sda1; livesys_try_device sda1; echo $looks
      echo 8 >sys/devices/sda/diskseq; livesys_try_device sda1; echo $looks`;
    expect(run(script)).toEqual(['1', '2']);
  });

  it.each([
    ['LABEL=MY STICK', 'yes'],
    ['LABEL=MY_STICK', 'yes'],
    ['LABEL=MY\\x20STICK', 'yes'],
    ['LABEL=MY  STICK', 'no'],
    ['LABEL=MY', 'no'],
    ['PARTLABEL=My own data', 'yes'],
    ['PARTLABEL=My own', 'no'],
  ])('with a blank in a name are the ones that %s means: %s', (spec, expected) => {
    fakeBlkid(library, {
      sda1: 'ID_FS_TYPE=vfat\\nID_FS_LABEL=MY_STICK\\nID_FS_LABEL_ENC=MY\\\\x20STICK\\nID_PART_ENTRY_NAME=My\\\\x20own\\\\x20data\\n',
    });
    const script = `LIVESYS_SPEC='${spec}' LIVESYS_LABEL= LIVESYS_LABEL_RAW= LIVESYS_PARTLABEL_RAW= LIVESYS_REFUSED=
      livesys_identify_device sda1; if livesys_is_asked_for sda1; then echo yes; else echo no; fi`;
    expect(run(script)).toEqual([expected]);
  });

  it('with the same image are chosen by where the firmware started from, else by their order', () => {
    const chosen = (boot: string) => {
      if (boot !== '')
        library.write(
          'sys/firmware/efi/efivars/LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f',
          Buffer.concat([Buffer.from([6, 0, 0, 0]), Buffer.from(`${boot}\0`, 'utf16le')]),
        );
      return run(
        `LIVESYS_MATCHES=' sda1:vfat:aa-1 sdb1:vfat:bb-2 sdc1:vfat:bb-2'; livesys_choose_medium; echo "$LIVESYS_CHOSEN"`,
      )[0];
    };
    expect(chosen('')).toBe('sda1:vfat:aa-1');
    expect(chosen('CC-3')).toBe('sda1:vfat:aa-1');
    expect(chosen('BB-2')).toBe('sdb1:vfat:bb-2');
    expect(library.notices()).toContain(
      'E21 several media hold this image: sda1 sdb1 sdc1; sdb1 is used',
    );
  });

  it('ask the firmware for its variables where nobody has mounted them', () => {
    const asked = () => run('mount() { echo "$2 $5"; }; livesys_firmware_partition');
    expect(asked()).toEqual([]);
    mkdirSync(library.path('sys/firmware/efi/efivars'), { recursive: true });
    expect(asked()).toEqual(['efivarfs efivarfs']);
  });

  it('end the wait as soon as there is another one', () => {
    disk('sda', '8388608');
    const slept = (script: string) =>
      run(`count=0; livesys_list_devices; ${script}; livesys_wait_for_devices; echo "$count"`);

    expect(slept('sleep() { count=$((count + 1)); }')).toEqual(['5']);
    const appears =
      'sleep() { count=$((count + 1)); [ "$count" -lt 2 ] || mkdir -p sys/class/block/sdb; }';
    expect(slept(appears)).toEqual(['2']);
  });

  it('are left alone beside the medium that was found on their disk', () => {
    disk('sda', '8388608', { 'sda1/partition': '1', 'sda2/partition': '2' });
    disk('sda1', '2048000', { partition: '1' });
    disk('sda2', '2048000', { partition: '2' });
    disk('sdb', '8388608');
    const script =
      'LIVESYS_MATCHES=" sda1:iso9660:"; for name in sda2 sdb; do livesys_is_beside_match $name; echo "$?"; done';
    expect(run(script)).toEqual(['0', '1']);
  });

  it('are mounted without a journal replay', () => {
    const script =
      'for t in ext3 xfs btrfs vfat ntfs; do livesys_probe_options $t; echo "$LIVESYS_DRIVER $LIVESYS_OPTIONS"; done';
    expect(run(script)).toEqual([
      'ext4 ro,nodev,nosuid,noexec,noload',
      'xfs ro,nodev,nosuid,noexec,norecovery,nouuid',
      'btrfs ro,nodev,nosuid,noexec,rescue=nologreplay',
      'vfat ro,nodev,nosuid,noexec',
      'ntfs3 ro,nodev,nosuid,noexec',
    ]);
  });
});
