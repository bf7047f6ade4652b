import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAccount, type Account } from './support/account.ts';
import { leftovers } from './support/leftovers.ts';
import { livesys } from './support/livesys.ts';
import { makeProject, type Project } from './support/project.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
let account: Account;
let poorAccount: Account;
let project: Project;
beforeAll(() => {
  workspace = makeWorkspace();
  account = makeAccount(workspace.folder);
  poorAccount = makeAccount(workspace.make('poor'), { subordinateIds: false });
  project = makeProject(join(account.home, 'work'), { owner: account });
});
afterAll(() => workspace?.remove());

/**
 * A person who may make no user namespace. The limit belongs to a user namespace, so it is set in
 * one of his own, in which he is himself and nobody else.
 */
function refused(): readonly string[] {
  const { become, uid, gid } = account;
  const script = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"';
  const drop = ['setpriv', '--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all'];
  return [
    ...[...become, 'unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--keep-caps'],
    ...['sh', '-c', script, 'sh', ...drop],
  ];
}

/** A person for whom nobody has set ids apart. */
const withoutIds = (): readonly string[] => poorAccount.become;

it.each([
  ['user namespaces are off', 'build of a folder', refused, ['build']],
  ['user namespaces are off', 'build that bootstraps', refused, ['build', 'debian:bookworm']],
  ['user namespaces are off', 'cache prune', refused, ['cache', 'prune', '--all']],
  ['there are no subordinate ids', 'build of a folder', withoutIds, ['build']],
  [
    'there are no subordinate ids',
    'build that bootstraps',
    withoutIds,
    ['build', 'debian:bookworm'],
  ],
])(
  'where %s, a %s ends with one message and the next step, and leaves nothing',
  async (_where, _what, prefix, argv) => {
    const env = { ...project.env, HOME: account.home };
    const end = await livesys(argv, { cwd: project.folder, prefix: prefix(), env });

    expect(end).toMatchObject({ status: 4 });
    expect(end.stderr.match(/LIVESYS_\w+/g)).toEqual(['LIVESYS_NO_NAMESPACES']);
    expect(end.stderr).toContain('This machine does not let you make a user namespace');
    expect(end.stderr).toContain('Run with sudo, or see livesys doctor.');
    expect(end.stderr).not.toMatch(/^\s+at /m);
    expect(end.stdout).toBe('');
    expect(leftovers({ cache: project.cache, outputs: [project.output] })).toEqual([]);
  },
);

it.each([
  ['the setting', refused, 'sudo sysctl user.max_user_namespaces='],
  ['the ids', withoutIds, 'sudo usermod --add-subuids 100000-165535'],
])('livesys doctor names %s that would change it', async (_, prefix, step) => {
  const { stdout } = await livesys(['doctor'], { cwd: account.home, prefix: prefix() });

  expect(stdout).toMatch(/^build.*: not ready$/m);
  expect(stdout).toContain(step);
});
