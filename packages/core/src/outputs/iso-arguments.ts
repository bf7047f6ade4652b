import { text, type Ref, type Text } from '../contract/values.ts';
import { PARTITION_TYPE } from './partition-type.ts';

/** What a file system of a medium holds, each file by where it lies while the task runs. */
export interface LayersParts {
  readonly label: string;
  readonly sourceDateEpoch: number;
  readonly files: readonly { readonly path: Text; readonly at: Text }[];
}

/** What goes onto an ISO. */
export interface IsoParts extends LayersParts {
  readonly image: Text;
  readonly imageId: Ref;
  /** The FAT image that a UEFI reads, from a CD and from a stick. */
  readonly esp: Text | undefined;
  /** The image that a BIOS loads from a CD. */
  readonly biosImage: Text | undefined;
  readonly mbrCode: { readonly at: Text; readonly patch: 'grub2' | undefined } | undefined;
  readonly biosBootPartition: Text | undefined;
}

const BIOS_IMAGE = '/boot/el-torito.img';
const CATALOG = '/boot/el-torito.cat';
const ESP_PARTITION = '2';
const BIOS_BOOT_PARTITION = '3';

/** The xorriso command: one image that starts as a CD and as a disk, equal for equal parts. */
export function isoArguments(parts: IsoParts): readonly Text[] {
  return [
    ...['xorriso', '-no_rc'],
    ...['-abort_on', 'FAILURE'],
    ...['-outdev', text`stdio:${parts.image}`],
    ...fileSystem(parts),
    ...content(parts.files),
    ...(parts.biosImage === undefined ? [] : ['-map', parts.biosImage, BIOS_IMAGE]),
    ...MODES,
    ...biosBoot(parts),
    ...uefiBoot(parts),
    ...partitions(parts),
    '-end',
  ];
}

/**
 * The xorriso command for the file system alone, for a partition of a disk. It goes to standard
 * output: xorriso cannot begin in the middle of a file. With -no_rc, xorriso 1.5.4 refuses that.
 */
export function layersArguments(parts: LayersParts): readonly Text[] {
  return [
    'xorriso',
    ...['-abort_on', 'FAILURE'],
    ...['-outdev', '-'],
    ...fileSystem(parts),
    ...content(parts.files),
    ...MODES,
    '-end',
  ];
}

const MODES = [
  ...['-uid', '0', '-gid', '0'],
  ...['-find', '/', '-type', 'd', '-exec', 'chmod', '0755', '--'],
  ...['-find', '/', '-type', 'f', '-exec', 'chmod', '0644', '--'],
];

function fileSystem({ label, sourceDateEpoch }: LayersParts): readonly Text[] {
  return [
    ...['-volid', label],
    // A second superblock for later sessions would leave the backup GPT short of the end.
    ...['-compliance', 'iso_9660_level=3:joliet_long_names:no_emul_toc'],
    ...['-padding', '0'],
    ...['-rockridge', 'on'],
    // Windows reads names from Joliet alone; it is where most people copy files to a FAT stick.
    ...['-joliet', 'on'],
    ...['-acl', 'off', '-xattr', 'off', '-hardlinks', 'off'],
    ...['-volume_date', 'uuid', volumeDate(sourceDateEpoch)],
    ...['-volume_date', 'all_file_dates', `=${sourceDateEpoch}`],
  ];
}

/** `YYYYMMDDhhmmsscc` in GMT, as ISO 9660 writes it. */
export function volumeDate(seconds: number): string {
  const digits = new Date(seconds * 1000).toISOString().replaceAll(/\D/g, '');
  return `${digits.slice(0, 14)}00`;
}

function content(files: LayersParts['files']): readonly Text[] {
  return files.flatMap(({ path, at }) => ['-map', at, path]);
}

function biosBoot({ biosImage, mbrCode }: IsoParts): readonly Text[] {
  if (biosImage === undefined) return [];
  // Such code continues in the image for CDs, which xorriso alone knows the place of: it writes
  // the address to byte 0x1b0 of the code and to byte 2548 of the image.
  const sharesImage = mbrCode?.patch === 'grub2';
  return [
    ...['-boot_image', 'any', `cat_path=${CATALOG}`],
    ...['-boot_image', 'any', `bin_path=${BIOS_IMAGE}`],
    ...['-boot_image', 'any', 'platform_id=0x00'],
    ...['-boot_image', 'any', 'emul_type=no_emulation'],
    ...['-boot_image', 'any', 'load_size=2048'],
    ...['-boot_image', 'any', 'boot_info_table=on'],
    ...(sharesImage
      ? [
          ...['-boot_image', 'grub', 'grub2_boot_info=on'],
          ...['-boot_image', 'grub', text`grub2_mbr=${mbrCode.at}`],
        ]
      : []),
    ...['-boot_image', 'any', 'next'],
  ];
}

function uefiBoot({ esp, biosImage }: IsoParts): readonly Text[] {
  if (esp === undefined) return [];
  return [
    ...(biosImage === undefined ? ['-boot_image', 'any', `cat_path=${CATALOG}`] : []),
    ...['-boot_image', 'any', `efi_path=--interval:appended_partition_${ESP_PARTITION}:all::`],
    ...['-boot_image', 'any', 'next'],
  ];
}

function partitions(parts: IsoParts): readonly Text[] {
  const { esp, mbrCode, biosBootPartition, imageId } = parts;
  return [
    ...(mbrCode !== undefined && mbrCode.patch === undefined
      ? ['-boot_image', 'any', text`system_area=${mbrCode.at}`]
      : []),
    ...(esp === undefined ? [] : ['-append_partition', ESP_PARTITION, PARTITION_TYPE.esp, esp]),
    ...(biosBootPartition === undefined
      ? []
      : ['-append_partition', BIOS_BOOT_PARTITION, PARTITION_TYPE.biosBoot, biosBootPartition]),
    // The kernel can then mount the ISO as a partition: a disk with partitions is never mounted whole.
    ...['-boot_image', 'any', 'partition_offset=16'],
    ...(esp === undefined && biosBootPartition === undefined
      ? ['-boot_image', 'any', 'partition_table=on']
      : ['-boot_image', 'any', 'appended_part_as=gpt']),
    // Some BIOSes start no disk without an active partition; others no disk without a valid GPT.
    ...['-boot_image', 'any', 'mbr_force_bootable=on'],
    ...['-boot_image', 'any', text`gpt_disk_guid=${imageId}`],
  ];
}
