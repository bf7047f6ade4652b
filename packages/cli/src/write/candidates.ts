import { type BlockDevice, family, mountPointsOf } from '../disk/block-devices.ts';
import { SECTOR } from '../disk/gpt.ts';
import { formatSize } from '../text/size.ts';

/** A device, and why it may not be written to, if it may not. */
export interface Candidate {
  readonly device: BlockDevice;
  readonly refusal: string | undefined;
}

export interface Wish {
  /** Size of what is to be written. */
  readonly bytes: number;
  /** A device that may be written to although it is built in. */
  readonly fixed: string | undefined;
  /** Devices that what is written lies on, or is. */
  readonly sources: readonly string[];
}

const SYSTEM = new Set(['/', '/usr', '/boot', '/boot/efi', '/efi', '/var', '/home', '[SWAP]']);
/** Where a live system mounts what it booted from. */
const LIVE = '/run/initramfs/livesys/';
/** What people do not call disks. */
const HIDDEN = /^\/dev\/(?:ram|zram|loop|fd|sr)\d/;

/** The disks of a machine, those that may be written to first. */
export function judgeDevices(devices: readonly BlockDevice[], wish: Wish): Candidate[] {
  return devices
    .filter(({ path, type, bytes }) => type === 'disk' && bytes > 0 && !HIDDEN.test(path))
    .map((device) => ({ device, refusal: refusalOf(device, wish) }))
    .toSorted((a, b) => Number(a.refusal !== undefined) - Number(b.refusal !== undefined));
}

/** Why a device may not be written to. */
export function refusalOf(device: BlockDevice, wish: Wish): string | undefined {
  return (
    kindRefusal(device) ??
    useRefusal(device) ??
    sourceRefusal(device, wish) ??
    sizeRefusal(device, wish) ??
    builtInRefusal(device, wish)
  );
}

function kindRefusal({ type, parent }: BlockDevice): string | undefined {
  if (type === 'disk' || type === 'loop') return undefined;
  if (type === 'part') return `is a partition: a medium takes the whole of ${parent}`;
  return `is no disk (${type})`;
}

function useRefusal(device: BlockDevice): string | undefined {
  const points = mountPointsOf(device);
  if (points.some((point) => point.startsWith(LIVE))) return 'holds the running live system';
  if (points.some((point) => SYSTEM.has(point))) return 'holds the running system';
  if (points[0] !== undefined) return `is mounted on ${points[0]}`;
  const holder = family(device).find(({ type }) => !['disk', 'part', 'loop'].includes(type));
  return holder && `is part of ${holder.path} (${holder.type})`;
}

function sourceRefusal(device: BlockDevice, { sources }: Wish): string | undefined {
  const itself = family(device).some(({ path }) => sources.includes(path));
  return itself ? 'is where the image comes from' : undefined;
}

function sizeRefusal(device: BlockDevice, wish: Wish): string | undefined {
  if (device.readOnly) return 'is read-only';
  if (device.bytes < wish.bytes) return `is too small: the image has ${formatSize(wish.bytes)}`;
  return device.sectorSize === SECTOR
    ? undefined
    : `has sectors of ${device.sectorSize} bytes; the image is made for ${SECTOR}`;
}

function builtInRefusal(device: BlockDevice, { fixed }: Wish): string | undefined {
  const { path, removable, transport } = device;
  if (removable || transport === 'usb' || transport === 'mmc' || path === fixed) return undefined;
  return `is built in; to write to it all the same: --fixed ${path}`;
}
