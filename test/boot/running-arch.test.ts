import { join } from 'node:path';

import { afterAll } from 'vitest';

import { type ArchSystem, archSystem } from '../namespace/support/arch-system.ts';
import { install } from './support/arch.ts';
import { ARCH } from './support/kinds.ts';
import { proveRunningSystem } from './support/prove-running-system.ts';
import { run } from './support/run.ts';

// The same as running-system.test.ts with packages of Debian's in Arch's form, by the real pacman: see
// test/support/arch-repository/README.md. What runs and boots is no Arch Linux.

/** What its owner has installed, with all that a build runs. */
const PACKAGES = [
  ...['acl', 'attr', 'openssh', 'sudo', 'tree'],
  ...['busybox', 'cpio', 'cryptsetup', 'diffutils', 'dracut', 'squashfs-tools', 'zstd'],
  ...['dosfstools', 'grub', 'libisoburn', 'mtools'],
];

let arch: ArchSystem | undefined;
afterAll(() => arch?.close());

proveRunningSystem({
  name: 'running-arch',
  minutes: 8,
  kind: ARCH,
  tree: async (workspace) => {
    arch = await archSystem(workspace);
    const bootstrapped = await arch.make({ name: 'live' }, 'source:base');
    const root = join(workspace.make('installed'), 'root');
    run(['cp', '--archive', bootstrapped, root]);
    await install(root, join(workspace.folder, 'archives'), PACKAGES);
    return root;
  },
});
