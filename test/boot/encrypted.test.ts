import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { quoteArgument } from '../../packages/cli/src/text/quote.ts';
import { holdBudget } from './support/budget.ts';
import { type CaseResult, runCases } from './support/cases/cases.ts';
import { makeFileSystem, makeMedium } from './support/cases/medium.ts';
import { expectCleanImages } from './support/clean-images.ts';
import { makeLuks, PASSPHRASE, whileOpen } from './support/encrypted.ts';
import { partitionedDisk } from './support/partitioned-disk.ts';

// DATA that is encrypted, with the cryptsetup and the device-mapper of Debian 12.

const ON_IMAGE = 'livesys.data=LABEL=CARRIER:/live/changes.img';
const UNATTENDED = 'livesys.persistence.on-error=temporary';
const SHOW =
  'echo "kept=$(cat sysroot/kept 2>/dev/null)"; echo "mapped=$(dmsetup ls --target crypt)"';
const KEEP = (word: string) => `${SHOW}; echo ${word} >sysroot/kept`;
const MAKE = 'mkfs.ext4 -q -L LIVESYS-DATA /dev/mapper/test';
const CHECK = (name: string) => `
  e2fsck -fn /dev/mapper/test >&2 && ! dumpe2fs -h /dev/mapper/test 2>&1 | grep -q needs_recovery && echo ${name}=clean`;
const onCarrier = (flags: string, commands: string) => `
  mount -o ${flags} $carrier /mnt; loop=$(losetup -f --show /mnt/live/changes.img)
  ${commands}
  losetup -d $loop; umount /mnt`;

/** Somebody at a console, who answers each question with one of these lines. */
const types = (...words: readonly string[]) => `
  mkdir -p $root/sys/class/tty/console; echo typed >$root/sys/class/tty/console/active
  rm -f /dev/typed; mkfifo /dev/typed
  (
    try=0
    for word in ${words.map(quoteArgument).join(' ')}; do
      try=$((try + 1))
      # Before the terminal is prepared, a pipe would lose what is typed.
      until grep -A 1 "(try $try of 3)" $root/kmsg | grep -q ' s left'; do sleep 0.1; done
      printf '%s\\n' "$word" >/dev/typed
    done
  ) </dev/null >/dev/null 2>&1 &`;

let folder = '';
let disks: Record<string, string> = {};
let results: Record<string, CaseResult> = {};

