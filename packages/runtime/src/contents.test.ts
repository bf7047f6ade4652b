import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { binaries, control, entryPoints, exitrd, kernelModules, library } from './contents.ts';

const shell = new URL('../shell/', import.meta.url);

it('ships every file of the library, and the library loads every file', () => {
  const parts = library.map((name) => `${name}.sh`);
  expect(readdirSync(new URL('lib/', shell)).sort()).toEqual([...parts].sort());
  const loaded = /for livesys_part in ([a-z -]+);/.exec(
    readFileSync(new URL('lib/lib.sh', shell), 'utf8'),
  )?.[1];
  expect(loaded?.split(' ')).toEqual(library.slice(1));
});

it('ships every file of the exitrd, and the exitrd loads every file', () => {
  expect(readdirSync(new URL('exitrd/', shell)).sort()).toEqual([...exitrd].sort());
  const loaded = /for livesys_part in ([a-z ]+);/.exec(
    readFileSync(new URL('exitrd/shutdown', shell), 'utf8'),
  )?.[1];
  const copied = /LIVESYS_EXITRD_LIBRARY='([a-z ]+)'/.exec(
    readFileSync(new URL('lib/exitrd.sh', shell), 'utf8'),
  )?.[1];
  const parts = exitrd.slice(1).map((name) => name.replace('.sh', ''));
  expect(loaded).toBe([copied, ...parts].join(' '));
});

it('ships every part of livesysctl, and it loads every part', () => {
  const parts = control.map((name) => `${name}.sh`);
  expect(readdirSync(new URL('control/', shell)).sort()).toEqual([...parts].sort());
  const loaded = /for livesys_part in ([a-z ]+);/.exec(
    readFileSync(new URL('livesysctl', shell), 'utf8'),
  )?.[1];
  expect(loaded?.split(' ')).toEqual(control);
});

it('has a program for each phase', () => {
  for (const path of Object.values(entryPoints)) {
    expect(readFileSync(new URL(path.slice('/usr/sbin/'.length), shell), 'utf8')).toMatch(
      /^#!\/bin\/sh\n/,
    );
  }
});

it('names nothing twice', () => {
  for (const list of [
    [...binaries.required, ...binaries.optional],
    [...kernelModules.required, ...kernelModules.optional],
  ]) {
    expect(new Set<string>(list).size).toBe(list.length);
  }
});
