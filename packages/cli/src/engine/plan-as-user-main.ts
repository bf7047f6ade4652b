/**
 * Loads a config and plans, as the person who called sudo. Reads one request from standard input
 * and answers with one line; whatever a config prints goes to standard error.
 */
import { text } from 'node:stream/consumers';

import { isLivesysError } from '@livesys/core';

import {
  describeConfig,
  findSource,
  loadLocally,
  needsFingerprints,
  planLocally,
} from './plan-locally.ts';
import type { UserPlanAnswer, UserPlanRequest } from './plan-as-user.ts';

const answerTo = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind<typeof process.stdout.write>(process.stderr);

async function answer(): Promise<UserPlanAnswer> {
  const asked = JSON.parse(await text(process.stdin)) as UserPlanRequest;
  const config = await loadLocally(asked.request);
  const described = describeConfig(config);
  if (!asked.plan) return { config: described };
  const { plan, facts } = await planLocally(config, asked.request, {
    ...{ cache: asked.cache, record: asked.record },
    findSource: async (source) =>
      needsFingerprints(source) ? asked.source : findSource(source, asked.cache),
  });
  return { config: described, plan, ...(facts === undefined ? {} : { facts }) };
}

try {
  answerTo(JSON.stringify(await answer()));
} catch (error) {
  const { message, code, hint, details } = isLivesysError(error)
    ? error
    : {
        message: String(error),
        code: 'LIVESYS_INTERNAL',
        hint: 'Run again with --debug.',
        details: [],
      };
  answerTo(JSON.stringify({ error: { code, message, hint, details } }));
}
