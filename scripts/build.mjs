// Compiles every package. tsc never removes what a deleted or renamed source left behind, and
// what lies in dist is published, so that goes first.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { installNpmPackages } from './lib/setup.mjs';
import { main, root, run } from './lib/step.mjs';

for (const name of readdirSync(`${root}/packages`)) {
  const dist = join(root, 'packages', name, 'dist');
  if (!existsSync(dist)) continue;
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const source = file.replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts');
    if (source === file) continue;
    if (!existsSync(join(root, 'packages', name, 'src', source))) rmSync(join(dist, file));
  }
}
await main(async () => {
  if (!existsSync(`${root}/node_modules/typescript`)) await installNpmPackages();
  const { code } = await run(['node', 'node_modules/typescript/bin/tsc', '-b'], { quiet: false });
  process.exitCode = code;
});
