import { readFile } from 'node:fs/promises';
import { LivesysError } from '../errors/livesys-error.ts';
import type { Plan } from '../plan/model.ts';
import { operationRefs } from '../plan/operations.ts';

/** Reads the secrets that a plan names, each from where the config says. */
export async function readSecrets(plan: Plan): Promise<Readonly<Record<string, string>>> {
  const names = plan.tasks
    .flatMap((task) => task.operations.flatMap(operationRefs))
    .flatMap((ref) => (ref.kind === 'secret' ? [ref.name] : []));
  const secrets: Record<string, string> = {};
  for (const name of new Set(names)) secrets[name] = await readSecret(name);
  return secrets;
}

async function readSecret(name: string): Promise<string> {
  const colon = name.indexOf(':');
  const [kind, place] = [name.slice(0, colon), name.slice(colon + 1)];
  const value =
    kind === 'env'
      ? process.env[place]
      : kind === 'file'
        ? await readFile(place, 'utf8').catch(() => undefined)
        : undefined;
  if (value !== undefined) return value.replace(/\n$/, '');
  throw new LivesysError('LIVESYS_CONFIG_INVALID', `The secret ${kind} ${place} is not there.`, {
    hint: kind === 'env' ? `Set the environment variable ${place}.` : `Make the file ${place}.`,
  });
}
