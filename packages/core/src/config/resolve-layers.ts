import { resolve } from 'node:path';
import type { LayerRequest } from '../contract/hooks.ts';
import { layerOrder, type LayerViews } from './layer-tree.ts';
import type { ParsedConfig } from './schema.ts';

/** Layers of a config without problems, each after the one below it; folders made absolute. */
export function resolveLayers(
  layers: ParsedConfig['layers'],
  views: LayerViews,
  folder: string,
): readonly LayerRequest[] {
  return layerOrder(views).map((name) => {
    const { packages, commands, files } = layers[name] ?? {};
    const on = views.get(name)?.on;
    return {
      name,
      ...(on === undefined ? {} : { on }),
      ...(packages === undefined ? {} : { packages }),
      ...(files === undefined ? {} : { files: resolve(folder, files) }),
      ...(commands === undefined ? {} : { commands }),
    };
  });
}
