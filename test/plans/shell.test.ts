import { spawnSync } from 'node:child_process';

import { renderShell } from '@livesys/core';
import { expect, test } from 'vitest';

import { EXAMPLES } from './support/examples.ts';
import { loadExample, planImageOf, planSourceOf } from './support/plan.ts';

/** What shellcheck says of a script; empty when it has nothing to say. */
function shellcheck(script: string): string {
  const { stdout, error } = spawnSync('shellcheck', ['--shell=sh', '-'], {
    input: script,
    encoding: 'utf8',
  });
  if (error !== undefined) {
    throw new Error('shellcheck is missing: apt-get install shellcheck', { cause: error });
  }
  return stdout;
}

test.each(EXAMPLES)('the shell form of $name has no fault', async (example) => {
  const config = await loadExample(example.file);
  expect(shellcheck(renderShell(await planImageOf(config, example.release)))).toBe('');
  if (!example.makesSource) return;
  expect(shellcheck(renderShell(await planSourceOf(config)))).toBe('');
});

test('a fault would be found', () => {
  expect(shellcheck('#!/bin/sh\nrm -rf $1\n')).toContain('SC2086');
});
