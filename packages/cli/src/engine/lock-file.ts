import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { LivesysError } from '@livesys/core';

import { systemCode } from '../terminal/system-error.ts';

/** The state of the repositories before a build has recorded one. */
const UNRECORDED = 'not recorded';

export interface LockOptions {
  /** The config's folder, or undefined when the source was named on the command line. */
  readonly folder: string | undefined;
  readonly cache: string;
  /** Record a state where there is none. A plan alone records nothing. */
  readonly record: boolean;
  /** Take what the repositories have now. */
  readonly renew: boolean;
}

/**
 * The state of the repositories that a build works with: when they were last looked at, kept in
 * `livesys.lock.json` beside the config. It enters the key of every task with network, so packages
 * stay as they are until `--refresh packages`.
 */
export async function repositoryState(options: LockOptions): Promise<string> {
  const file = join(options.folder ?? options.cache, 'livesys.lock.json');
  const known = await readLock(file);
  if (known !== undefined && !options.renew) return known;
  if (!options.record) return options.renew ? new Date().toISOString() : UNRECORDED;
  const packages = new Date().toISOString();
  await writeLock(file, packages);
  return packages;
}

async function readLock(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    // Taken for missing it would be made anew, with other packages.
    throw new LivesysError(
      'LIVESYS_CONFIG_UNREADABLE',
      `${file} cannot be read (${systemCode(error)}).`,
      { hint: 'Let this user read it, or delete it for the packages of today.', cause: error },
    );
  });
  if (text === undefined) return undefined;
  const invalid = (cause?: unknown) =>
    new LivesysError('LIVESYS_CONFIG_INVALID', `${file} is not a lock file of livesys.`, {
      hint: 'Delete it, or take it from version control again.',
      cause,
    });
  try {
    const { format, packages } = JSON.parse(text) as { format?: unknown; packages?: unknown };
    if (format === 1 && typeof packages === 'string') return packages;
  } catch (error) {
    throw invalid(error);
  }
  throw invalid();
}

async function writeLock(file: string, packages: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const content = `${JSON.stringify({ format: 1, packages }, undefined, 2)}\n`;
  try {
    await writeFile(`${file}.new`, content);
    await rename(`${file}.new`, file);
  } catch (error) {
    throw new LivesysError('LIVESYS_OPERATION_FAILED', `${file} cannot be written.`, {
      hint: 'It keeps the state of the repositories; make its folder writable.',
      cause: error,
    });
  }
}
