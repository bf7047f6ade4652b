import { extname, relative } from 'node:path';
import { isLivesysError, LivesysError } from '../errors/livesys-error.ts';
import { configExplorer, NoDefaultExport } from './config-explorer.ts';
import type { Modules } from './config-jiti.ts';
import { CONFIG_ENDINGS } from './find-config.ts';
import { describeFailure } from './load-failure.ts';

/** What a config file holds, before any check. Throws `LIVESYS_CONFIG_UNREADABLE`. */
export async function loadFile(file: string, cwd: string, modules: Modules): Promise<unknown> {
  if (!(CONFIG_ENDINGS as readonly string[]).includes(extname(file))) {
    throw unreadable(`${displayPath(file, cwd)}: a config ends in ${CONFIG_ENDINGS.join(', ')}`);
  }
  try {
    const result = await configExplorer(modules).load(file);
    if (result && result.isEmpty !== true) return result.config as unknown;
  } catch (error) {
    if (isLivesysError(error)) throw error;
    throw explained(error, file, cwd);
  }
  throw unreadable(`${displayPath(file, cwd)}: the file is empty`);
}

/** Relative below the working directory and just above it, else absolute. */
export function displayPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path !== '' && path.length < file.length ? path : file;
}

function explained(error: unknown, file: string, cwd: string): LivesysError {
  // What the config itself fails to read has the same codes.
  const { code, path } = Object(error) as { code?: unknown; path?: unknown };
  const label = displayPath(file, cwd);
  if (code === 'ENOENT' && path === file) {
    return new LivesysError('LIVESYS_CONFIG_NOT_FOUND', `there is no file ${label}`, {
      hint: 'Check the path given with --config.',
    });
  }
  if (code === 'EACCES' && path === file) return unreadable(`${label}: this user may not read it`);
  if (error instanceof NoDefaultExport) {
    return unreadable(
      `${label}: it has no default export; write export default defineConfig({ … })`,
    );
  }
  const failure = describeFailure(error, file);
  const place = displayPath(failure.file ?? file, cwd);
  const line = failure.line === undefined ? '' : `:${failure.line}`;
  return unreadable(`${place}${line}: ${failure.text}`, error);
}

function unreadable(message: string, cause?: unknown): LivesysError {
  return new LivesysError(
    'LIVESYS_CONFIG_UNREADABLE',
    message,
    cause === undefined ? {} : { cause },
  );
}
