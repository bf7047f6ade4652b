import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { buildImage, REPOSITORY, runLivesys } from './image.ts';
import { run } from './run.ts';
import { cacheFolder, sourceTree } from './source.ts';

const CONFIG = join(REPOSITORY, 'test/boot/images/bookworm/machine.config.ts');
const TREE = 'tree:machine';

interface Planned {
  readonly type: string;
  readonly tasks: readonly { readonly id: string; readonly key?: string }[];
}

/** Makes a whole Debian in a folder, which has all that a build runs. Gives where it lies. */
export function machineTree(folder: string): string {
  buildImage('bookworm');
  const upper = join(cacheFolder(), 'results', keyOfTree(), 'content');
  const [merged, root] = [join(folder, 'merged'), join(folder, 'root')];
  mkdirSync(merged);
  const script = `mount -t overlay -o "ro,lowerdir=$1:$2" overlay "$3" && cp -a "$3" "$4"`;
  const own = ['unshare', '--mount', '--propagation', 'private'];
  run([...own, 'sh', '-ec', script, 'sh', upper, sourceTree(), merged, root]);
  return root;
}

/** Builds what is installed above the source, and gives its key in the cache. */
function keyOfTree(): string {
  const said = runLivesys('build', '--config', CONFIG, '--until', TREE, '--json');
  const events = said.trim().split('\n');
  const keys = events
    .map((line) => JSON.parse(line) as Planned)
    .filter(({ type }) => type === 'planned')
    .flatMap(({ tasks }) => tasks.filter(({ id }) => id === TREE));
  const key = keys.at(-1)?.key;
  if (key === undefined) throw new Error(`no key of ${TREE} in:\n${said}`);
  return key;
}
