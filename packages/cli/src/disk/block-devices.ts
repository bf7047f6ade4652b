import { programFailed, type RunProgram } from '../programs/run-program.ts';

/** A block device as `lsblk` tells of it, with what is made of it: partitions, LUKS, LVM, RAID. */
export interface BlockDevice {
  readonly path: string;
  /** The device that it is a part of; empty for a whole one. */
  readonly parent: string;
  /** `disk`, `part`, `loop`, `rom`, `crypt`, `lvm`, `raid1` and so on. */
  readonly type: string;
  readonly bytes: number;
  readonly sectorSize: number;
  readonly removable: boolean;
  readonly readOnly: boolean;
  /** `usb`, `sata`, `nvme`, `mmc`; empty where the kernel does not tell. */
  readonly transport: string;
  readonly model: string;
  readonly serial: string;
  readonly fileSystem: string;
  readonly label: string;
  readonly mountPoints: readonly string[];
  readonly children: readonly BlockDevice[];
}

const COLUMNS = [
  ...['PATH', 'TYPE', 'SIZE', 'LOG-SEC', 'RM', 'HOTPLUG', 'RO', 'TRAN', 'MODEL', 'SERIAL'],
  ...['PKNAME', 'FSTYPE', 'LABEL', 'MOUNTPOINTS'],
];

/** All devices of this machine, or the one named. Empty ones are left out. */
export async function listBlockDevices(run: RunProgram, device?: string): Promise<BlockDevice[]> {
  const result = await run(
    [
      ...(['lsblk', '--json', '--bytes', '--output', COLUMNS.join(',')] as const),
      ...(device === undefined ? [] : ['--', device]),
    ],
    { purpose: 'tells which devices there are and what uses them' },
  );
  // 32, 64: there is no device, or not every one that was named.
  if (result.code === 32 || result.code === 64) return [];
  if (result.code !== 0) throw programFailed(result);
  const { blockdevices } = JSON.parse(result.stdout.toString('utf8')) as {
    readonly blockdevices: readonly Row[];
  };
  return blockdevices.map(toDevice);
}

/** The device and all that is made of it, the device first. */
export function family(device: BlockDevice): BlockDevice[] {
  return [device, ...device.children.flatMap(family)];
}

/** Where something of the device is mounted; `[SWAP]` for swap. */
export function mountPointsOf(device: BlockDevice): string[] {
  return family(device).flatMap(({ mountPoints }) => mountPoints);
}

type Value = string | number | boolean | null;
type Row = Readonly<Record<string, Value | undefined>> & {
  readonly mountpoints?: readonly (string | null)[];
  readonly children?: readonly Row[];
};

function toDevice(row: Row): BlockDevice {
  const text = (key: string) => String(row[key] ?? '').trim();
  // Older versions write "1" for true.
  const flag = (key: string) => row[key] === true || row[key] === '1';
  const path = text('path');
  return {
    path,
    parent: text('pkname') === '' ? '' : `/dev/${text('pkname')}`,
    type: text('type'),
    bytes: Number(row['size'] ?? 0),
    sectorSize: Number(row['log-sec'] ?? 512),
    removable: flag('rm') || flag('hotplug'),
    readOnly: flag('ro'),
    // Older versions do not know what a memory card is connected by.
    transport: text('tran') || (/\/mmcblk\d+$/.test(path) ? 'mmc' : ''),
    model: text('model'),
    serial: text('serial'),
    fileSystem: text('fstype'),
    label: text('label'),
    mountPoints: (row.mountpoints ?? []).filter((point) => point !== null),
    children: (row.children ?? []).map(toDevice),
  };
}
