import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { REPOSITORY } from './image.ts';
import { run } from './run.ts';

/** A build of the image `bookworm` that has everything below one folder. */
export interface BuildCommand {
  readonly argv: readonly string[];
  /** The ISO that it makes. */
  readonly iso: string;
}

/** Copies the config into a folder, and says how to build there from an archive, with an empty cache. */
export function buildCommand(folder: string, archive: string): BuildCommand {
  const output = join(folder, 'output');
  mkdirSync(output, { recursive: true });
  for (const path of ['images/bookworm', 'support/probe']) {
    const to = join(folder, 'test', path);
    mkdirSync(dirname(to), { recursive: true });
    run(['cp', '--archive', join(REPOSITORY, 'test/boot', path), to]);
    for (const made of ['livesys.lock.json', 'dist']) {
      rmSync(join(to, made), { recursive: true, force: true });
    }
  }
  const config = join(folder, 'test/images/bookworm/livesys.config.ts');
  const livesys = [join(REPOSITORY, 'livesys'), 'build', archive, '--config', config];
  return {
    argv: ['env', `LIVESYS_CACHE=${join(folder, 'cache')}`, ...livesys, '--output', output],
    iso: join(output, 'bookworm.iso'),
  };
}
