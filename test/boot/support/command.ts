import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { cleanConsole } from '../../../packages/cli/src/qemu/index.ts';
import { readFacts } from './facts.ts';
import type { GuestReport } from './guest.ts';
import { REPOSITORY } from './image.ts';

export interface CommandRun {
  readonly code: number | null;
  readonly stderr: string;
  readonly report: Pick<GuestReport, 'facts' | 'console'>;
}

/** Runs `livesys boot …` as a user does, with the serial console on its standard output. */
export async function runBoot(argv: readonly string[], seconds: number): Promise<CommandRun> {
  const child = spawn(join(REPOSITORY, 'livesys'), ['boot', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('latin1').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // The command ends its machine when it is told to end.
  const timer = setTimeout(() => {
    stderr += `not off within ${seconds} s\n`;
    child.kill('SIGTERM');
  }, seconds * 1000);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  const console = cleanConsole(stdout);
  return { code, stderr, report: { console, facts: readFacts(console) } };
}
