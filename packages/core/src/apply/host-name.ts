import { writeFile } from 'node:fs/promises';
import { capture } from './command-runner.ts';

/** What the kernel says where it does not let itself be set. */
const CLOSED = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * Gives this UTS namespace a name. In a user namespace the file stays closed while the system call is
 * allowed, which the program `hostname` makes; Arch has that program only with inetutils, so root does
 * without. Throws LIVESYS_TOOL_MISSING where it is needed and not there.
 */
export async function setHostName(name: string): Promise<void> {
  try {
    await writeFile('/proc/sys/kernel/hostname', name);
  } catch (error) {
    if (!CLOSED.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await capture(['hostname', name]);
  }
}
