import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { generatedPages } from '../../scripts/docs/pages.ts';
import { shellWords, whyNotUnderstood } from './support/command-line.ts';
import { anchors, codeBlocks, codeSpans, links, pages, readPage } from './support/markdown.ts';
import { loadExample, planImageOf, ROOT } from './support/plan.ts';

const CONFIG_LANGUAGES: readonly string[] = ['ts', 'yaml', 'json'];
/** Blocks that show something and are not meant to be typed or loaded. */
const SHOWN: readonly string[] = ['text', 'jsonl', 'diff'];
const SHELL: readonly string[] = ['sh', 'console'];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-docs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('generated pages are up to date (npm run docs)', () => {
  for (const { file, content } of generatedPages()) {
    expect(readFileSync(file, 'utf8')).toBe(content);
  }
});

test.each(pages())('%s: every config can be planned', async (page) => {
  const blocks = codeBlocks(readPage(page)).filter(
    ({ language, file }) => CONFIG_LANGUAGES.includes(language) && file === undefined,
  );
  for (const [index, { language, text }] of blocks.entries()) {
    const file = join(
      folder,
      page.replaceAll('/', '_'),
      String(index),
      `livesys.config.${language}`,
    );
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    const config = await loadExample(file);
    const plan = await planImageOf(config, page.includes('distro-arch') ? 'arch' : 'bookworm');
    expect(plan.complete).toBe(true);
  }
});

test.each(pages())('%s: code of a file is as it is there', (page) => {
  for (const { language, file, text } of codeBlocks(readPage(page))) {
    expect([...CONFIG_LANGUAGES, ...SHOWN, ...SHELL]).toContain(language);
    if (file === undefined) continue;
    expect(unindented(readFileSync(ROOT + file, 'utf8'))).toContain(unindented(text));
  }
});

test.each(pages())('%s: every command line is understood', async (page) => {
  for (const line of commandLines(readPage(page))) {
    const [program = '', ...words] = shellWords(line);
    if (program === 'npm') expectScript(words);
    if (!/^(\.\/)?livesys$/.test(program)) continue;
    expect([line, await whyNotUnderstood(words)]).toEqual([line, undefined]);
  }
});

test('a command line that is wrong would be found', async () => {
  expect(await whyNotUnderstood(['bild'])).toContain("unknown command 'bild'");
  expect(await whyNotUnderstood(['plan', '--jsn'])).toContain("unknown option '--jsn'");
  expect(await whyNotUnderstood(['plan', '--json', '--shell'])).toContain('cannot be used');
  expect(await whyNotUnderstood(['boot', 'x.iso', '--as', 'floppy'])).toContain('Allowed choices');
});

test.each(pages())('%s: every link leads somewhere', (page) => {
  for (const link of links(readPage(page))) {
    if (/^https?:/.test(link)) continue;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    expect([link, existsSync(ROOT + target)]).toEqual([link, true]);
    const known = anchor === undefined ? [anchor] : anchors(readPage(target));
    expect(known).toContain(anchor);
  }
});

/** The formatter moves a part of a file to the left. */
const unindented = (text: string): string => text.replaceAll(/^\s+/gm, '');

/** Lines to type: in blocks, with `sudo` or a prompt in front, and in the text. */
function commandLines(markdown: string): readonly string[] {
  const typed = codeBlocks(markdown)
    .filter(({ language }) => SHELL.includes(language))
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => line.replace(/^\$ /, '').replace(/^sudo /, ''));
  const named = codeSpans(markdown).filter((span) => /^(sudo )?livesys \S/.test(span));
  const spoken = named.map((span) => span.replace(/^sudo /, '').replaceAll(/[[\]…]/g, ''));
  // A command that is only named, such as `livesys write`, has no arguments there.
  return [...typed, ...spoken.map((line) => line.replace(/^(livesys [a-z]+)\s*$/, '$1 --help'))];
}

/** `npm run NAME` and `npm test` are scripts of the workspace. */
function expectScript([verb = '', name = '']: readonly string[]): void {
  if (verb === 'install') return;
  const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
    scripts: Readonly<Record<string, string>>;
  };
  expect(Object.keys(scripts)).toContain(verb === 'run' ? name : verb);
}
