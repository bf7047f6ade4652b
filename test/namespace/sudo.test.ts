import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAccount, type Account } from './support/account.ts';
import { leftovers } from './support/leftovers.ts';
import { LIVESYS, runCommand, type CommandEnd } from './support/livesys.ts';
import { makeProject, type Project } from './support/project.ts';
import { run } from './support/run.ts';
import { seeing } from './support/seeing.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

/** Where root keeps results: under sudo nobody chooses it, and the test shows a folder of its own there. */
const ROOTS_CACHE = '/var/cache/livesys';

let workspace: Workspace;
let account: Account;
let project: Project;
let madeRootsCache = false;
let [rootsBefore, rootsAfter] = ['', ''];
let first: CommandEnd;
let again: CommandEnd;
beforeAll(async () => {
  workspace = makeWorkspace();
  account = makeAccount(workspace.folder);
  const parent = join(account.home, 'work');
  project = makeProject(parent, { owner: account, cache: workspace.make('cache') });
  // A source with owners, and the cache, are root's.
  run('chown', '-R', 'root:root', join(parent, 'root'), project.cache);
  madeRootsCache = !existsSync(ROOTS_CACHE);
  mkdirSync(ROOTS_CACHE, { recursive: true });
  rootsBefore = run('find', account.home, '-user', 'root');
  first = await sudoBuild();
  again = await sudoBuild();
  rootsAfter = run('find', account.home, '-user', 'root');
});
afterAll(() => {
  if (madeRootsCache) rmdirSync(ROOTS_CACHE);
  workspace?.remove();
});

const sudoBuild = async (...argv: readonly string[]) => sudo('build', ...argv);

async function sudo(...argv: readonly string[]): Promise<CommandEnd> {
  return runCommand(['sudo', '--non-interactive', LIVESYS, ...argv], {
    cwd: project.folder,
    prefix: [...seeing({ [project.cache]: ROOTS_CACHE }), ...account.become],
  });
}

it('sudo livesys build makes the output', () => {
  expect(first).toMatchObject({ status: 0 });
  expect(again).toMatchObject({ status: 0 });
  expect(first.stdout).toContain('dist/tiny-1.iso');
  expect(again.stdout).toMatch(/nothing to do: \d+ tasks cached/);
});

it('config and plugins run as the person who called', () => {
  const ids = ['config', 'plugin'].map((what) => readFileSync(join(project.seen, what), 'utf8'));

  expect(new Set(ids.join('').trim().split('\n'))).toEqual(new Set([String(account.uid)]));
});

it('the plan is carried out as root: what a task made belongs to root', () => {
  expect(run('find', project.cache, '!', '-user', 'root')).toBe('');
  expect(run('find', join(project.cache, 'results'), '-name', 'site')).not.toBe('');
});

it('the output belongs to the person who called', () => {
  const owner = `${account.uid}:${account.gid}`;

  expect(run('stat', '--format=%u:%g', project.output, dirname(project.output))).toBe(
    `${owner}\n${owner}`,
  );
});

it('nothing was written as root into the project or the home of the person who called', () => {
  expect(rootsAfter).toBe(rootsBefore);
  expect(readdirSync(account.home)).toEqual(['work']);
  const configs = readdirSync(new URL('./support/tiny/', import.meta.url));
  expect(readdirSync(project.folder).sort()).toEqual(
    [...configs, 'dist', 'livesys.lock.json'].sort(),
  );
});

it('nothing of the run is left', () => {
  expect(leftovers({ cache: project.cache, outputs: [project.output] })).toEqual([]);
});

it('text beyond ASCII of any length comes from the person who called to root unharmed', async () => {
  const long = '€'.repeat(40_000);
  const config = readFileSync(join(project.folder, 'livesys.config.ts'), 'utf8');
  writeFileSync(
    join(project.folder, 'long.config.ts'),
    config.replace("'echo site >/etc/site'", `'echo site >/etc/site # ${long}'`),
  );
  const end = await sudo('plan', '--json', '--config', 'long.config.ts');

  expect(end).toMatchObject({ status: 0 });
  expect(end.stdout).toContain(`# ${long}"`);
});

it('an archive is unpacked as root and planned on as the person who called', async () => {
  const archive = join(workspace.folder, 'root.tar');
  run('tar', '-cf', archive, '-C', join(account.home, 'work/root'), '.');
  const end = await sudoBuild(archive, '-c', 'livesys.config.ts', '--until', 'tree:tools');

  expect(end).toMatchObject({ status: 0 });
  expect(end.stderr).toMatch(/^unpack .*: done.*\n(.*\n)*tools: done/m);
});
