import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { isErrorCode, LivesysError, parsePlan, readFacts, type Plan } from '@livesys/core';
import type { Facts } from '@livesys/core/plugin';

import type { BuildRequest, LoadedConfig } from './engine.ts';
import { findSource, needsFingerprints, type FoundSource } from './plan-locally.ts';

/** The person who called sudo. */
export interface SudoUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** What the child is asked for. */
export interface UserPlanRequest {
  readonly request: BuildRequest;
  /** Plan, or only load the config. */
  readonly plan: boolean;
  readonly cache: string;
  readonly record: boolean;
  /** The source, where only the one who carries the plan out can tell its key. */
  readonly source?: FoundSource;
}

/** What the child answers with, as one line of JSON. */
export type UserPlanAnswer =
  | {
      readonly config: Omit<LoadedConfig, 'resolved'>;
      readonly plan?: unknown;
      readonly facts?: unknown;
    }
  | {
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly hint: string;
        readonly details: readonly string[];
      };
    };

/** Who called sudo, or undefined when nobody did. */
export function userBehindSudo(env: NodeJS.ProcessEnv): SudoUser | undefined {
  const { SUDO_UID, SUDO_GID, SUDO_USER } = env;
  if (process.getuid?.() !== 0 || SUDO_UID === undefined || SUDO_UID === '0') return undefined;
  return { uid: Number(SUDO_UID), gid: Number(SUDO_GID ?? SUDO_UID), name: SUDO_USER ?? '' };
}

/** Plans in a child, and again where it took root to find the source that it planned. */
export async function planUnderSudo(
  user: SudoUser,
  asked: Omit<UserPlanRequest, 'plan'>,
): ReturnType<typeof planAsUser> {
  const first = await planAsUser(user, { ...asked, plan: true });
  if (first.plan.complete || !needsFingerprints(first.plan)) return first;
  const source = await findSource(first.plan, asked.cache);
  return source === undefined ? first : planAsUser(user, { ...asked, plan: true, source });
}

/** Loads the config and plans in a child with the ids and home of the person who called sudo. */
export async function planAsUser(
  user: SudoUser,
  asked: UserPlanRequest,
): Promise<{
  readonly config: Omit<LoadedConfig, 'resolved'>;
  readonly plan: Plan;
  readonly facts: Facts | undefined;
  /** None: the plugins ended with the child, and none of them runs as root. */
  readonly news: undefined;
}> {
  const program = fileURLToPath(new URL('./plan-as-user-main.js', import.meta.url));
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--init-groups', '--reset-env'];
  const child = spawn('setpriv', [...ids, process.execPath, program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: '/',
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(asked));
  await once(child, 'close');
  const answer = readAnswer(text);
  if ('error' in answer) throw errorFrom(answer.error);
  return {
    config: answer.config,
    plan: asked.plan ? parsePlan(answer.plan) : ({} as Plan),
    facts: answer.facts === undefined ? undefined : readFacts(answer.facts),
    news: undefined,
  };
}

function readAnswer(text: string): UserPlanAnswer {
  try {
    return JSON.parse(text) as UserPlanAnswer;
  } catch (error) {
    throw new LivesysError('LIVESYS_INTERNAL', 'The child that plans gave no answer.', {
      cause: error,
    });
  }
}

function errorFrom({
  code,
  message,
  hint,
  details,
}: Extract<UserPlanAnswer, { error: unknown }>['error']) {
  return new LivesysError(isErrorCode(code) ? code : 'LIVESYS_INTERNAL', message, {
    hint,
    details,
  });
}
