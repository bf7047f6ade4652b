import { join } from 'node:path';

/** The file whose lock tells that a run goes on. */
export function aliveFile(cache: string, run: string): string {
  return join(cache, 'tmp', `${run}.lock`);
}
