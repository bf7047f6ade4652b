import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { LivesysError } from '@livesys/core/plugin';

type Environment = Readonly<Record<string, string | undefined>>;

/** Looks a program up as a shell would; also where PATH of a plain user does not look. */
export async function findProgram(name: string, env: Environment): Promise<string | undefined> {
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  for (const folder of folders) {
    if (folder === '') continue;
    const path = join(folder, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

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
