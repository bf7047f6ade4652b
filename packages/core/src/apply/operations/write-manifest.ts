import { stat, writeFile } from 'node:fs/promises';
import type { Operation, PlanText } from '../../plan/model.ts';
import { formatManifest, imageId, manifestJson, type Manifest } from '../../medium/manifest.ts';
import { fileDigest } from './file-digest.ts';

/** Measures the layers of an image and writes its manifest, the same for tools, and its id. */
export async function writeManifest(
  operation: Operation & { kind: 'manifest' },
  find: (path: PlanText) => Promise<string>,
  resolve: (text: PlanText) => string,
): Promise<void> {
  const { image, to } = operation;
  const layers = [];
  for (const layer of image.layers) {
    const path = await find(layer.file);
    const sha256 = await fileDigest(path);
    const file = `layers/${layer.name}-${sha256.slice(0, 16)}.${layer.format}`;
    layers.push({
      name: layer.name,
      file,
      bytes: (await stat(path)).size,
      sha256,
      format: layer.format,
      ...(layer.verity === undefined ? {} : { verity: verityOf(layer.verity, resolve) }),
    });
  }
  const kernels = [];
  for (const kernel of image.kernels) {
    kernels.push({ release: kernel.release, sha256: await fileDigest(await find(kernel.image)) });
  }
  const content = { layers, kernels, profiles: image.profiles, about: image.about };
  const manifest: Manifest = { ...content, image: imageId(content) };
  await writeFile(await find(to.manifest), formatManifest(manifest));
  await writeFile(await find(to.json), manifestJson(manifest));
  await writeFile(await find(to.id), `${manifest.image}\n`);
}

function verityOf(
  verity: { readonly offset: PlanText; readonly rootHash: PlanText },
  resolve: (text: PlanText) => string,
): NonNullable<Manifest['layers'][number]['verity']> {
  return { offset: Number(resolve(verity.offset)), rootHash: resolve(verity.rootHash) };
}
