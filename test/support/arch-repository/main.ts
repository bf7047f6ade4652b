import { resolve } from 'node:path';
import { buildRepository } from './build-repository.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: main.ts FOLDER\n');
  process.exitCode = 2;
} else {
  process.stdout.write(`${JSON.stringify(buildRepository(resolve(folder)), null, 2)}\n`);
}
