import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LIVESYS, runCommand } from './support/livesys.ts';
import { makeProject, type Project } from './support/project.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

/** Has something to do in a full cache. */
const AGAIN = ['build', '--json', '--refresh', 'tools'];

let workspace: Workspace;
let project: Project;
beforeAll(() => {
  workspace = makeWorkspace();
  project = makeProject(workspace.make('tiny'));
});
afterAll(() => workspace?.remove());

/** Gives livesys's own status, what came through the pipe, and what it said besides. */
async function pipeInto(pipe: string, ...argv: readonly string[]) {
  const script = `"$@" 2>errors ${pipe}; echo "status \${PIPESTATUS[0]}"`;
  const { stdout } = await runCommand(['bash', '-c', script, 'bash', LIVESYS, ...argv], {
    cwd: project.folder,
    env: project.env,
  });
  const [, through = '', status = ''] = /^([^]*)status (\d+)\n$/.exec(stdout) ?? [];
  const errors = readFileSync(join(project.folder, 'errors'), 'utf8');
  return { through, status, errors };
}

it.each([
  ['livesys plan | head -1', '| head -1', ['plan'], /^source +\.\.\/root .*\n$/],
  ['livesys plan --json | :', '| :', ['plan', '--json'], /^$/],
  // Progress that nobody reads is no reason not to build.
  ['livesys build 2>&1 | head -1', '2>&1 | head -1', ['build'], /^livesys \S+: .*\n$/],
  ['livesys build --json | head -1', '| head -1', AGAIN, /^\{"type":"config",.*\}\n$/],
  ['livesys build | head -1', '| head -1', ['build'], /^ ✓ dist\/tiny-1\.iso .*\n$/],
])(
  '%s prints what is read, does its work and complains of nothing',
  async (_, pipe, argv, expected) => {
    const { through, status, errors } = await pipeInto(pipe, ...argv);

    expect({ status, errors }).toMatchObject({ status: '0' });
    expect(through).toMatch(expected);
    expect(errors).not.toMatch(/^\s+at |EPIPE|LIVESYS_/m);
    expect(existsSync(project.output)).toBe(argv[0] === 'build');
  },
);
