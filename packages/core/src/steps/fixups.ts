import { posix } from 'node:path';
import type { Tree } from '../contract/values.ts';
import { builder, type Planning } from './context.ts';

/**
 * Plans the layer on top of a profile: what must differ on a live system, and the runtime's own
 * files and units.
 */
export function fixups(planning: Planning, name: string, on: Tree): Tree {
  const { config, facts, hooks, parts } = planning;
  const added = hooks.imageFiles.call({ files: [], enable: [] });
  return builder(planning, 'prepareImage', parts.distro.name).layer(
    { id: `tree:${name}`, title: name, on },
    (ops) => {
      const { identity, user, hostname } = config;
      parts.distro.generalize(ops, { facts, identity, user, hostname });
      for (const file of parts.runtime.image.files) {
        ops.copy(ops.input(file.blob), file.path, { owner: 'root', mode: file.blob.mode });
      }
      for (const file of added.files)
        ops.write(file.path, file.content, file.mode === undefined ? {} : { mode: file.mode });
      const files = [...parts.runtime.image.files, ...added.files].map((file) => file.path);
      for (const unit of [...parts.runtime.image.enable, ...added.enable]) {
        ops.link(unitFile(unit, files), `/etc/systemd/system/multi-user.target.wants/${unit}`);
      }
    },
  );
}

/** Where a unit lies: among the files that are laid down, or where packages put theirs. */
function unitFile(unit: string, files: readonly string[]): string {
  return files.find((path) => posix.basename(path) === unit) ?? `/usr/lib/systemd/system/${unit}`;
}
