import { LivesysError } from '@livesys/core/plugin';

import { type Environment, findProgram } from '../programs/find-program.ts';

const QEMU = 'qemu-system-x86_64';
const QEMU_PACKAGES = 'qemu-system-x86 (Debian, Ubuntu, Arch) or qemu-system-x86-core (Fedora)';

/** The path of QEMU, or an error that names the package to install. */
export async function requireQemu(env: Environment): Promise<string> {
  const path = await findProgram(QEMU, env);
  if (path !== undefined) return path;
  throw new LivesysError('LIVESYS_TOOL_MISSING', `${QEMU} is missing: it runs the machine.`, {
    hint: `Install ${QEMU_PACKAGES}.`,
  });
}
