import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { loadLocally } from './plan-locally.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-locally-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = async (config?: string) =>
  loadLocally({
    ...{ cwd: folder, refresh: [], force: false },
    ...(config === undefined ? {} : { config }),
  });

it('without a config means the running system, with every default', async () => {
  const config = await load();
  expect(config).toMatchObject({ file: undefined, folder, identity: 'reset' });
  expect(config.source.label).toBe('/');
  expect(config.outputs).toHaveLength(1);
});

it('takes the config that is there', async () => {
  writeFileSync(join(folder, 'livesys.config.json'), '{"identity": "keep"}');
  expect(await load()).toMatchObject({ file: join(folder, 'livesys.config.json') });
});

it('a config that was asked for must be there', async () => {
  await expect(load(join(folder, 'none.config.ts'))).rejects.toMatchObject({
    code: 'LIVESYS_CONFIG_NOT_FOUND',
  });
});
