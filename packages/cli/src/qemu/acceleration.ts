import { constants } from 'node:fs';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { spawnQuietly } from './process.ts';

/** Why a machine can or cannot use its virtualization. */
export type Acceleration =
  | { readonly kind: 'kvm' }
  | {
      readonly kind: 'tcg';
      readonly reason: 'no-device' | 'no-permission' | 'does-not-run';
    };

/** What the probe's guest puts on the debug exit port; QEMU then exits with (value << 1) | 1. */
const MARK = 0x31;
const MARK_EXIT = (MARK << 1) | 1;

/**
 * Whether KVM really works: a firmware of three instructions runs in a machine of 16 MiB. The
 * device alone says little: the node may exist without hardware support, may not be ours to open,
 * or may make a machine whose processor never runs. Takes about 0.2 s.
 */
export async function detectAcceleration(qemu: string): Promise<Acceleration> {
  const device = await openable('/dev/kvm');
  if (device !== 'yes') return { kind: 'tcg', reason: device };
  const folder = await mkdtemp(join(tmpdir(), 'livesys-kvm-'));
  try {
    const firmware = join(folder, 'probe.bin');
    await writeFile(firmware, probeFirmware());
    const { code } = await spawnQuietly(qemu, probeArguments(firmware), { timeout: 5000 });
    return code === MARK_EXIT ? { kind: 'kvm' } : { kind: 'tcg', reason: 'does-not-run' };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function probeArguments(firmware: string, acceleration: 'kvm' | 'tcg' = 'kvm'): string[] {
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-machine', 'pc', '-accel', acceleration, '-m', '16'],
    ...['-cpu', acceleration === 'kvm' ? 'host' : 'max'],
    ...['-bios', firmware, '-device', 'isa-debug-exit,iobase=0xf4,iosize=1'],
  ];
}

/** 64 KiB whose reset vector says: mov al, MARK; out 0xf4, al; hlt. */
export function probeFirmware(): Uint8Array {
  const bytes = new Uint8Array(0x1_0000);
  bytes.set([0xb0, MARK, 0xe6, 0xf4, 0xf4], 0xfff0);
  return bytes;
}

async function openable(path: string): Promise<'yes' | 'no-device' | 'no-permission'> {
  return access(path, constants.R_OK | constants.W_OK).then(
    () => 'yes' as const,
    (error: NodeJS.ErrnoException) => (error.code === 'EACCES' ? 'no-permission' : 'no-device'),
  );
}
