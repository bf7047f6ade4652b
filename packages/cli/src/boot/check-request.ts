import { constants } from 'node:fs';
import { access } from 'node:fs/promises';

import { LivesysError } from '@livesys/core/plugin';

import { systemCode } from '../terminal/system-error.ts';
import type { BootRequest } from './boot-medium.ts';

/** Refuses what cannot work before anything is started. */
export async function checkRequest(request: BootRequest): Promise<void> {
  const { file, as, write, append, secureBoot } = request;
  if (write && as === 'cdrom') {
    throw usage('A disc cannot be written to.', 'Add --as usb to --write.');
  }
  if (secureBoot && append !== undefined) {
    throw usage(
      'A kernel that is booted directly is not checked by Secure Boot.',
      'Leave out one of --secure-boot and --append.',
    );
  }
  await access(file, write ? constants.R_OK | constants.W_OK : constants.R_OK).catch(
    (error: unknown) => {
      throw usage(
        `${file} cannot be opened (${systemCode(error)}).`,
        'Check the name, or make one with livesys build.',
      );
    },
  );
}

function usage(message: string, hint: string): LivesysError {
  return new LivesysError('LIVESYS_USAGE', message, { hint });
}