holdBudget('encrypted', 3, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-encrypted-'));
  const at = (name: string): string => join(folder, name);
  for (const name of ['carrier/live', 'medium']) mkdirSync(at(name), { recursive: true });
  makeMedium(at('medium'), {
    layers: [{ name: 'a' }, { name: 'b' }],
    profiles: { all: ['a', 'b'], bare: ['a'] },
    persist: ['all'],
  });
  const layers = makeFileSystem(at('layers.img'), 'iso9660', at('medium'));
  makeLuks(at('carrier/live/changes.img'), 16, 'luks1');
  disks = {
    disk: partitionedDisk(at('disk.img'), [
      { name: 'LIVESYS-LAYERS', type: 'linux', image: layers },
      { name: 'LIVESYS-DATA', type: 'data', image: makeLuks(at('data.img'), 48) },
    ]),
    carrier: makeFileSystem(at('carrier.img'), 'vfat', at('carrier'), {
      label: 'CARRIER',
      mebibytes: 40,
    }),
    disc: layers,
  };
});
beforeAll(async () => {
  const disk = { sees: ['disk'] };
  const image = { sees: ['disc', 'carrier'] };
  results = await runCases(folder, disks, {
    first: {
      ...disk,
      before: whileOpen('${disk}2', '', MAKE) + types(PASSPHRASE),
      after: KEEP('first'),
    },
    second: { ...disk, shell: 'mksh', before: types('wrong', PASSPHRASE), after: SHOW },
    selection: {
      ...disk,
      before: `${whileOpen(
        '${disk}2',
        '',
        `mount /dev/mapper/test /mnt
        printf 'livesys-selection 1\\nprofile bare\\npersistence off\\n' >/mnt/livesys/selection
        echo "end $(sha256sum </mnt/livesys/selection | cut -d ' ' -f 1)" >>/mnt/livesys/selection
        umount /mnt`,
      )}${types(PASSPHRASE)}`,
      after: SHOW,
    },
    readonly: {
      ...disk,
      arguments: 'livesys.profile=all livesys.persistence=readonly',
      before: `sha256sum <\${disk}2 >$root/before${types(PASSPHRASE)}`,
      after: `${KEEP('never')}; sync; dmsetup info livesys-data | grep -q READ-ONLY && echo protected=yes
        sha256sum <\${disk}2 | cmp - before && echo written=no`,
    },
    wrong: {
      ...disk,
      arguments: UNATTENDED,
      before: types('a', PASSPHRASE.trim() + ' ', 'c'),
      after: SHOW,
    },
    empty: {
      ...disk,
      shell: 'busybox sh',
      arguments: UNATTENDED,
      before: types('', '', ''),
      after: SHOW,
    },
    nobody: { ...disk, arguments: 'livesys.persistence.on-error=stop', after: SHOW },
    off: { ...disk, arguments: 'livesys.persistence=off', after: SHOW },
    'image 1': {
      ...image,
      arguments: ON_IMAGE,
      before: onCarrier('rw', whileOpen('$loop', '', MAKE)) + types(PASSPHRASE),
      after: KEEP('image'),
    },
    'image 2': {
      ...image,
      shell: 'busybox sh',
      arguments: ON_IMAGE,
      before: types('', 'b', PASSPHRASE),
      after: SHOW,
    },
    'image wrong': {
      ...image,
      arguments: `${ON_IMAGE} ${UNATTENDED}`,
      before: types('a', 'b', 'c'),
      after: `${SHOW}; echo "loops=$(losetup --list --noheadings --output BACK-FILE | grep changes)"`,
    },
    'image off': { ...image, arguments: `${ON_IMAGE} livesys.persistence=off`, after: SHOW },
    check: {
      sees: ['disk'],
      arguments: 'livesys.persistence=off',
      after:
        whileOpen('${disk}2', '--readonly', CHECK('partition')) +
        onCarrier('ro', whileOpen('$loop', '--readonly', CHECK('image'))),
    },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function assembled(name: string): CaseResult {
  const found = results[name];
  if (found?.status !== 0) throw new Error(found?.said ?? `no case ${name}`);
  expect(found.stderr).toBe('');
  return found;
}

const UNLOCKED = { persistence: 'on', data_device: '/dev/mapper/livesys-data', data_fs: 'ext4' };
const LOCKED = { persistence: 'off', persistence_error: 'E41' };

describe('a partition for changes that is encrypted', () => {
  it('is unlocked by its passphrase, and keeps what was written', () => {
    const { state, said } = assembled('first');
    expect(state).toMatchObject({ ...UNLOCKED, data_encrypted: '/dev/ubdb2' });
    expect(said).not.toContain(PASSPHRASE);
    const second = assembled('second');
    expect(second.facts['kept']).toBe('first');
    expect(second.said).toContain('no key is available with this passphrase');
  });

  it('holds the selection, and stays unlocked for the next one', () => {
    const { state, facts } = assembled('selection');
    expect(state).toMatchObject({
      ...{ profile: 'bare', profile_source: 'selection', persistence: 'off' },
      ...{ persistence_error: '', data_device: '/dev/mapper/livesys-data' },
    });
    expect(facts['mapped']).toMatch(/^livesys-data\t/);
  });

  it('is shown without a bit of it being changed', () => {
    const { state, facts } = assembled('readonly');
    expect(state).toMatchObject({ ...UNLOCKED, persistence: 'readonly' });
    expect(facts).toMatchObject({ kept: 'first', protected: 'yes', written: 'no' });
  });

  it.each([
    ['wrong', 'no passphrase was right in 3 tries'],
    ['empty', 'no passphrase was right in 3 tries'],
  ])('stays locked after three answers that are %s', (name, reason) => {
    const { state, facts, said } = assembled(name);
    expect(state).toMatchObject({ ...LOCKED, data_device: '/dev/ubdb2', data_path: '' });
    expect(facts).toMatchObject({ kept: '', mapped: 'No devices found' });
    expect(said).toContain(
      `E41 changes are kept in memory only: ubdb2 is encrypted, and ${reason}`,
    );
    expect(said).not.toContain('(try 4');
  });

  it('stops the boot where that is asked for, and says what to do', () => {
    expect(results['nobody']?.status).toBe(1);
    expect(results['nobody']?.said).toMatch(
      /FAIL code=E41 [^]*nobody typed its passphrase[^]*next: Start again and type the passphrase/,
    );
  });

  it('is not asked for where nothing is to be kept', () => {
    const { state, facts, said } = assembled('off');
    expect(state).toMatchObject({ persistence: 'off', persistence_error: '' });
    expect(facts['mapped']).toBe('No devices found');
    expect(said).not.toContain('type its passphrase');
  });
});

describe('an image file that is encrypted', () => {
  it('is unlocked, and let go of between the selection and the changes', () => {
    const { state } = assembled('image 1');
    expect(state).toMatchObject({
      ...{ persistence: 'on', data_device: '/dev/ubdc', data_fs: 'ext4' },
      ...{ data_inside: '/live/changes.img', data_encrypted: '/live/changes.img' },
    });
    const { facts, said } = assembled('image 2');
    expect(facts['kept']).toBe('image');
    expect(said).toContain('(try 3 of 3)');
  });

  it('stays locked, and no loop device is left', () => {
    const { state, facts, said } = assembled('image wrong');
    expect(state).toMatchObject({ ...LOCKED, data_device: '/dev/ubdc' });
    expect(facts).toMatchObject({ mapped: 'No devices found', loops: '' });
    expect(said).toContain('/live/changes.img on ubdc is encrypted, and no passphrase was right');
    expect(assembled('image off').said).not.toContain('type its passphrase');
  });
});

it('every file system is left clean, those inside, too', async () => {
  const { status, facts } = results['check'] ?? {};
  expect([status, facts]).toMatchObject([0, { partition: 'clean', image: 'clean' }]);
  await expectCleanImages(disks['carrier'] ?? '');
});
