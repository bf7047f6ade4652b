import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { runCommandLine } from '../../../../test/support/command-line.ts';
import { makeDisk, makeHybridIso } from '../../../../test/support/media.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-boot-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What it says on a machine without QEMU, or before it looks for it. */
const boot = async (file: string) =>
  (await runCommandLine(['boot', file, '--write'], { env: { PATH: '/nonexistent' } })).stderr;

it('a disk image is a stick by itself, an ISO a disc', async () => {
  expect(await boot(makeDisk(folder, 'disk'))).toMatch(/qemu-system-x86_64 is missing/);
  expect(await boot(makeHybridIso(folder, 'iso'))).toMatch(/A disc cannot be written to/);
});
