import { userInfo } from 'node:os';

import { cacheFolder } from '../cache/cache-folder.ts';
import type { Context } from '../terminal/context.ts';
import { type Symbols, symbolsFor } from '../terminal/symbols.ts';
import { CHECKS, type Finding } from './checks.ts';
import { type System, thisSystem } from './system.ts';

/** What the machine can do for one group of commands. */
export interface Diagnosis {
  readonly commands: string;
  readonly findings: readonly Finding[];
}

/** `livesys doctor` */
export async function examineMachine(
  context: Context,
  { json }: { readonly json: boolean },
): Promise<void> {
  const { env, user, stdout } = context;
  const cache = cacheFolder(context);
  const userName = nameOfUser(user.uid);
  const diagnoses = await diagnose(thisSystem({ env, uid: user.uid, userName, cache }));
  stdout.write(
    json ? `${JSON.stringify({ diagnoses })}\n` : formatDiagnoses(diagnoses, symbolsFor(env)),
  );
}

export async function diagnose(system: System): Promise<Diagnosis[]> {
  return Promise.all(
    Object.entries(CHECKS).map(async ([commands, checks]) => ({
      commands,
      findings: await Promise.all(checks.map((check) => check(system))),
    })),
  );
}

export function formatDiagnoses(diagnoses: readonly Diagnosis[], symbols: Symbols): string {
  const names = diagnoses.flatMap(({ findings }) => findings.map(({ name }) => name.length));
  const width = Math.max(...names);
  const mark = { ok: symbols.done, limited: '~', missing: '!' };
  const lines = diagnoses.flatMap(({ commands, findings }) => [
    `${commands}: ${verdict(findings)}`,
    ...findings.flatMap(({ name, state, detail, fix }) => [
      ` ${mark[state]} ${name.padEnd(width)}  ${detail}`,
      ...(fix === undefined ? [] : [`   ${' '.repeat(width)}  ${symbols.arrow} ${fix}`]),
    ]),
    '',
  ]);
  return lines.join('\n');
}

function verdict(findings: readonly Finding[]): string {
  if (findings.some(({ state }) => state === 'missing')) return 'not ready';
  return findings.some(({ state }) => state === 'limited') ? 'ready, with limits' : 'ready';
}

/** A container may run a user id that has no name. */
function nameOfUser(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    return String(uid);
  }
}
