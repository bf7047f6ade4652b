import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Acceleration,
  detectAcceleration,
  machineFailed,
  prepareFirmware,
  type QemuOptions,
  requireQemu,
  startMachine,
} from '../qemu/index.ts';
import { openMedium } from '../medium/medium.ts';
import type { Context } from '../terminal/context.ts';
import { formatSize } from '../text/size.ts';
import { checkRequest } from './check-request.ts';
import { extractKernel } from './extract-kernel.ts';

export interface BootRequest {
  readonly file: string;
  readonly firmware: 'bios' | 'uefi';
  /** Default: what the file is made for. */
  readonly as?: 'cdrom' | 'usb';
  /** MiB. */
  readonly memory: number;
  readonly headless: boolean;
  readonly write: boolean;
  readonly secureBoot: boolean;
  /** Boot the kernel directly, with these arguments added. */
  readonly append?: string;
}

const SLOW: Readonly<Record<string, string>> = {
  'no-device': 'this machine has no KVM',
  'no-permission': 'this user may not use KVM: join the group kvm',
  'does-not-run': 'KVM is there but does not run a machine',
};

/** `livesys boot`: a virtual machine that starts from the medium. Done when it is switched off. */
export async function bootMedium(wish: BootRequest, context: Context): Promise<void> {
  const request = { ...wish, as: wish.as ?? (await suitableKind(wish.file)) };
  await checkRequest(request);
  const qemu = await requireQemu(context.env);
  const folder = await mkdtemp(join(tmpdir(), 'livesys-boot-'));
  try {
    const acceleration = await detectAcceleration(qemu);
    const options = await machineOptions(request, context, acceleration, folder);
    context.stderr.write(announce(request, options, acceleration));
    const machine = startMachine(qemu, options, context.signal);
    const exit = await machine.exited;
    context.signal.throwIfAborted();
    if (exit.code !== 0) throw machineFailed(machine, exit);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A disk image is no disc; what is not read as a medium may be one all the same. */
async function suitableKind(file: string): Promise<'cdrom' | 'usb'> {
  const medium = await openMedium(file).catch(() => undefined);
  await medium?.close();
  return medium?.form === 'disk' ? 'usb' : 'cdrom';
}

type DefiniteRequest = BootRequest & Required<Pick<BootRequest, 'as'>>;

async function machineOptions(
  request: DefiniteRequest,
  { env }: Context,
  acceleration: Acceleration,
  folder: string,
): Promise<QemuOptions> {
  const { file, as, firmware, secureBoot, append } = request;
  const screen = Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  const kind = secureBoot ? 'uefi-secure' : firmware;
  return {
    firmware: await prepareFirmware(kind, folder),
    drives: [{ file, as, writes: request.write ? 'keep' : 'throw-away', boot: true }],
    memory: request.memory,
    acceleration: acceleration.kind,
    display: request.headless || !screen ? 'none' : 'window',
    serial: { kind: 'terminal' },
    network: 'user',
    ...(append === undefined ? {} : { direct: await extractKernel(file, append, folder) }),
  };
}

function announce(request: BootRequest, options: QemuOptions, acceleration: Acceleration): string {
  const { direct, display } = options;
  const firmware = request.secureBoot ? 'UEFI with Secure Boot' : request.firmware.toUpperCase();
  const how = direct === undefined ? firmware : 'the kernel directly';
  const kind = request.as === 'cdrom' ? 'a disc' : 'a stick';
  const memory = formatSize(request.memory * 1024 ** 2);
  const speed = acceleration.kind === 'kvm' ? 'KVM' : `slow: ${SLOW[acceleration.reason] ?? ''}`;
  const lines = [
    `booting ${request.file} as ${kind}, ${how}, ${memory}, ${speed}`,
    ...(direct === undefined
      ? []
      : [
          '--append skips firmware and boot loader: it does not show that the medium boots',
          `kernel arguments: ${direct.append}`,
        ]),
    request.write
      ? 'what the system writes to the stick is kept'
      : 'what the system writes to the medium is thrown away',
    ...(display === 'none' ? ['no window: the serial console below is all there is'] : []),
    'serial console; Ctrl-A X switches the machine off',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
