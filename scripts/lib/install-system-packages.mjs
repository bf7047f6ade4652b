import { createInterface } from 'node:readline/promises';

import { line, run, step, Stop } from './step.mjs';
import { systemPackages } from './system-packages.mjs';

/**
 * Installs the Debian packages that are missing, with sudo where that is needed. Without `yes` it
 * asks, and without a terminal to ask on it stops.
 *
 * @param {'live' | 'test'} purpose
 * @param {boolean} yes
 */
export const installSystemPackages = async (purpose, yes) => {
  const wanted = systemPackages.filter(({ live }) => purpose === 'test' || live);
  const missing = await missingPackages(wanted.map(({ name }) => name));
  if (missing.length === 0) {
    line(true, 'system packages', 'there');
    return;
  }
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const apt = [...sudo, 'apt-get'];
  const update = [...apt, 'update'];
  const install = [...apt, 'install', '-y', ...missing];
  console.log('Missing system packages:');
  for (const { name, reason } of wanted) {
    if (missing.includes(name)) console.log(`  ${name.padEnd(24)} ${reason}`);
  }
  console.log(`\n  ${update.join(' ')} && ${install.join(' ')}\n`);
  if (!yes && !(await confirm('Run this now? [y/N] '))) {
    throw new Stop('This machine is not ready: run the line above, or pass --yes.', 4);
  }
  await step('package lists', update);
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

/**
 * Ctrl-C and Ctrl-D close the terminal without an answer, which is a no.
 *
 * @param {string} question
 */
const confirm = async (question) => {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise((resolve) => terminal.once('close', () => resolve(undefined)));
  const asked = terminal.question(question).catch(() => undefined);
  const answer = await Promise.race([asked, closed]);
  terminal.close();
  if (answer === undefined) console.log('');
  return /^y(es)?$/i.test(String(answer).trim());
};
