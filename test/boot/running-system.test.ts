import { DEBIAN } from './support/kinds.ts';
import { machineTree } from './support/machine-tree.ts';
import { proveRunningSystem } from './support/prove-running-system.ts';

// A Debian in use makes images of itself: one to hand on, and a personal copy. It has no network.

proveRunningSystem({
  name: 'running-system',
  minutes: 8,
  kind: DEBIAN,
  tree: async (workspace) => machineTree(workspace.make('tree')),
});
