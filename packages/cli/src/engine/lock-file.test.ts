import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { repositoryState } from './lock-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lock = () => join(folder, 'livesys.lock.json');
const state = (more: { record?: boolean; renew?: boolean } = {}) =>
  repositoryState({ folder, cache: '/none', record: false, renew: false, ...more });

describe('the state of the repositories', () => {
  it('is recorded by a build, and then stays', async () => {
    expect(await state()).toBe('not recorded');
    expect(readdirSync(folder)).toEqual([]);
    const recorded = await state({ record: true });

    expect(await state()).toBe(recorded);
    expect(await state({ record: true })).toBe(recorded);
    expect(readdirSync(folder)).toEqual(['livesys.lock.json']);
  });

  it('is new when that is asked for', async () => {
    writeFileSync(lock(), '{"format":1,"packages":"2020"}');
    const renewed = await state({ record: true, renew: true });

    expect(renewed).not.toBe('2020');
    expect(readFileSync(lock(), 'utf8')).toContain(renewed);
  });

  it('is not made anew in place of one that cannot be read', async () => {
    mkdirSync(lock());

    await expect(state({ record: true })).rejects.toMatchObject({
      code: 'LIVESYS_CONFIG_UNREADABLE',
      message: `${lock()} cannot be read (EISDIR).`,
    });
  });

  it.each(['{', '{}', '[]', '{"format":2,"packages":"x"}'])(
    'is refused when it is %s',
    async (text) => {
      writeFileSync(lock(), text);

      await expect(state({ record: true })).rejects.toMatchObject({
        code: 'LIVESYS_CONFIG_INVALID',
      });
      expect(readFileSync(lock(), 'utf8')).toBe(text);
    },
  );
});
