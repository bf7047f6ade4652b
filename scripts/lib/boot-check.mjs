import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Stop } from './step.mjs';

/** Minutes; a boot takes less than two without KVM on two cores. */
const LIMIT = { kvm: 2, tcg: 8 };
const ANSWER =
  /LIVESYS: BOOTED nonce=(\w+) root=(\S*) profile=(\S*) layers=(\S*) failed-units=(\d+)/;

/**
 * Boots a medium from firmware, without a window, until a unit of the live system that starts after
 * multi-user.target answers with the word that this run gave the machine; then switches it off.
 * What the system writes is thrown away.
 *
 * @param {string} file
 * @param {object} [options]
 * @param {'bios' | 'uefi'} [options.firmware]
 * @param {'cdrom' | 'usb'} [options.as]
 * @param {AbortSignal} [options.signal] ends the machine
 * @param {(line: string) => void} [options.onLine] gets the serial console, line by line
 * @returns {Promise<{ ms: number, kvm: boolean, root: string, profile: string, layers: string[], failedUnits: number }>}
 */
export const bootCheck = async (file, options = {}) => {
  // Not at the top: this is there only after the build.
  const qemu = await import('../../packages/cli/dist/qemu/index.js');
  const { firmware = 'bios', as = 'cdrom', onLine = () => {} } = options;
  const nonce = randomBytes(8).toString('hex');
  const program = await qemu.requireQemu(process.env);
  const { kind } = await qemu.detectAcceleration(program);
  const folder = mkdtempSync(join(tmpdir(), 'livesys-boot-'));
  const serial = join(folder, 'serial');
  const start = Date.now();
  const machine = qemu.startMachine(
    program,
    {
      firmware: await qemu.prepareFirmware(firmware, folder),
      drives: [{ file, as, boot: true }],
      memory: 1024,
      acceleration: kind,
      display: 'none',
      serial: { kind: 'file', path: serial },
      machineSerial: `livesys-nonce-${nonce}`,
      endAtReset: true,
    },
    options.signal,
  );
  const reader = new qemu.SerialReader(serial);
  let over = false;
  void machine.exited.then(() => (over = true));
  const until = start + LIMIT[kind] * 60_000;
  try {
    for (let shown = 0; ;) {
      // Asked before reading: what was written until the end is still read.
      const last = over || Date.now() >= until;
      const text = qemu.cleanConsole(await reader.read());
      const lines = text.split('\n').slice(0, -1);
      for (const line of lines.slice(shown)) onLine(line);
      shown = lines.length;
      const [, answered, root = '', profile = '', layers = '', failed] =
        ANSWER.exec(lines.join('\n')) ?? [];
      if (answered === nonce) {
        return {
          ms: Date.now() - start,
          kvm: kind === 'kvm',
          root,
          profile,
          layers: layers.split(','),
          failedUnits: Number(failed),
        };
      }
      const panic = text.includes('end Kernel panic');
      if (last || panic) {
        const why = panic
          ? 'its kernel gave up'
          : over
            ? 'the machine went off'
            : 'it took too long';
        throw notBooted(file, why, qemu.consoleTail(text, 20), machine.errors());
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    await machine.kill();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** @param {string} file @param {string} why @param {string[]} tail @param {string} errors */
const notBooted = (file, why, tail, errors) => {
  const console = tail.length === 0 ? ['(nothing on the serial console)'] : tail;
  return new Stop(
    [`${file} did not boot: ${why}.`, ...console, errors].filter(Boolean).join('\n'),
    5,
  );
};
