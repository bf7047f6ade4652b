import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { LivesysError } from '@livesys/core';

/** The part of a config that a source on the command line stands for. */
export async function namedSource(
  source: string,
  cwd: string,
  distros: readonly string[],
): Promise<Record<string, unknown>> {
  if (source === '/') return { source: 'host' };
  const path = resolve(cwd, source);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return { source: ['directory', path] };
  if (found?.isFile()) return { source: ['archive', path] };
  const [, distro, release] = /^([a-z]+):([\w.-]+)$/.exec(source) ?? [];
  if (distro === undefined) {
    throw new LivesysError('LIVESYS_SOURCE_MISSING', `${path} does not exist.`, {
      hint: 'A source is a folder, an archive, or a release such as debian:bookworm.',
    });
  }
  if (!distros.includes(distro)) {
    throw new LivesysError(
      'LIVESYS_DISTRO_UNKNOWN',
      `There is no adapter "${distro}"; there are: ${distros.join(', ')}.`,
    );
  }
  return { source: 'bootstrap', distro: [distro, { release }] };
}
