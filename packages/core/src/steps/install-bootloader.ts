import { basename, posix } from 'node:path';
import type { BootAssets } from '../contract/boot.ts';
import type { MediumFile } from '../contract/roles.ts';
import { text, type Artifact, type Ref, type Text } from '../contract/values.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import { espImage } from '../outputs/esp-image.ts';
import type { PlanText } from '../plan/model.ts';
import { planText } from '../plan/text.ts';
import { bootEntries, SELECTION_ENTRY } from './boot-entries.ts';
import type { BootKernel } from './build-initramfs.ts';
import { layerPath } from './compress.ts';
import { builder, type Planning } from './context.ts';
import type { PreparedImage } from './prepare-image.ts';

/** Step 3: the manifest, boot entries that point to the kernels, and the outputs. */
export function installBootloader(
  planning: Planning,
  prepared: PreparedImage,
  kernel: BootKernel,
): void {
  const { config, facts, hooks, parts } = planning;
  const plan = builder(planning, 'installBootloader', parts.bootloader.name);
  const image = describeImage(planning, prepared, kernel);
  const imageId = plan.content(image.id);
  const entries = bootEntries(planning, prepared, kernel, imageId);
  const marker = text`/livesys/id/${imageId}`;
  const folder = `/livesys/boot/${kernel.facts.release}`;
  const places = new Map<string, Text>([
    [kernel.image.artifact, `${folder}/vmlinuz`],
    [kernel.initrd.artifact, `${folder}/initrd`],
  ]);
  const assets = hooks.bootAssets.call(
    parts.bootloader.assets({
      plan,
      entries,
      menu: {
        title: config.title ?? facts.osRelease.prettyName,
        defaultEntry: SELECTION_ENTRY,
      },
      facts,
      imageId,
      marker,
      locate: (artifact) => located(places, artifact, parts.bootloader.name),
      sign: (efi) => efi,
    }),
  );
  hooks.installBootloader.call({ plan, facts });
  const content: MediumFile[] = [
    { path: marker, content: '' },
    { path: '/livesys/manifest', content: image.manifest },
    { path: '/livesys/manifest.json', content: image.json },
    ...prepared.layers.map((layer) => ({
      path: layerPath(layer, plan.content(layer.hash)),
      content: layer.file,
    })),
    ...kernelFiles(planning, folder, kernel),
    ...assetFiles({ ...assets.esp, ...assets.medium }),
  ];
  const made = { content, assets, imageId, espImage: sharedEspImage(planning, assets) };
  for (const output of config.outputs) planOutput(planning, output, made);
}

/** A loader that reads kernels from the EFI system partition puts them there itself. */
function kernelFiles(
  { parts }: Planning,
  folder: string,
  kernel: BootKernel,
): readonly MediumFile[] {
  if (parts.bootloader.supports.kernelsOn === 'esp') return [];
  return [
    { path: `${folder}/vmlinuz`, content: kernel.image },
    { path: `${folder}/initrd`, content: kernel.initrd },
  ];
}

function assetFiles(files: BootAssets['medium']): readonly MediumFile[] {
  return Object.entries(files ?? {}).map(([path, content]) => ({ path, content }));
}

function located(places: ReadonlyMap<string, Text>, artifact: Artifact, plugin: string): Text {
  const place = places.get(artifact.artifact);
  if (place !== undefined) return place;
  throw new LivesysError(
    'LIVESYS_PLUGIN_DEFECT',
    `${plugin} asks where ${artifact.artifact} lies, which is not part of a boot entry.`,
    { plugin },
  );
}

function describeImage(
  planning: Planning,
  prepared: PreparedImage,
  kernel: BootKernel,
): { manifest: Artifact; json: Artifact; id: Artifact } {
  const { facts } = planning;
  const plan = builder(planning, 'installBootloader');
  const content = (artifact: Artifact): PlanText => planText(plan.content(artifact));
  return plan.task(
    {
      id: 'image:manifest',
      title: 'manifest',
      place: { on: 'tools', mounts: {} },
      outputs: ['manifest', 'json', 'id'],
    },
    (ops) => {
      ops.manifest(
        {
          layers: prepared.layers.map((layer) => ({
            name: layer.name,
            file: ops.input(layer.file) as string,
            format: planning.config.format,
            verity: {
              offset: content(layer.verity.offset),
              rootHash: content(layer.verity.rootHash),
            },
          })),
          kernels: [{ release: kernel.facts.release, image: ops.input(kernel.image) as string }],
          profiles: prepared.profiles.map((profile) => ({
            name: profile.name,
            title: profile.title,
            default: profile.default,
            persistence: profile.persistence,
            layers: profile.stack,
            kernel: kernel.facts.release,
          })),
          about: {
            system: facts.osRelease.prettyName,
            architecture: facts.architecture,
            sourceDateEpoch: String(facts.sourceDateEpoch),
          },
        },
        { manifest: ops.output('manifest'), json: ops.output('json'), id: ops.output('id') },
      );
    },
  );
}

/** Planned by the first output that wants it. */
function sharedEspImage(planning: Planning, { esp }: BootAssets): () => Artifact | undefined {
  let made: Artifact | undefined;
  const { sourceDateEpoch } = planning.facts;
  return () => {
    if (esp === undefined) return undefined;
    made ??= espImage(builder(planning, 'installBootloader'), { files: esp, sourceDateEpoch });
    return made;
  };
}

function planOutput(
  planning: Planning,
  output: Planning['config']['outputs'][number],
  made: {
    readonly content: readonly MediumFile[];
    readonly assets: BootAssets;
    readonly imageId: Ref;
    readonly espImage: () => Artifact | undefined;
  },
): void {
  const { config, facts } = planning;
  const plan = builder(planning, 'installBootloader', output.name);
  const name = config.name ?? facts.osRelease.id;
  const version = config.version ?? facts.osRelease.versionId ?? 'rolling';
  const wanted = posix.resolve(
    config.folder,
    output.file ?? `dist/${name}-${version}.${output.extension ?? output.format}`,
  );
  const { outputFolder } = planning;
  const path = outputFolder === undefined ? wanted : posix.join(outputFolder, basename(wanted));
  output.build({
    ...made,
    plan,
    facts,
    label: volumeLabel(`${name} ${version}`),
    output: (options, body) =>
      plan.output(
        {
          id: `output:${output.format}`,
          title: options.title ?? basename(path),
          path,
          firmware: made.assets.firmware,
        },
        body,
      ),
  });
}

/** A label that every file system takes. */
function volumeLabel(title: string): string {
  return title
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .slice(0, 32);
}
