import { readdirSync } from 'node:fs';

import { ROOT } from './plan.ts';
import type { Release } from './recorded.ts';

/** What an example is planned from. */
interface Example {
  readonly name: string;
  readonly file: string;
  readonly release: Release;
  /** Whether a source must be made first. */
  readonly makesSource: boolean;
}

const example = (name: string, release: Release, makesSource = true): Example => ({
  name,
  file: `examples/${name}/livesys.config.${name === 'yaml' ? 'yaml' : 'ts'}`,
  release,
  makesSource,
});

export const EXAMPLES: readonly Example[] = [
  example('minimal', 'trixie'),
  example('layers-and-profiles', 'bookworm'),
  example('persistent-stick', 'trixie'),
  example('yaml', 'trixie'),
  example('directory-source', 'bookworm', false),
  example('own-plugin', 'bookworm'),
  example('arch', 'arch'),
];

/** Systems that the example of a folder is planned for, too. */
export const DERIVATIVES: readonly Release[] = ['arch', 'manjaro', 'endeavouros'];

/** The folders of `examples/`; each must be in {@link EXAMPLES}. */
export const exampleFolders = (): readonly string[] => readdirSync(`${ROOT}examples`).toSorted();
