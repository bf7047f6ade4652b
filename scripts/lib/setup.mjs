import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';

import { line, PNPM, root, run, step, Stop } from './step.mjs';
import { systemPackages } from './system-packages.mjs';

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

/** @param {'live' | 'test'} purpose @param {boolean} yes */
const installSystemPackages = async (purpose, yes) => {
  const wanted = systemPackages.filter(({ live }) => purpose === 'test' || live);
  const missing = await missingPackages(wanted.map(({ name }) => name));
  if (missing.length === 0) {
    line(true, 'system packages', 'there');
    return;
  }
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const apt = [...sudo, 'apt-get'];
  const install = [...apt, 'install', '-y', ...missing];
  console.log('Missing system packages:');
  for (const { name, reason } of wanted) {
    if (missing.includes(name)) console.log(`  ${name.padEnd(24)} ${reason}`);
  }
  console.log(`\n  ${install.join(' ')}\n`);
  if (!yes && !(await confirm('Run this now? [y/N] '))) {
    throw new Stop('This machine is not ready: run the line above, or pass --yes.', 4);
  }
  await step('package lists', [...apt, 'update']);
  await step(
    'system packages',
    sudo.length > 0
      ? ['sudo', 'env', 'DEBIAN_FRONTEND=noninteractive', ...install.slice(1)]
      : install,
    { env: { DEBIAN_FRONTEND: 'noninteractive' } },
  );
};

/** @param {readonly string[]} names */
const missingPackages = async (names) => {
  const query = ['dpkg-query', '-W', '-f', '${Package} ${db:Status-Status}\n', ...names];
  const { output } = await run(query).catch(() => {
    throw new Stop('dpkg-query was not found: this set-up works on Debian and its derivatives.', 4);
  });
  const installed = new Set(
    output
      .split('\n')
      .filter((text) => text.endsWith(' installed'))
      .map((text) => text.split(' ')[0]),
  );
  return names.filter((name) => !installed.has(name));
};

/** @param {string} question */
const confirm = async (question) => {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(question);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
};

const installNpmPackages = async () => {
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
