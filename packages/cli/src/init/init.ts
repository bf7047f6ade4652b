import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { LivesysError } from '@livesys/core/plugin';

import type { Context } from '../terminal/context.ts';
import { systemCode } from '../terminal/system-error.ts';
import { chooseRelease, configTemplate } from './template.ts';

const NAME = 'livesys.config.ts';

/** `livesys init`: writes a config to start from. */
export async function writeConfig(
  { cwd, stdout, stderr }: Context,
  { force }: { readonly force: boolean },
): Promise<void> {
  const osRelease = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const text = configTemplate(chooseRelease(osRelease));
  await writeFile(join(cwd, NAME), text, { flag: force ? 'w' : 'wx' }).catch((error: unknown) => {
    throw cannotWrite(error);
  });
  stdout.write(`${NAME}\n`);
  stderr.write('next:  livesys plan    see what a build would do\n       livesys build   do it\n');
}

/** `livesys init --schema`: what an editor checks livesys.config.yaml and .json with. */
export async function printSchema({ stdout, loadEngine }: Context): Promise<void> {
  const engine = await loadEngine();
  stdout.write(`${JSON.stringify(engine.configSchema(), undefined, 2)}\n`);
}

function cannotWrite(error: unknown): LivesysError {
  return systemCode(error) === 'EEXIST'
    ? new LivesysError('LIVESYS_OUTPUT_EXISTS', `There is a ${NAME} already.`, {
        hint: 'Edit it, or replace it with livesys init --force.',
        cause: error,
      })
    : new LivesysError(
        'LIVESYS_OPERATION_FAILED',
        `${NAME} cannot be written: ${systemCode(error)}.`,
        {
          cause: error,
        },
      );
}
