import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { afterEach, describe, expect, it } from 'vitest';

const STEP = fileURLToPath(new URL('../../scripts/lib/step.mjs', import.meta.url));

let parent = '';
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe('the scripts of a checkout', () => {
  it.each(['with spaces', '100% näher'])('work in a folder named %j', async (name) => {
    parent = mkdtempSync(join(tmpdir(), 'livesys-scripts-'));
    const checkout = join(parent, name);
    mkdirSync(join(checkout, 'scripts/lib'), { recursive: true });
    cpSync(STEP, join(checkout, 'scripts/lib/step.mjs'));

    const step: unknown = await import(pathToFileURL(join(checkout, 'scripts/lib/step.mjs')).href);

    expect(step).toHaveProperty('root', checkout);
  });
});
