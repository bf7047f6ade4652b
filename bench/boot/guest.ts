import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnTied } from '../../packages/cli/src/programs/spawn-tied.ts';
import { EMULATED_PROCESSOR } from '../../packages/cli/src/qemu/arguments.ts';
import { cleanConsole, consoleTail } from '../../packages/cli/src/qemu/serial.ts';

/**
 * `counted`: every instruction takes the same time and waiting takes none, so that the machine under
 * QEMU does not matter. `real`: as fast as this machine is.
 */
export type Clock = 'counted' | 'real';

/** A kernel, its boot image, and the medium that holds the rest. */
export interface Boot {
  readonly kernel: string;
  readonly initrd: string;
  readonly append: string;
  readonly medium: string;
}

/** The figures of a boot by name: seconds since the kernel started, KiB, sectors. */
export type Marks = Readonly<Record<string, number>>;

const LINE = /^LIVESYS-BENCH: ([\w-]+)=(.*)$/gm;

/** Seconds of this machine after which a guest is given up. */
const LIMIT = 600;

/** Two nanoseconds for each instruction, which is a slow processor of today. */
const COUNTED = ['-accel', 'tcg,thread=single', '-icount', 'shift=1,sleep=off', '-smp', '1'];
const REAL = ['-accel', 'tcg,thread=multi', '-smp', '2'];

/** What both sides of a comparison get; the addresses of the kernel are drawn by lot otherwise. */
const SHARED = 'console=ttyS0,115200 quiet panic=-1 nokaslr rd.shell=0 rd.emergency=poweroff';

/** Boots a system that has the probe, and gives what it tells. */
export async function boot(qemu: string, what: Boot, clock: Clock, folder: string): Promise<Marks> {
  const serial = join(folder, 'serial');
  await rm(serial, { force: true });
  const child = spawnTied(qemu, machine(what, clock, serial), {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT * 1000);
  await once(child, 'exit');
  clearTimeout(timer);
  const console = cleanConsole(await readFile(serial, 'latin1'));
  const said = new Map([...console.matchAll(LINE)].map(([, key = '', value = '']) => [key, value]));
  if (said.get('end') !== 'yes')
    throw new Error(`the guest did not come up:\n${consoleTail(console, 40).join('\n')}`);
  said.delete('end');
  return Object.fromEntries([...said].map(([key, value]) => [key, Number(value)]));
}

/** A card reader, because QEMU serves it within the instruction that asks: no waiting, no chance. */
function machine(what: Boot, clock: Clock, serial: string): string[] {
  return [
    ...['-nodefaults', '-no-user-config', '-machine', 'q35', '-m', '1024', '-seed', '1'],
    // A counted clock would take each byte that these copy for an instruction.
    ...['-cpu', EMULATED_PROCESSOR],
    ...(clock === 'counted' ? COUNTED : REAL),
    ...['-rtc', 'base=2026-01-01T00:00:00,clock=vm', '-nic', 'none', '-display', 'none'],
    ...['-serial', `file:${serial}`, '-no-reboot'],
    ...['-drive', `if=none,id=medium,format=raw,snapshot=on,file=${what.medium}`],
    ...['-device', 'sdhci-pci', '-device', 'sd-card,drive=medium'],
    ...['-kernel', what.kernel, '-initrd', what.initrd, '-append', `${SHARED} ${what.append}`],
  ];
}
