import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAccount, type Account } from './support/account.ts';
import { leftovers } from './support/leftovers.ts';
import { endCommands, livesys, LIVESYS, startCommand, type CommandEnd } from './support/livesys.ts';
import { makeProject, type Project } from './support/project.ts';
import { run } from './support/run.ts';
import { seenWhile } from './support/seen-while.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
let account: Account;
let project: Project;
beforeAll(async () => {
  workspace = makeWorkspace();
  account = makeAccount(workspace.folder);
  project = makeProject(join(account.home, 'work'), { owner: account });
  // What belongs to a subordinate id can only be removed in a user namespace.
  const config = join(project.folder, 'livesys.config.ts');
  run('sed', '-i', 's|>/etc/site|>/etc/site; chown 1:1 /etc/site; chmod 700 /etc|', config);
  const { status, stderr } = await command('build');
  if (status !== 0) throw new Error(stderr);
});
afterAll(() => {
  endCommands();
  workspace?.remove();
});

const settings = (env: Readonly<Record<string, string>> = {}) => ({
  cwd: project.folder,
  prefix: account.become,
  env: { ...project.env, ...env },
});
const command = (...argv: readonly string[]): Promise<CommandEnd> => livesys(argv, settings());
const results = () => readdirSync(join(project.cache, 'results'));

it('ls names what is kept', async () => {
  const { status, stdout } = await command('cache', 'ls');

  expect(status).toBe(0);
  expect(stdout).toMatch(/^layer:site +\d.* KiB {2}used \d{4}-\d\d-\d\d {2}[0-9a-f]{12}$/m);
  expect(stdout).toContain(`${project.cache}: ${results().length} results, `);
});

it('prune keeps what was used lately', async () => {
  const before = results();

  expect(await command('cache', 'prune')).toMatchObject({
    status: 0,
    stdout: 'removed 0 results, 0 B\n',
  });
  expect(results()).toEqual(before);
});

it('prune removes nothing while a build goes on', async () => {
  project.hold();
  const building = startCommand([LIVESYS, 'build', '--refresh', 'tools'], settings());
  await seenWhile(building, () => project.isHeld());
  const before = results();
  const end = await command('cache', 'prune', '--all');

  expect(end).toMatchObject({ status: 4 });
  expect(end.stderr).toContain('LIVESYS_CACHE_BUSY');
  expect(results()).toEqual(before);
  project.release();
  expect(await building.ended).toMatchObject({ status: 0 });
});

it('prune --all removes everything, whoever it belongs to, and a build makes it again', async () => {
  const count = results().length;
  const end = await command('cache', 'prune', '--all', '--json');

  expect(end).toMatchObject({ status: 0 });
  expect(JSON.parse(end.stdout)).toMatchObject({ folder: project.cache, removed: count });
  expect(readdirSync(project.cache)).toEqual(['lock', 'outputs']);
  expect(await command('build')).toMatchObject({ status: 0 });
  expect(leftovers({ cache: project.cache })).toEqual([]);
});

it('prune of a cache that is not there makes none', async () => {
  const cache = join(account.home, 'none');
  const end = await livesys(['cache', 'prune'], settings({ LIVESYS_CACHE: cache }));

  expect(end).toMatchObject({ status: 0, stdout: 'removed 0 results, 0 B\n' });
  expect(existsSync(cache)).toBe(false);
});

it.each(['build', 'cache prune'])('%s says so when the cache is a file', async (words) => {
  const cache = join(project.folder, 'file');
  writeFileSync(cache, '');
  const end = await livesys(words.split(' '), settings({ LIVESYS_CACHE: 'file' }));

  expect(end).toMatchObject({ status: 4 });
  expect(end.stderr).toContain(cache);
  expect(end.stderr).toContain('LIVESYS_CACHE_UNSUITABLE');
});

it('a build in a cache that cannot be written says so, unless there is nothing to do', async () => {
  const end = await livesys(['build'], settings({ LIVESYS_CACHE: workspace.make('of-root') }));

  expect(end).toMatchObject({ status: 4 });
  expect(end.stderr).toContain(`${join(workspace.folder, 'of-root')} cannot be written (EACCES)`);
  const readOnly = ['sh', '-c', 'mount --bind -o ro "$1" "$1" && shift && exec "$@"', 'sh'];
  const again = await livesys(['build'], {
    ...settings(),
    prefix: ['unshare', '--mount', ...readOnly, project.cache, ...account.become],
  });
  expect(again).toMatchObject({ status: 0 });
  expect(again.stdout).toContain('nothing to do');
});
