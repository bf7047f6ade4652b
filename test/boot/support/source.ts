import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';

import { REPOSITORY, runLivesys } from './image.ts';
import { run } from './run.ts';

/** The config of the image whose source tree is packed. */
const CONFIG = join(REPOSITORY, 'test/boot/images/bookworm/livesys.config.ts');

/** Where the usual cache lies. */
export function cacheFolder(): string {
  return (JSON.parse(runLivesys('cache', 'ls', '--json')) as { readonly folder: string }).folder;
}

/** The tree that the image was made of; the image must have been built. */
export function sourceTree(): string {
  const plan = JSON.parse(runLivesys('plan', '--config', CONFIG, '--json')) as {
    readonly sourceKey: string;
  };
  const tree = join(cacheFolder(), 'results', plan.sourceKey, 'content');
  if (!existsSync(tree)) throw new Error(`the source tree is not where it should be: ${tree}`);
  return tree;
}

/** Files that take the place of those of a tree, or are added to it. */
export interface Additions {
  readonly folder: string;
  /** Relative to the folder, and to the tree. */
  readonly paths: readonly string[];
}

/** Packs the source tree, as `archive()` takes it. */
export function packSource(archive: string, more?: Additions): void {
  const kept = ['--xattrs', '--xattrs-include=*', '--acls', '--numeric-owner', '--sort=name'];
  const added = more === undefined ? [] : ['--directory', more.folder, ...more.paths];
  run(['tar', '--create', '--file', archive, ...kept, '--directory', sourceTree(), '.', ...added]);
  chmodSync(archive, 0o644);
}
