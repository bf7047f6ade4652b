import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeRunningSystem, type RunningSystem } from './support/running-system.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// A system that is in use changes while it is read.

const CONFIGS = fileURLToPath(new URL('./support/tiny/', import.meta.url));
const PROJECT = '/srv/project';

let workspace: Workspace;
let system: RunningSystem;
beforeAll(() => {
  workspace = makeWorkspace();
  system = makeRunningSystem(workspace.folder);
  mkdirSync(join(workspace.folder, PROJECT), { recursive: true });
  cpSync(CONFIGS, join(workspace.folder, PROJECT), { recursive: true });
});
afterAll(() => workspace?.remove());

it.each(['squashfs', 'erofs'])('a build as %s names what changed and goes on', async (format) => {
  const end = await system.shell(`mkdir -p /home/anna; echo old >/home/anna/old
    (while :; do echo line >>/var/lib/grows; echo 1 >/home/anna/comes; rm /home/anna/comes; sleep 0.1; done) &
    writer=$!; cd ${PROJECT}; HOME=/root; export HOME; status=0
    node /repository/packages/cli/dist/main.js build -c ${format}.config.ts -o /srv/${format} || status=$?
    kill $writer; exit $status`);
  expect([end.stderr, end.status]).toEqual([expect.stringContaining('/var/lib/grows'), 0]);
  expect(end.stderr).toMatch(
    /warning: .*changed while (?:it was|they were) read: .*\/var\/lib\/grows/,
  );
  expect(end.stdout).toContain(`/srv/${format}/tiny-1.iso`);
});
