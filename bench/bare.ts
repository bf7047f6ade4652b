import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';
import type { Workspace } from './workspace.ts';

/** Seconds of the commands of each task, run bare in an empty folder. */
export async function runBare(
  workspace: Workspace,
  plan: unknown,
  folder: string,
): Promise<Readonly<Record<string, number>>> {
  await run(['sync']);
  const script = fileURLToPath(new URL('./bare-main.ts', import.meta.url));
  const namespaces = [
    ...['unshare', '--mount', '--propagation', 'private', '--uts', '--ipc'],
    ...['--pid', '--fork', '--kill-child', '--mount-proc'],
  ];
  const node = [process.execPath, '--import', 'tsx', '--conditions=@livesys/source', script];
  const { stdout } = await run([...namespaces, ...node], {
    cwd: join(script, '..'),
    input: JSON.stringify({ plan, folder }),
  });
  return JSON.parse(stdout) as Record<string, number>;
}
