import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { LivesysError } from '@livesys/core/plugin';

import { installLineFor } from '../doctor/packages.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

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

/** The path of a program, or an error that says what it is for and how to install it. */
export async function requireProgram(
  name: string,
  purpose: string,
  env: Environment,
): Promise<string> {
  const path = await findProgram(name, env);
  if (path !== undefined) return path;
  const osRelease = await readFile('/etc/os-release', 'utf8').catch(() => undefined);
  const install = installLineFor(name, osRelease);
  throw new LivesysError('LIVESYS_TOOL_MISSING', `${name} is missing: it ${purpose}.`, {
    ...(install === undefined ? {} : { hint: sentence(install) }),
  });
}

const sentence = (line: string): string => `${line.charAt(0).toUpperCase()}${line.slice(1)}.`;
