import { constants } from 'node:fs';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemCode } from '../terminal/system-error.ts';
import { spawnQuietly } from '../programs/spawn-tied.ts';

/** Why a machine can or cannot use its virtualization. */
export type Acceleration =
  | { readonly kind: 'kvm' }
  | {
      readonly kind: 'tcg';
      readonly reason: 'no-device' | 'no-permission' | 'does-not-run';
    };

/** What the probe's guest puts on the debug exit port; QEMU then exits with (value << 1) | 1. */
const MARK = 0x31;
/** Enough for a busy machine; where KVM does not work this is what the probe costs. */
const PROBE_MS = 3000;
const MARK_EXIT = (MARK << 1) | 1;

/**
 * Whether KVM really works. The device alone says little: it may exist without hardware support,
 * may not be ours to open, or may run real mode by emulation and nothing else (kvm_pvm). So a
 * firmware goes the way every system goes, to long mode, uses the FPU and SSE there, and counts to
 * fifty million: 0.2 s where KVM works, never where instructions are emulated one by one.
 */
export async function detectAcceleration(qemu: string): Promise<Acceleration> {
  const device = await openable('/dev/kvm');
  if (device !== 'yes') return { kind: 'tcg', reason: device };
  const folder = await mkdtemp(join(tmpdir(), 'livesys-kvm-'));
  try {
    const firmware = join(folder, 'probe.bin');
    await writeFile(firmware, probeFirmware());
    const { code } = await spawnQuietly(qemu, probeArguments(firmware), { timeout: PROBE_MS });
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

/** From 16 bit to long mode, as `as` translated it. Page tables lie at 0x1000, in RAM. */
const PROBE_CODE = [
  'fafc31c08ed88ec0', // cli; cld; ds = es = 0
  'bf0010b90018f3ab', // clear 0x1000 to 0x4000
  '66c70600100320000066c70600200330000066c706003083000000', // map the first 2 MiB
  '2e660f0116a000', // lgdt
  '0f20e00d20020f22e0', // cr4: PAE, OSFXSR
  '66b8001000000f22d8', // cr3 = 0x1000
  '66b9800000c00f320d00010f30', // EFER: LME
  '0f20c06683e0f3660d010000800f22c0', // cr0: PG, PE, without EM and TS
  '66ea69000f000800', // far jump into 64 bit
  'b8100000008ed88ed0', // ds = ss = data
  'dbe3660fefc0', // fninit; pxor xmm0, xmm0
  'b980f0fa02ffc975fc', // fifty million times around
  'b031e6f4f4ebfd', // out 0xf4, MARK; hlt
  '0000000000000000', // padding; GDT: null,
  '00000000009a2000', // 64-bit code,
  '0000000000920000', // data
  '170088000f00', // its limit and address
].join('');

/** 64 KiB, seen by the processor below 1 MiB; the reset vector jumps to the start. */
export function probeFirmware(): Uint8Array {
  const bytes = new Uint8Array(0x1_0000);
  bytes.set(Buffer.from(PROBE_CODE, 'hex'));
  bytes.set([0xea, 0x00, 0x00, 0x00, 0xf0], 0xfff0);
  return bytes;
}

async function openable(path: string): Promise<'yes' | 'no-device' | 'no-permission'> {
  return access(path, constants.R_OK | constants.W_OK).then(
    () => 'yes' as const,
    (error: unknown) => (systemCode(error) === 'EACCES' ? 'no-permission' : 'no-device'),
  );
}
