import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leftovers } from './support/leftovers.ts';
import { endCommands, LIVESYS, startCommand } from './support/livesys.ts';
import { makeProject } from './support/project.ts';
import { run } from './support/run.ts';
import { seenWhile } from './support/seen-while.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
beforeAll(() => {
  workspace = makeWorkspace();
});
afterAll(() => {
  endCommands();
  workspace?.remove();
});

it('a task that fails is told at once; what runs beside it is finished, nothing new begins', async () => {
  const project = makeProject(workspace.folder);
  const config = join(project.folder, 'livesys.config.ts');
  run('sed', '-i', "s|'echo site >/etc/site'|'echo no room for a site >\\&2; exit 3'|", config);
  project.hold();
  const command = startCommand([LIVESYS, 'build'], { cwd: project.folder, env: project.env });
  await seenWhile(command, () => project.isHeld());
  await command.said(/^install site: failed, \S+ m?s: A command failed \(exit code 3\): sh -c/m);
  project.release();
  const end = await command.ended;

  expect(end.status).toBe(5);
  expect(end.stderr).toMatch(/^tools: done/m);
  expect(end.stderr).toMatch(
    /\nA command failed \(exit code 3\): [^\n]*\n +no room for a site\n[^]*LIVESYS_COMMAND_FAILED \(exit 5\)/,
  );
  expect(end.stderr).not.toMatch(/boot image: started/);
  expect(leftovers({ cache: project.cache })).toEqual([]);
});
