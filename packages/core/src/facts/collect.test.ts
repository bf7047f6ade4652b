import { expect, it } from 'vitest';
import type { Probe } from '../contract/probe.ts';
import { collectFacts } from './collect.ts';

/** A folder with these names in it and nothing to read. */
function folder(...names: readonly string[]): Probe {
  return {
    readText: () => undefined,
    list: (path) => (path === '/' ? names : []),
    stat: () => undefined,
    realPath: () => undefined,
  };
}

it('a folder that is not there is told from one that holds no system', () => {
  const missing = expect.objectContaining({
    code: 'LIVESYS_SOURCE_MISSING',
    message: './root does not exist, or is empty.',
  });
  expect(() => collectFacts(folder(), './root', [])).toThrow(missing);
  const other = expect.objectContaining({ code: 'LIVESYS_SOURCE_NOT_ROOT' });
  expect(() => collectFacts(folder('home'), './root', [])).toThrow(other);
});
