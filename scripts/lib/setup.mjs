import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

import { installSystemPackages } from './install-system-packages.mjs';
import { line, PNPM, root, step, Stop } from './step.mjs';

const MINIMUM_NODE = [20, 19];
const STAMP = `${root}/node_modules/.livesys-setup`;

/**
 * Takes a fresh machine to a built checkout: system packages, npm packages, build.
 *
 * @param {'live' | 'test'} purpose
 * @param {readonly string[]} argv
 */
export const setup = async (purpose, argv) => {
  requireNode();
  const [unknown] = argv.filter((argument) => argument !== '--yes');
  if (unknown !== undefined)
    throw new Stop(`${unknown} is not known here; there is: npm run ${purpose} -- --yes`, 2);
  await installSystemPackages(purpose, argv.includes('--yes') || Boolean(process.env['CI']));
  await installNpmPackages();
  await step('build', ['node', 'scripts/build.mjs'], { exitCode: 1 });
};

const requireNode = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantMajor = 0, wantMinor = 0] = MINIMUM_NODE;
  if (major > wantMajor || (major === wantMajor && minor >= wantMinor)) return;
  throw new Stop(`Node ${process.versions.node} is too old: ${MINIMUM_NODE.join('.')} or newer`, 4);
};

/** Installs what the lock file names, unless that was done. */
export const installNpmPackages = async () => {
  const stamp = dependencyStamp();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) {
    line(true, 'npm packages', 'current');
    return;
  }
  await step('npm packages', [...PNPM, 'install', '--frozen-lockfile']);
  mkdirSync(`${root}/node_modules`, { recursive: true });
  writeFileSync(STAMP, stamp);
};

/** Changes when an install would have something to do. */
const dependencyStamp = () => {
  const members = ['packages', 'examples'].flatMap((folder) =>
    readdirSync(`${root}/${folder}`).map((name) => `${folder}/${name}/package.json`),
  );
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'test/package.json'];
  const hash = createHash('sha256').update(process.version);
  for (const file of [...files, 'bench/package.json', ...members.sort()]) {
    if (existsSync(`${root}/${file}`)) hash.update(file).update(readFileSync(`${root}/${file}`));
  }
  return hash.digest('hex');
};
