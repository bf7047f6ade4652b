import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAccount, type Account } from './support/account.ts';
import { ALLOW_LIST } from './support/executions/allow-list.ts';
import { readAllowList } from './support/executions/allowed.ts';
import { applyTraced, REPOSITORY } from './support/executions/apply-traced.ts';
import { attribute } from './support/executions/attribute.ts';
import { everyPlace } from './support/executions/every-place.ts';
import { readExecutions } from './support/executions/execution.ts';
import { orderProblems } from './support/executions/order.ts';
import { placesOf } from './support/executions/places.ts';
import { planCommands } from './support/executions/plan-commands.ts';
import { readCalls } from './support/executions/strace.ts';
import { makeRoot } from './support/root-tree.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

const ROOT = { uid: 0, gid: 0, sees: [], switches: [] };

let workspace: Workspace;
let user: Account;
beforeAll(() => {
  workspace = makeWorkspace();
  user = makeAccount(workspace.folder);
});
afterAll(() => workspace?.remove());

it.each(['root', 'user'] as const)('executes what the plan says, as %s', async (who) => {
  const caller = who === 'user' ? user : ROOT;
  const [source, cache, outputs] = [
    makeSource(`source-${who}`, caller),
    workspace.make(`cache-${who}`, caller),
    workspace.make(`outputs-${who}`, caller),
  ];
  const plan = everyPlace(source, join(outputs, 'file'));
  const file = join(workspace.folder, `plan-${who}.json`);

  const trace = await applyTraced({ plan, file, cache, caller });

  const places = placesOf({
    ...{ source, cache, outputs, plan: file },
    ...{ repository: REPOSITORY, user: caller },
  });
  const allowed = readAllowList(ALLOW_LIST, who, places);
  const commands = await planCommands(plan, cache, places);
  const { problems, seen, executed } = attribute(readExecutions(readCalls(trace)), {
    allowed,
    commands,
  });
  expect(problems).toEqual([]);
  expect(orderProblems(plan, executed)).toEqual([]);
  // What nothing executes any more is to be taken off the list.
  expect(allowed.filter((one) => !seen.has(one)).map((one) => one.form)).toEqual([]);
});

function makeSource(name: string, owner: { readonly uid: number; readonly gid: number }): string {
  const root = workspace.make(name);
  makeRoot(root);
  for (const folder of ['mnt', 'packages', 'data/inner', 'data/cache/excluded'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'data/inner/file'), '');
  writeFileSync(join(root, 'etc/name'), 'a name');
  run('chown', '-R', `${owner.uid}:${owner.gid}`, root);
  return root;
}
