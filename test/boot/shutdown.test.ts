import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { makeFileSystem } from './support/cases/medium.ts';
import { expectCleanImages } from './support/clean-images.ts';
import { directKernel } from './support/direct.ts';
import { Guest, type GuestReport } from './support/guest.ts';
import { buildImage } from './support/image.ts';
import { run } from './support/run.ts';

/** Seconds on a machine with KVM. */
const BOOT = 50;
const SHUTDOWN = 30;
/** What systemd waits for a process that does not end: six times 4 s, on a machine of any speed. */
const WAITS = 24;

const TELL = 'echo "kept=$(cat /root/kept)"';
const KEEP = 'echo kept >/root/kept; sync /root/kept';
/** A process that no signal ends, as one that waits for a disk which is gone, and that writes to the live root. */
const HOLD = `${KEEP}
mkdir -p /run/freezer && mount -t cgroup -o freezer freezer /run/freezer && mkdir /run/freezer/held
systemd-run --quiet --unit=holder sh -c 'exec 3>/root/held && exec sleep infinity'
pid=$(systemctl show --property MainPID --value holder)
echo "$pid" >/run/freezer/held/cgroup.procs
echo FROZEN >/run/freezer/held/freezer.state
until [ "$(cat /run/freezer/held/freezer.state)" = FROZEN ]; do sleep 0.1; done
kill -KILL "$pid"
echo "holder=$pid"`;

let images: Record<'bookworm' | 'plain' | 'stick', string>;
let folder = '';
let guest: Guest | undefined;

