import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../shell/livesys-booted', import.meta.url));

let tree = '';
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'livesys-booted-'));
  for (const folder of ['sys/class/dmi/id', 'run/livesys', 'dev']) {
    mkdirSync(join(tree, folder), { recursive: true });
  }
  writeFileSync(join(tree, 'run/livesys/state'), 'profile=live\nlayers=base,site\nready=yes\n');
  writeFileSync(join(tree, 'dev/kmsg'), '');
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

function answer(serial: string, shell: readonly string[] = ['dash']): string {
  writeFileSync(join(tree, 'sys/class/dmi/id/product_serial'), `${serial}\n`);
  const [program = '', ...options] = shell;
  execFileSync(program, [...options, PROGRAM], { env: { ...process.env, LIVESYS_PREFIX: tree } });
  return readFileSync(join(tree, 'dev/kmsg'), 'utf8');
}

it.each([[['dash']], [['busybox', 'sh']], [['mksh']]])(
  'answers on every console with the word of the machine under %s',
  (shell) => {
    expect(answer('livesys-nonce-0a1b', shell)).toMatch(
      /^<3>LIVESYS: BOOTED nonce=0a1b root=\S+ profile=live layers=base,site failed-units=\d+\n$/,
    );
  },
);

it.each([
  '',
  'PF2ABC',
  'livesys-nonce-',
  'livesys-nonce-a b',
  'livesys-nonce-%s',
  'x livesys-nonce-1',
])('says nothing on a machine with the serial number "%s"', (serial) => {
  expect(answer(serial)).toBe('');
});

it('says nothing where there is no serial number', () => {
  execFileSync('dash', [PROGRAM], { env: { ...process.env, LIVESYS_PREFIX: tree } });

  expect(readFileSync(join(tree, 'dev/kmsg'), 'utf8')).toBe('');
});
