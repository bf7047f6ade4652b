import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const NODE = ['--import', 'tsx', '--conditions=@livesys/source'];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-main-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command as a process of its own. */
function start(
  argv: readonly string[],
  more: readonly string[] = [],
  stdout: 'pipe' | number = 'pipe',
): ChildProcess {
  const env = { ...process.env, TMPDIR: folder, LANG: 'C.UTF-8' };
  return spawn(process.execPath, [...NODE, ...more, MAIN, ...argv], {
    env,
    stdio: ['pipe', stdout, 'pipe'],
  });
}

async function textOf(child: ChildProcess) {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** Processes whose command line names our folder. */
const running = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`file=${folder}`);
      } catch {
        return false;
      }
    });

describe('the process', () => {
  it('prints help without loading what only builds need', async () => {
    const hook = join(folder, 'loaded.mjs');
    const loader = `export async function resolve(name, context, next) {
      if (/^(zod|execa|jiti|pino|cosmiconfig|tapable)(\\/|$)/.test(name)) throw new Error(name);
      return next(name, context);
    }`;
    const url = `data:text/javascript,${encodeURIComponent(loader)}`;
    writeFileSync(
      hook,
      `import { register } from 'node:module'; register(${JSON.stringify(url)});`,
    );
    const { code, stdout, stderr } = await textOf(start(['--help'], ['--import', hook]));

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Usage: livesys');
  });

  it('survives a reader that goes away', async () => {
    const child = start(['doctor', '--json']);
    child.stdout?.destroy();
    child.stderr?.destroy();

    expect((await once(child, 'close'))[0]).toBe(0);
  });

  it('says that what it prints finds no room', async () => {
    const full = openSync('/dev/full', 'w');
    const { code, stderr } = await textOf(start(['--help'], [], full));
    closeSync(full);

    expect(code).toBe(5);
    expect(stderr).toMatch(/cannot be written \(ENOSPC\)[^]*LIVESYS_OPERATION_FAILED/);
  });

  it('ends with 2 and one message for wrong use', async () => {
    const { code, stderr } = await textOf(start(['bild']));

    expect(code).toBe(2);
    expect(stderr.split('\n')).toHaveLength(4);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'ends the machine on %s and leaves with %d',
    async (signal, expected) => {
      const iso = join(folder, `${signal}.iso`);
      writeFileSync(iso, Buffer.alloc(1024 * 1024));
      const child = start(['boot', iso, '--headless']);
      const result = textOf(child);
      await expect.poll(running, { timeout: 20_000, interval: 50 }).toHaveLength(1);
      child.kill(signal);

      const { code, stderr } = await result;

      expect(code).toBe(expected);
      expect(stderr).toContain(`LIVESYS_INTERRUPTED (exit ${expected})`);
      expect(running()).toEqual([]);
      expect(readdirSync(folder).filter((name) => name.startsWith('livesys-boot-'))).toEqual([]);
    },
    30_000,
  );

  it('leaves no machine behind when it is killed', async () => {
    const iso = join(folder, 'killed.iso');
    writeFileSync(iso, Buffer.alloc(1024 * 1024));
    const child = start(['boot', iso, '--headless']);
    await expect.poll(running, { timeout: 20_000, interval: 50 }).toHaveLength(1);
    child.kill('SIGKILL');

    await expect.poll(running, { timeout: 5000, interval: 50 }).toEqual([]);
  }, 30_000);
});
