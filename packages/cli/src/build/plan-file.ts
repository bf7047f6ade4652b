import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { LivesysError } from '@livesys/core/plugin';

import { systemCode } from '../terminal/system-error.ts';
import { quoteArgument } from '../text/quote.ts';

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Reads a plan that is about to be carried out, perhaps as root. Refuses one that somebody else
 * owns or could have changed; what was checked is what is read, because both use one open file.
 */
export async function readPlanFile(
  path: string,
  trustedOwners: readonly number[],
): Promise<unknown> {
  // Without O_NONBLOCK a named pipe would wait for someone to write into it.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((error: unknown) => {
    throw new LivesysError('LIVESYS_USAGE', `${path} cannot be opened (${systemCode(error)}).`, {
      hint: 'Make a plan with livesys plan -o DIR.',
      cause: error,
    });
  });
  try {
    await refuseForeign(path, file, trustedOwners);
    return JSON.parse(await file.readFile('utf8')) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalid(`${path} is not JSON: ${error.message}`);
  } finally {
    await file.close();
  }
}

async function refuseForeign(path: string, file: FileHandle, trusted: readonly number[]) {
  const found = await file.stat();
  if (!found.isFile()) throw invalid(`${path} is not a file.`);
  const { mode, uid } = found;
  if (!trusted.includes(uid)) {
    throw new LivesysError('LIVESYS_PLAN_UNSAFE', `${path} belongs to another user (${uid}).`, {
      hint: 'Nothing was done. Read the plan, then make a copy of your own.',
    });
  }
  if ((mode & WRITABLE_BY_OTHERS) !== 0) {
    const octal = (mode & 0o777).toString(8);
    throw new LivesysError('LIVESYS_PLAN_UNSAFE', `Others can write ${path} (mode ${octal}).`, {
      hint: `Nothing was done. Read the plan, then: chmod go-w ${quoteArgument(path)}`,
    });
  }
}

function invalid(message: string): LivesysError {
  return new LivesysError('LIVESYS_PLAN_INVALID', message);
}
