import { describe, expect, it } from 'vitest';

import { compare } from './compare.ts';
import type { Entry } from './entry.ts';

const FILE: Entry = {
  ...{ type: 'f', mode: '644', owner: '0:0', size: 3, time: 100, hasHoles: false },
  ...{ sameAs: undefined, target: '', content: 'abc' },
};
const FOLDER: Entry = { ...FILE, type: 'd', mode: '755' };

const tree = (entries: Readonly<Record<string, Partial<Entry>>>) =>
  new Map(
    Object.entries({ '/': FOLDER, ...entries }).map(([path, entry]) => [
      path,
      { ...FILE, ...entry },
    ]),
  );
const differs = (source: Partial<Entry>, medium: Partial<Entry>) =>
  compare(tree({ '/a': source }), tree({ '/a': medium, '/newest': { time: 100 } })).differs.flatMap(
    ({ what }) => what,
  );

describe('a path that both have', () => {
  it.each<readonly [string, Partial<Entry>]>([
    ['mode', { mode: '600' }],
    ['owner', { owner: '1:0' }],
    ['content', { content: 'abd' }],
    ['time', { time: 99 }],
    ['attributes', { attributes: 'user.note=0x00' }],
    ['access lists', { access: 'u::rwx' }],
  ])('differs in its %s', (name, medium) => {
    expect(differs({}, medium)).toEqual([name]);
  });

  it('differs in what it is, and then in nothing else', () => {
    expect(differs({}, { type: 'l', target: 'b', mode: '777' })).toEqual(['type']);
  });

  it('may be as old as the image, if it is newer than the image', () => {
    expect(differs({ time: 200 }, { time: 100 })).toEqual([]);
    expect(differs({ time: 200 }, { time: 99 })).toEqual(['time']);
  });

  it('may have holes that the source has not', () => {
    expect(differs({ hasHoles: true }, { hasHoles: false })).toEqual(['holes']);
    expect(differs({ hasHoles: false }, { hasHoles: true })).toEqual([]);
  });

  it('is no folder whose time or size count', () => {
    expect(differs(FOLDER, { ...FOLDER, size: 4096, time: 1 })).toEqual([]);
  });

  it('is one file with the same others, of those that are there', () => {
    const one = { sameAs: '1:1' };
    const source = tree({ '/a': one, '/b': one, '/left-out': one });
    expect(
      compare(source, tree({ '/a': { sameAs: '7:9' }, '/b': { sameAs: '7:9' } })).differs,
    ).toEqual([]);
    expect(compare(source, tree({ '/a': {}, '/b': {} })).differs).toEqual([
      { path: '/b', what: ['hard links'] },
    ]);
  });
});

it('what one of them has alone is named, the topmost for all below it', () => {
  const source = tree({
    ...{ '/home': FOLDER, '/home/anna': FOLDER, '/home/anna/letter': {}, '/home/x': {} },
    ...{ '/srv': FOLDER, '/srv/a': FOLDER, '/srv/a/b': {}, '/srv/kept': {} },
  });
  const medium = tree({ '/home': FOLDER, '/srv': FOLDER, '/srv/kept': {}, '/new': {} });
  expect(compare(source, medium)).toEqual({
    differs: [],
    added: ['/new'],
    leftOut: ['/home/*', '/srv/a'],
    compared: 4,
  });
});
