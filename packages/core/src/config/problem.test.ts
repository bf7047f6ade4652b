import { expect, test } from 'vitest';
import { keyPath, problemsError } from './problem.ts';

test('writes a path as in code', () => {
  expect(keyPath(['profiles', 'office', 'layers', 1])).toBe('profiles.office.layers[1]');
  expect(keyPath(['layers', 'a.b', 'on'])).toBe('layers["a.b"].on');
  expect(keyPath([])).toBe('');
});

test('aligns the texts of all problems', () => {
  const error = problemsError('c.ts', [
    { path: ['a'], text: 'one' },
    { path: ['layers', 'x'], text: 'two' },
  ]);
  expect(error.message).toBe('c.ts: 2 problems');
  expect(error.details).toEqual(['a          one', 'layers.x   two']);
});

test('uses a special code only when there is one kind of problem', () => {
  const missing = { path: ['a'], text: 'x', kind: 'plugin-missing' } as const;
  expect(problemsError('c', [missing, missing]).code).toBe('LIVESYS_PLUGIN_NOT_FOUND');
  expect(problemsError('c', [missing, { path: [], text: 'y' }]).code).toBe(
    'LIVESYS_CONFIG_INVALID',
  );
});
