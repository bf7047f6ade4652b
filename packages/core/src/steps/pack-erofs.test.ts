import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PlanRecorder } from '../plan/recorder.ts';
import { packErofs } from './pack-erofs.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-erofs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The first command of a packing, which looks at the program. */
function check(): readonly string[] {
  const recorder = new PlanRecorder();
  recorder
    .builderFor({ plugin: 'test', step: 'prepareImage' })
    .task({ id: 'layer:x', place: { on: 'builder', mounts: {} }, outputs: ['erofs'] }, (ops) =>
      packErofs(
        ops,
        { name: 'x', source: '/x', date: 0, excludes: [], times: 'clamped' },
        ops.output('erofs'),
        { compression: { algorithm: 'lz4hc', level: 9, block: 65_536 } },
      ),
    );
  const first = recorder.tasks[0]?.operations[0];
  if (first?.kind !== 'exec') throw new Error('nothing looks at the program');
  return first.argv.map(String);
}

/** Runs it where mkfs.erofs has this help, which Debian 12 prints with exit status 1. */
function checked(help: string): { readonly status: number | null; readonly stderr: string } {
  const program = join(folder, 'mkfs.erofs');
  writeFileSync(program, `#!/bin/sh\ncat >&2 <<'END'\n${help}\nEND\nexit 1\n`);
  chmodSync(program, 0o755);
  const [sh = '', ...argv] = check();
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  return spawnSync(sh, argv, { encoding: 'utf8', env });
}

it('takes a mkfs.erofs that has what is needed', () => {
  const help = ' --quiet               quiet execution\n\nAvailable compressors are: lz4hc, lz4';
  expect(checked(help)).toMatchObject({ status: 0, stderr: '' });
});

it.each([
  ['an older one', 'Available compressors are: lz4hc, lz4'],
  ['one without compressors', ' --quiet   quiet execution\n\nAvailable compressors are: '],
])('refuses %s and says what to do', (_, help) => {
  const { status, stderr } = checked(help);
  expect(status).toBe(1);
  expect(stderr).toMatch(/erofs-utils 1\.4 or was built without lz4hc\n.*format: 'squashfs'/);
});