holdBudget('shutdown', 12, async () => {
  images = {
    bookworm: buildImage('bookworm'),
    plain: buildImage('bookworm', 'plain'),
    stick: buildImage('trixie', 'stick'),
  };
});
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-shutdown-'));
});
afterEach(async () => {
  await guest?.dispose();
  guest = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file system for changes, on a disk of its own. */
function makeData(name: string): string {
  const empty = join(folder, 'empty');
  mkdirSync(empty, { recursive: true });
  return makeFileSystem(join(folder, name), 'ext4', empty, { label: 'CHANGES', mebibytes: 256 });
}

interface Session {
  /** Default: the disc of Debian 12. A stick keeps its changes itself. */
  readonly image?: 'bookworm' | 'plain' | 'stick';
  /** The disk that changes are kept on. */
  readonly data: string;
  readonly arguments?: string;
  readonly script?: string;
  /** What ends the machine; without it, it runs on. */
  readonly end?: string;
  readonly eject?: boolean;
}

async function start(session: Session): Promise<Guest> {
  const { image = 'bookworm', data, eject = false } = session;
  const where = session.arguments ?? (image === 'stick' ? '' : 'livesys.data=LABEL=CHANGES');
  const append = `livesys.persistence=on ${where}`;
  const disk = { file: data, as: 'usb', writes: 'keep' } as const;
  guest = await Guest.start({
    ...(image === 'stick'
      ? { medium: disk }
      : { medium: { file: images[image], as: 'cdrom' }, drives: [disk] }),
    direct: await directKernel(images[image], folder, append, { eject }),
    job: { script: session.script ?? KEEP, end: session.end ?? 'true' },
  });
  return guest;
}

/** The machine went off by itself, and said that everything is clean, as it is. */
async function expectCleanEnd(running: Guest, verb: string, data: string): Promise<GuestReport> {
  const report = await running.expectBooted(BOOT);
  expect(report.console).toContain(`LIVESYS: exitrd verb=${verb} clean=yes`);
  expect(report.console).not.toMatch(/exitrd: |Could not detach|Failed to (?:unmount|detach)/);
  expect(report.facts.get('state.persistence')).toBe('on');
  await expectCleanImages(data);
  return report;
}

/** What the drive with the medium does from now on; udev has locked it. */
async function listenForTray(running: Guest): Promise<readonly unknown[]> {
  const moves: unknown[] = [];
  (await running.control()).onEvent((event, data) => {
    if (event !== 'DEVICE_TRAY_MOVED') return;
    const { 'tray-open': open } = data as { readonly 'tray-open': boolean };
    moves.push({ 'tray-open': open });
  });
  return moves;
}

/** Presses Ctrl-Alt-Del, more often than systemd takes for impatience. */
async function pressKeys(running: Guest): Promise<void> {
  const control = await running.control();
  const keys = ['ctrl', 'alt', 'delete'].map((code) => ({ type: 'qcode', data: code }));
  for (let press = 0; press < 9; press++) {
    // It may be off before the last one.
    await control.execute('send-key', { keys, 'hold-time': 20 }).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('a live system that keeps its changes', () => {
  it('leaves all clean at a reboot, and opens the drive of its disc', async () => {
    const data = makeData('reboot.img');
    const running = await start({ data, end: 'systemctl reboot', eject: true });
    const trayMoves = await listenForTray(running);
    await running.waitFor(/the disc can be taken out now/, BOOT);
    await running.type('\n');
    await expectCleanEnd(running, 'reboot', data);
    expect(trayMoves).toEqual([{ 'tray-open': true }]);
  });

  it('leaves an image file and its FAT clean when the power button is pressed', async () => {
    const live = join(folder, 'carrier/live');
    mkdirSync(live, { recursive: true });
    run(['mke2fs', '-q', '-t', 'ext4', join(live, 'changes.img'), '128M']);
    const data = makeFileSystem(join(folder, 'fat.img'), 'vfat', join(folder, 'carrier'), {
      label: 'CHANGES',
      mebibytes: 192,
    });
    const running = await start({
      data,
      arguments: 'livesys.data=LABEL=CHANGES:/live/changes.img',
    });
    await running.waitFor(/LIVESYS-TEST: lines=/, BOOT);
    await (await running.control()).execute('system_powerdown');
    const { console } = await expectCleanEnd(running, 'poweroff', data);
    // As livesys.noeject says, which is on the line.
    expect(console).not.toContain('the disc can be taken out');
    const inside = join(folder, 'inside.img');
    run(['mcopy', '-i', data, '::/live/changes.img', inside]);
    await expectCleanImages(inside);
  });

  it('leaves all clean at Ctrl-Alt-Del, without systemd in the boot image', async () => {
    const data = makeData('keys.img');
    const running = await start({ data, image: 'plain' });
    await running.waitFor(/LIVESYS-TEST: lines=/, BOOT);
    await pressKeys(running);
    await expectCleanEnd(running, 'reboot', data);
  });

  it('is not clean after a forced restart, says so next time, and is clean after a halt', async () => {
    const data = join(folder, 'stick.img');
    copyFileSync(images.stick, data);
    const forced = await (
      await start({ data, image: 'stick', end: 'systemctl reboot -ff' })
    ).finish(BOOT);
    expect(forced.facts.get('state.unclean')).toBe('no');
    expect(forced.console).not.toContain('LIVESYS: exitrd');
    await expect(expectCleanImages(data)).rejects.toThrow(/its journal waits to be replayed/);
    await guest?.dispose();

    const running = await start({ data, image: 'stick', end: 'systemctl halt', script: TELL });
    await running.waitFor(/LIVESYS: exitrd verb=halt clean=yes/, BOOT);
    await running.waitFor(/reboot: System halted/, SHUTDOWN);
    await running.cutPower();
    const { facts } = await running.finish(SHUTDOWN);
    expect(facts.get('state.unclean')).toBe('yes');
    expect(facts.get('kept')).toBe('kept');
    await expectCleanImages(data);
  });

  it('goes off within half a minute with a process that cannot be ended, names it, and is clean', async () => {
    const data = makeData('held.img');
    const running = await start({ data, script: HOLD, end: 'systemctl poweroff' });
    const [, holder] = await running.waitFor(/LIVESYS-TEST: holder=(\d+)/, BOOT);
    await running.waitFor(/LIVESYS-TEST: lines=/, SHUTDOWN);
    const since = Date.now();
    const { console } = await running.expectBooted(SHUTDOWN);
    const took = (Date.now() - since) / 1000;
    expect(console).toContain(
      `exitrd: /oldroot could not be unmounted, it is used by process ${holder} (sleep)`,
    );
    expect(console).toContain('LIVESYS: exitrd verb=poweroff clean=yes');
    await expectCleanImages(data);
    expect(took).toBeLessThan(WAITS + 6 * running.factor);
  });

  it('is clean at Ctrl-Alt-Del, pressed again and again before it is up, with its changes already open', async () => {
    const data = makeData('early.img');
    const running = await start({
      data,
      arguments: 'livesys.data=LABEL=CHANGES loglevel=6',
      end: 'systemctl poweroff',
    });
    await running.waitFor(/LIVESYS: READY .*persist=on/, BOOT);
    await pressKeys(running);
    const { exit, console, facts, changedDecoys } = await running.finish(BOOT);
    expect({ exit: exit.code, changedDecoys }).toEqual({ exit: 0, changedDecoys: [] });
    expect(console).not.toContain('LIVESYS: BOOTED');
    expect(facts.get('lines')).toBeUndefined();
    await expectCleanImages(data);
  });
});
