import { rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seeing } from './support/seeing.ts';
import { leftovers } from './support/leftovers.ts';
import { livesys, type CommandEnd } from './support/livesys.ts';
import { makeProject } from './support/project.ts';
import { resultOf } from './support/results.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
beforeAll(() => {
  workspace = makeWorkspace();
});
afterAll(() => workspace?.remove());

/** Runs livesys where the program lies under its name, but cannot be run. */
async function livesysWithout(program: string, ...argv: readonly string[]): Promise<CommandEnd> {
  const path = run('sh', '-c', 'command -v "$1"', 'sh', program);
  return livesys(argv, {
    cwd: workspace.folder,
    prefix: seeing({ '/dev/null': path }),
    env: { LIVESYS_CACHE: workspace.make('cache') },
  });
}

it('a build that needs a program the builder lacks ends before it begins, and names the package', async () => {
  const end = await livesysWithout('mmdebstrap', 'build', 'debian:bookworm');

  expect(end.status).toBe(4);
  expect(end.stderr).toContain('Not installed on this machine: mmdebstrap.\n');
  expect(end.stderr).toMatch(/Install mmdebstrap: .*install mmdebstrap\n/);
  expect(end.stderr.match(/LIVESYS_\w+/g)).toEqual(['LIVESYS_TOOL_MISSING']);
  expect(end.stderr).not.toMatch(/^\s+at /m);
  expect(leftovers({ cache: workspace.make('cache') })).toEqual([]);
});

it('what it needs is seen without it: the plan is shown', async () => {
  const end = await livesysWithout('mmdebstrap', 'plan', 'debian:bookworm');

  expect(end).toMatchObject({ status: 0 });
  expect(end.stdout).toContain('mmdebstrap');
});

it('leaving out /tmp itself leaves out what is in it: the folder stays, and the build works', async () => {
  const parent = workspace.make('excludes-tmp');
  const { folder, cache, env } = makeProject(parent);
  writeFileSync(join(parent, 'root/tmp/left'), '');
  writeFileSync(
    join(folder, 'excludes.config.ts'),
    "import base from './livesys.config.ts';\nexport default { ...base, excludes: ['/tmp'] };\n",
  );
  const end = await livesys(['build', '-c', 'excludes.config.ts'], { cwd: folder, env });

  expect([end.stderr, end.status]).toEqual([expect.any(String), 0]);
  const base = join(await resultOf(cache, 'layer:base'), 'squashfs');
  const listed = run('unsquashfs', '-no-progress', '-l', base, 'tmp').split('\n');
  expect(listed).toContain('squashfs-root/tmp');
  expect(listed).not.toContain('squashfs-root/tmp/left');
});

it('a source without a folder that every root has ends the build, which says what to do', async () => {
  const parent = workspace.make('no-tmp');
  const { folder, cache, env } = makeProject(parent);
  rmdirSync(join(parent, 'root/tmp'));
  const end = await livesys(['build'], { cwd: folder, env });

  expect(end.status).toBe(3);
  expect(end.stderr).toMatch(
    /The root for ".+" has no folder \/tmp, where every system has something mounted\.\n/,
  );
  expect(end.stderr).toContain('Make /tmp in the source');
  expect(leftovers({ cache })).toEqual([]);
});
