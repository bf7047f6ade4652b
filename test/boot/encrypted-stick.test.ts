import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { type Area, areasOf } from './support/clean-images.ts';
import { hashFile } from './support/decoy.ts';
import { directKernel } from './support/direct.ts';
import { insideVolume, makeLuks, PASSPHRASE } from './support/encrypted.ts';
import { Guest, type GuestReport } from './support/guest.ts';
import { buildImage } from './support/image.ts';
import { run } from './support/run.ts';

// A stick whose DATA was encrypted by hand; the passphrase is typed on the serial port.

/** Seconds on a machine with KVM. */
const BOOT = 60;
const MIB = 2 ** 20;
/** As cryptsetup does it by itself, with less memory. */
const THREADS = [
  ...['--pbkdf', 'argon2id', '--pbkdf-memory', '65536', '--pbkdf-force-iterations', '4'],
  ...['--pbkdf-parallel', '2'],
];
const LOOK = `
  echo "kept=$(cat /root/kept 2>/dev/null)"
  echo "kept.mode=$(stat -c '%a %u:%g' /root/kept 2>/dev/null)"
  echo "kept.capability=$(tar --xattrs --xattrs-include='*' -cf - /root/tool 2>/dev/null | grep -aoc 'xattr.security.capability')"
  echo "deleted=$([ -e /etc/debian_version ] || echo yes)"
  echo "renamed=$([ -e /usr/share/renamed/zoneinfo/UTC ] && [ ! -e /usr/share/zoneinfo ] && echo yes)"
  echo "changes=$(livesysctl status | sed -n 's/^changes .* on //p')"`;
const KEPT = {
  ...{ kept: 'first session', 'kept.mode': '640 1000:1001', 'kept.capability': '1' },
  ...{ deleted: 'yes', renamed: 'yes', changes: '/dev/sda4, encrypted' },
  ...{ 'state.persistence': 'on', 'state.data_device': '/dev/mapper/livesys-data' },
  ...{ 'state.data_encrypted': '/dev/sda4', 'state.unclean': 'no', 'units.failed': '' },
};

let folder = '';
let stick = '';
let data: Area;
let guest: Guest | undefined;

holdBudget('encrypted-stick', 7, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-encrypted-stick-'));
  const image = buildImage('trixie', 'stick');
  stick = join(folder, 'stick.img');
  run(['cp', '--sparse=always', image, stick]);
  const found = (await areasOf(stick)).find(({ name }) => name === 'LIVESYS-DATA');
  if (!found) throw new Error('the image has no DATA');
  data = found;
});
beforeAll(async () => {
  const volume = makeLuks(join(folder, 'volume.img'), data.length / MIB, 'luks2', THREADS);
  await insideVolume(folder, volume, '', 'mkfs.ext4 -q -L LIVESYS-DATA /dev/mapper/test');
  const seek = `seek=${data.offset / MIB}`;
  run(['dd', `if=${volume}`, `of=${stick}`, 'bs=1M', seek, 'conv=notrunc', 'status=none']);
});
afterEach(async () => {
  await guest?.dispose();
  guest = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(script: string, files: Record<string, string> = {}): Promise<Guest> {
  const direct = await directKernel(stick, folder, 'livesys.profile=office livesys.persistence=on');
  const medium = { file: stick, as: 'usb', writes: 'keep' } as const;
  guest = await Guest.start({ medium, direct, job: { script, files } });
  await guest.waitFor(/sda4 is encrypted[^]*\(try 1 of 3\)[^]* s left/, BOOT);
  return guest;
}

/** What this machine cannot open, a kernel of its own can. */
async function expectCleanInside(report: GuestReport): Promise<void> {
  expect(report.console).toMatch(/exitrd verb=poweroff clean=yes/);
  expect(report.console).not.toContain(PASSPHRASE);
  const volume = join(folder, 'volume.img');
  const [skip, count] = [`skip=${data.offset / MIB}`, `count=${data.length / MIB}`];
  run(['dd', `if=${stick}`, `of=${volume}`, 'bs=1M', skip, count, 'status=none']);
  await insideVolume(
    folder,
    volume,
    '--readonly',
    `e2fsck -fn /dev/mapper/test
     ! dumpe2fs -h /dev/mapper/test 2>&1 | grep needs_recovery
     mount -o ro,noload /dev/mapper/test /mnt
     [ -e /mnt/livesys/persistence/office/upper ] && [ ! -e /mnt/livesys/persistence/office/dirty ]
     umount /mnt`,
  );
}

/** A file with owner and mode, and a program with a capability. */
function archive(): string {
  const script = `set -eu; mkdir -p tree/root; cd tree/root; echo 'first session' >kept
    chown 1000:1001 kept; chmod 640 kept; cp /bin/true tool; setcap cap_net_raw+ep tool
    tar --xattrs --xattrs-include='*' -cf ../../kept.tar -C .. root/kept root/tool`;
  writeFileSync(join(folder, 'make-archive'), script);
  run(['sh', '-c', `cd '${folder}' && sh make-archive`]);
  return join(folder, 'kept.tar');
}

describe('a stick with an encrypted DATA', () => {
  it('is what it was when the power goes while it asks', async () => {
    const before = await hashFile(stick);
    const machine = await start('true');
    await machine.cutPower();
    await machine.finish(BOOT);
    expect(await hashFile(stick)).toBe(before);
  });

  it('keeps changes, once its passphrase is typed', async () => {
    const machine = await start(
      `tar --xattrs --xattrs-include='*' -xf kept.tar -C /
       rm /etc/debian_version
       mkdir /usr/share/renamed && mv /usr/share/zoneinfo /usr/share/renamed
       ${LOOK}`,
      { 'kept.tar': archive() },
    );
    await machine.type('not it\r');
    await machine.waitFor(/\(try 2 of 3\)[^]* s left/, BOOT);
    await machine.type(`${PASSPHRASE}\r`);
    const report = await machine.expectBooted(BOOT);
    expect(Object.fromEntries(report.facts)).toMatchObject(KEPT);
    await expectCleanInside(report);
  });

  it('has them in the next session, and is left clean again', async () => {
    const machine = await start(LOOK);
    await machine.type(`${PASSPHRASE}\r`);
    const report = await machine.expectBooted(BOOT);
    expect(Object.fromEntries(report.facts)).toMatchObject(KEPT);
    await expectCleanInside(report);
  });
});
