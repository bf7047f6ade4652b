import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeAccount, type Account } from './support/account.ts';
import { livesys, type CommandEnd } from './support/livesys.ts';
import { makeProject, type Project } from './support/project.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// Where an output or the cache may not lie is known before anything is done.

let workspace: Workspace;
let account: Account;
beforeAll(() => {
  workspace = makeWorkspace();
  account = makeAccount(workspace.folder);
});
afterAll(() => workspace?.remove());

let folder: string;
let project: Project;
let number = 0;
beforeEach(() => {
  folder = workspace.make(`case-${(number += 1)}`);
  project = makeProject(folder, { owner: account });
});

async function build(...argv: readonly string[]): Promise<CommandEnd> {
  return livesys(['build', ...argv], {
    cwd: project.folder,
    prefix: account.become,
    env: project.env,
  });
}

/** One message and nothing done. */
function expectRefused(end: CommandEnd, code: string, status: number): void {
  expect(end.stderr.match(/LIVESYS_[A-Z_]+(?= \(exit)/g)).toEqual([code]);
  expect(end.status).toBe(status);
  expect(end.stderr).not.toMatch(/: started$|^\s+at /m);
}

it('an output in the source is refused', async () => {
  const end = await build('--output', '../root/dist');

  expectRefused(end, 'LIVESYS_OUTPUT_IN_SOURCE', 3);
  expect(readdirSync(join(folder, 'root'))).not.toContain('dist');
});

it('a link does not lead an output into the source', async () => {
  symlinkSync('../root/boot', join(project.folder, 'dist'));
  const end = await build();

  expectRefused(end, 'LIVESYS_OUTPUT_IN_SOURCE', 3);
  expect(readdirSync(join(folder, 'root/boot'))).toEqual(['vmlinuz']);
});

it('an output in a folder whose files go into the image is refused', async () => {
  const config = join(project.folder, 'livesys.config.ts');
  run('sed', '-i', "s|layers: {|layers: { own: { files: '.' },|", config);
  const end = await build();

  expectRefused(end, 'LIVESYS_OUTPUT_IN_SOURCE', 3);
  expect(end.stderr).toContain(`${project.output} would lie in ${project.folder}`);
});

it('a cache in the source is refused, however it is reached', async () => {
  symlinkSync('../root/var', join(project.folder, 'link'));
  const cache = join(project.folder, 'link/cache');
  const end = await livesys(['build'], {
    cwd: project.folder,
    prefix: account.become,
    env: { LIVESYS_CACHE: cache },
  });

  expectRefused(end, 'LIVESYS_CACHE_UNSUITABLE', 4);
  expect(end.stderr).toContain(`lies in the source`);
  expect(readdirSync(join(folder, 'root/var'))).not.toContain('cache');
});

it('an output that cannot be written is refused before any work', async () => {
  writeFileSync(join(project.folder, 'file'), '');
  const closed = workspace.make('closed');

  for (const place of [closed, join(closed, 'deeper/down'), 'file', 'file/below'])
    expectRefused(await build('--output', place), 'LIVESYS_OUTPUT_UNWRITABLE', 2);
});

it('a folder in place of the output is not replaced, not even by force', async () => {
  mkdirSync(project.output, { recursive: true });
  const end = await build('--force');

  expectRefused(end, 'LIVESYS_OUTPUT_UNWRITABLE', 2);
  expect(end.stderr).toContain('is a folder');
});
