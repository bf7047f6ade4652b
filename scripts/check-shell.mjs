// shellcheck and shfmt over every shell file git knows or would add. `--fix` formats them.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

import { format } from '@wasm-fmt/shfmt';

import { main, root, run, Stop } from './lib/step.mjs';

const SHEBANG = /^#!\/bin\/(?:ba)?sh\b/;

await main(async () => {
  const fix = process.argv.includes('--fix');
  const files = await shellFiles();
  const unformatted = files.filter((file) => !isFormatted(file, fix));
  const problems = unformatted.map((file) => `${file}: not formatted (npm run format)`);
  if (!fix && files.length > 0) problems.push(...(await shellcheck(files)));
  if (problems.length > 0) throw new Stop(problems.join('\n'), 1);
});

async function shellFiles() {
  const argv = ['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { code, output } = await run(argv);
  if (code !== 0) throw new Stop(output, 1);
  return output.split('\0').filter((file) => file !== '' && isFile(file) && isShell(file));
}

/** @param {string} file */
function isFile(file) {
  return statSync(`${root}/${file}`, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** @param {string} file */
function isShell(file) {
  if (file.endsWith('.sh')) return true;
  return !basename(file, '').slice(1).includes('.') && SHEBANG.test(read(file));
}

/** @param {string} file */
function read(file) {
  return readFileSync(`${root}/${file}`, 'utf8');
}

/** @param {string} file @param {boolean} fix */
function isFormatted(file, fix) {
  const text = read(file);
  const language = text.startsWith('#!/bin/bash') ? 'x.bash' : 'x.sh';
  const formatted = format(text, language, { indent: 0, switchCaseIndent: true });
  if (text === formatted) return true;
  if (fix) writeFileSync(`${root}/${file}`, formatted);
  return fix;
}

/** @param {readonly string[]} files */
async function shellcheck(files) {
  const { code, output } = await run(['shellcheck', '--external-sources', ...files]).catch(() => {
    throw new Stop('shellcheck is missing: apt-get install shellcheck', 4);
  });
  return code === 0 ? [] : [output.trimEnd()];
}
