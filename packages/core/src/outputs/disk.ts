import type { BootAssets } from '../contract/boot.ts';
import type { Need } from '../contract/need.ts';
import { checkOptions, isText } from '../contract/options.ts';
import type { Partition } from '../contract/partition-table.ts';
import type { Ops } from '../contract/plan-builder.ts';
import type { OutputContext, OutputFormat } from '../contract/roles.ts';
import { text, type Artifact } from '../contract/values.ts';
import { API_VERSION } from '../plugins/api-version.ts';
import { DATA_LABEL, DATA_NEEDS, dataImage } from './data-image.ts';
import { dataSize } from './data-size.ts';
import { ESP_NEEDS } from './esp-image.ts';
import { layersArguments } from './iso-arguments.ts';
import { PARTITION_TYPE } from './partition-type.ts';
import { placeAll } from './place.ts';
import { rawBytes } from './raw-bytes.ts';

/** Options of {@link disk}. */
export interface DiskOptions {
  /** Relative paths count from the config's folder. Default: `dist/<id>-<version>.img`. */
  readonly file?: string;
  /**
   * Size of the partition that keeps changes, such as `512M` or `2G`, or `none`. It takes no room in
   * the file until it is used, and `livesys write` lets it grow to the end of the stick. Default: `1G`.
   */
  readonly data?: string;
}

const SCRATCH = '/tmp/disk';
const NEEDS: readonly Need[] = [
  {
    name: 'xorriso',
    reason: 'makes the partition with the layers',
  },
  ...ESP_NEEDS,
  ...DATA_NEEDS,
];

/**
 * The image of a whole disk, for a stick, a disk or a virtual machine: a GPT with partitions for the
 * boot code of a BIOS (1), for a UEFI (2), for the layers (3, ISO 9660, never written to) and for
 * changes (4, ext4). Throws `LIVESYS_CONFIG_INVALID` for a size of `data` that cannot be.
 */
export function disk(options: DiskOptions = {}): OutputFormat {
  checkOptions<DiskOptions>('disk', options, {
    file: [isText, 'the path of a file'],
    data: [isText, 'a size such as "2G", or "none"'],
  });
  const mebibytes = dataSize(options.data ?? '1G');
  return {
    role: 'output',
    name: '@livesys/core/disk',
    version: API_VERSION,
    apiVersion: '^1.0.0',
    needs: NEEDS,
    format: 'disk',
    extension: 'img',
    ...(options.file === undefined ? {} : { file: options.file }),
    firmware: ['bios', 'uefi'],
    build: (context) => build(context, mebibytes),
  };
}

function build(context: OutputContext, mebibytes: number): void {
  const esp = context.espImage();
  context.output({ title: 'disk image' }, (ops) => writeDisk(ops, context, esp, mebibytes));
}

function writeDisk(
  ops: Ops,
  context: OutputContext,
  esp: Artifact | undefined,
  mebibytes: number,
): void {
  const image = ops.output('image');
  const code = rawBytes(context.assets, 'disk', 'mbr-code');
  ops.exec(['truncate', '--size=1M', image]);
  const partitions = [
    ...biosBoot(ops, context.assets),
    ...(esp === undefined ? [] : [appended(ops, esp, { number: 2, type: PARTITION_TYPE.esp })]),
    layers(ops, context),
    ...data(ops, context, mebibytes),
  ];
  ops.partition(image, { id: context.imageId, partitions, active: code !== undefined });
  if (code === undefined) return;
  // The rest of the first sector is the table of partitions.
  const from = text`if=${ops.input(code.bytes)}`;
  ops.exec(['dd', from, text`of=${image}`, 'bs=440', 'count=1', 'conv=notrunc', 'status=none']);
}

function appended(ops: Ops, artifact: Artifact, partition: Omit<Partition, 'size'>): Partition {
  const at = ops.input(artifact);
  ops.append(at, ops.output('image'));
  return { ...partition, size: { of: at } };
}

function biosBoot(ops: Ops, assets: BootAssets): readonly Partition[] {
  const core = rawBytes(assets, 'disk', 'bios-boot-partition');
  if (core === undefined) return [];
  return [appended(ops, core.bytes, { number: 1, type: PARTITION_TYPE.biosBoot })];
}

function layers(ops: Ops, { content, facts, label }: OutputContext): Partition {
  const files = placeAll(ops, content, `${SCRATCH}/files`);
  const { sourceDateEpoch } = facts;
  const image = text`of=${ops.output('image')}`;
  ops.pipe(
    [
      layersArguments({ label, sourceDateEpoch, files }),
      ['dd', image, 'bs=1M', 'iflag=fullblock', 'oflag=append', 'conv=notrunc', 'status=none'],
    ],
    // No start-up file of a person is read.
    { progress: 'xorriso', env: { HOME: SCRATCH } },
  );
  return { number: 3, type: PARTITION_TYPE.linux, name: 'LIVESYS-LAYERS', size: 'rest' };
}

function data(
  ops: Ops,
  { imageId, facts }: OutputContext,
  mebibytes: number,
): readonly Partition[] {
  if (mebibytes === 0) return [];
  const at = `${SCRATCH}/data`;
  ops.makeDirectory(SCRATCH);
  dataImage(ops, at, { mebibytes, imageId, sourceDateEpoch: facts.sourceDateEpoch });
  ops.append(at, ops.output('image'));
  return [{ number: 4, type: PARTITION_TYPE.data, name: DATA_LABEL, size: { of: at } }];
}
