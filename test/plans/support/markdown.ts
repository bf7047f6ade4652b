import { readdirSync, readFileSync } from 'node:fs';

import { ROOT } from './plan.ts';

/** Every page that users and authors read, from the root of the repository. */
export function pages(): readonly string[] {
  const inFolder = (folder: string): readonly string[] =>
    readdirSync(ROOT + folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`);
  const packages = readdirSync(`${ROOT}packages`).flatMap((name) => inFolder(`packages/${name}`));
  return ['README.md', ...inFolder('docs'), ...packages];
}

export const readPage = (page: string): string => readFileSync(ROOT + page, 'utf8');

/** A block of code: the words after its fence, and its text. */
export interface CodeBlock {
  readonly language: string;
  /** After the language: `file=examples/own-plugin/wifi.ts` says that it is part of that file. */
  readonly file: string | undefined;
  readonly text: string;
}

export function codeBlocks(markdown: string): readonly CodeBlock[] {
  return [...markdown.matchAll(/^```(\w+)(?: file=(\S+))?\n([^]*?)^```$/gm)].map(
    ([, language = '', file, text = '']) => ({ language, file, text }),
  );
}

/** The text without its blocks of code. */
const proseOf = (markdown: string): string => markdown.replaceAll(/^```[^]*?^```$/gm, '');

/** What stands in code within the text. */
export function codeSpans(markdown: string): readonly string[] {
  return [...proseOf(markdown).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
}

/** Targets of links. */
export function links(markdown: string): readonly string[] {
  const inline = [...proseOf(markdown).matchAll(/\]\(([^)\s]+)\)/g)];
  const images = [...markdown.matchAll(/<img [^>]*src="([^"]+)"/g)];
  return [...inline, ...images].map(([, target = '']) => target);
}

/** The names by which headings are linked to, as GitHub makes them. */
export function anchors(markdown: string): readonly string[] {
  return [...proseOf(markdown).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The text below a heading, down to the next heading of any level. */
export function sectionOf(markdown: string, title: string): string {
  const parts = markdown.split(/^#+ (.*)$/m);
  const at = parts.findIndex((part, index) => index % 2 === 1 && part === title);
  return parts[at + 1] ?? '';
}
