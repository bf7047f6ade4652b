import type { Need } from '../contract/need.ts';
import { checkOptions, isText } from '../contract/options.ts';
import type { Ops } from '../contract/plan-builder.ts';
import type { OutputContext, OutputFormat } from '../contract/roles.ts';
import type { Artifact, Text } from '../contract/values.ts';
import { API_VERSION } from '../plugins/api-version.ts';
import { ESP_NEEDS } from './esp-image.ts';
import { isoArguments } from './iso-arguments.ts';
import { placeAll } from './place.ts';
import { rawBytes } from './raw-bytes.ts';

/** Options of {@link iso}. */
export interface IsoOptions {
  /** Relative paths count from the config's folder. Default: `dist/<id>-<version>.iso`. */
  readonly file?: string;
}

const SCRATCH = '/tmp/iso';
const NEEDS: readonly Need[] = [
  {
    name: 'xorriso',
    reason: 'makes the ISO',
  },
  ...ESP_NEEDS,
];

/**
 * One file that starts as a CD or DVD and, copied to a stick byte by byte, as a disk. Its files
 * copied to a FAT stick start on a UEFI.
 */
export function iso(options: IsoOptions = {}): OutputFormat {
  checkOptions<IsoOptions>('iso', options, { file: [isText, 'the path of a file'] });
  return {
    role: 'output',
    name: '@livesys/core/iso',
    version: API_VERSION,
    apiVersion: '^1.0.0',
    needs: NEEDS,
    format: 'iso',
    ...(options.file === undefined ? {} : { file: options.file }),
    firmware: ['bios', 'uefi'],
    build,
  };
}

function build(context: OutputContext): void {
  const esp = context.espImage();
  context.output({ title: 'ISO' }, (ops) => writeIso(ops, context, esp));
}

function writeIso(ops: Ops, context: OutputContext, esp: Artifact | undefined): void {
  const { assets, content, facts, imageId, label } = context;
  const input = (artifact: Artifact | undefined): Text | undefined =>
    artifact === undefined ? undefined : ops.input(artifact);
  const code = rawBytes(assets, 'iso', 'mbr-code');
  const partition = rawBytes(assets, 'iso', 'bios-boot-partition');
  ops.exec(
    isoArguments({
      image: ops.output('image'),
      label,
      imageId,
      sourceDateEpoch: facts.sourceDateEpoch,
      files: placeAll(ops, content, SCRATCH),
      esp: input(esp),
      biosImage: input(assets.elTorito?.bios),
      mbrCode: code === undefined ? undefined : { at: ops.input(code.bytes), patch: code.patch },
      biosBootPartition: input(partition?.bytes),
    }),
    { progress: 'xorriso' },
  );
}
