import { readFileSync } from 'node:fs';

import { configJsonSchema, ERRORS } from '../../packages/core/src/index.ts';
import { keyTables } from './configuration-keys.ts';
import { errorsPage } from './errors-page.ts';

const root = new URL('../../', import.meta.url);

/** A page that is written by a program, whole or in part. */
export interface Page {
  readonly file: URL;
  readonly content: string;
}

/** What the generated pages must hold now. */
export function generatedPages(): readonly Page[] {
  const configuration = new URL('docs/configuration.md', root);
  const keys = keyTables(configJsonSchema());
  return [
    { file: new URL('docs/errors.md', root), content: errorsPage(ERRORS) },
    { file: configuration, content: between(readFileSync(configuration, 'utf8'), keys) },
  ];
}

/** Puts content between the marks of a page. */
function between(page: string, content: string): string {
  const marks = /(<!-- generated[^>]*-->)[^]*(<!-- end -->)/;
  if (!marks.test(page)) throw new Error('the page has no marks for what is generated');
  return page.replace(marks, (_, start: string, end: string) => `${start}\n\n${content}\n\n${end}`);
}
