import { expect, it } from 'vitest';
import { renderLeftOut } from './render-left-out.ts';

const PATHS = [
  { path: '/home/*', bytes: 900, rule: '/home/*' },
  { path: '/swapfile', bytes: 80, rule: '/swapfile' },
  { path: '/var/cache/*', bytes: 7, rule: '/var/cache/*' },
  { path: '/a\u001B[2J', bytes: 0, rule: 'a*' },
  { path: '/srv/*', bytes: undefined, rule: '/srv/*' },
];
const shown = (all: boolean, given: Partial<Parameters<typeof renderLeftOut>[0]> = {}) =>
  renderLeftOut(
    { paths: 5, bytes: 987, unmeasured: 1, largest: PATHS, ...given },
    { all, formatBytes: (bytes) => `${bytes} B` },
  ).map((line) => line.trim());

it('tells in a line what all of it comes to, and the largest', () => {
  expect(shown(false)).toEqual([
    'left out: 987 B in 5 paths, 1 of them not measured: /home/* 900 B, /swapfile 80 B, /var/cache/* 7 B, 2 more (livesys plan --excludes)',
  ]);
  const one = { paths: 1, bytes: 900, unmeasured: 0, largest: PATHS.slice(0, 1) };
  expect(shown(false, one)).toEqual(['left out: 900 B in 1 path: /home/* 900 B']);
  expect(shown(false, { paths: 0, bytes: 0, unmeasured: 0, largest: [] })).toEqual([
    'left out: 0 B in 0 paths',
  ]);
});

it('tells of each, where that is asked for, which line leaves it out; names move no cursor', () => {
  expect(shown(true, { paths: 9 })).toEqual([
    'left out: 987 B in 9 paths, 1 of them not measured',
    '900 B  /home/*       by /home/*',
    '80 B  /swapfile     by /swapfile',
    '7 B  /var/cache/*  by /var/cache/*',
    '0 B  /a?[2J        by a*',
    'not measured  /srv/*        by /srv/*',
    '4 more, each no larger',
  ]);
});
