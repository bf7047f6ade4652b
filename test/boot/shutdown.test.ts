import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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
const KEEP = 'echo kept >/root/kept; sync /root/kept';

let image = '';
let folder = '';
let guest: Guest | undefined;

holdBudget('shutdown', 6, async () => {
  image = buildImage('bookworm');
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
  /** The disk that changes are kept on. */
  readonly data: string;
  readonly arguments?: string;
  /** What ends the machine; without it, it runs on. */
  readonly end?: string;
  readonly eject?: boolean;
}

async function start(session: Session): Promise<Guest> {
  const { data, arguments: words = 'livesys.data=LABEL=CHANGES', eject = false } = session;
  guest = await Guest.start({
    medium: { file: image, as: 'cdrom' },
    drives: [{ file: data, as: 'usb', writes: 'keep' }],
    direct: await directKernel(image, folder, `livesys.persistence=on ${words}`, { eject }),
    job: { script: KEEP, end: session.end ?? 'true' },
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
  it('leaves all clean at a reboot, and says when its disc is not needed any more', async () => {
    const data = makeData('reboot.img');
    const running = await start({ data, end: 'systemctl reboot', eject: true });
    await running.waitFor(/the disc can be taken out now/, BOOT);
    await running.type('\n');
    await expectCleanEnd(running, 'reboot', data);
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
