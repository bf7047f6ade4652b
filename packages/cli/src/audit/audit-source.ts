import { stat } from 'node:fs/promises';

import { auditTree, judgeMounts, rootReader, secretRules, type Finding } from '@livesys/core';

import { defaults } from '../engine/builtins.ts';
import { openMedium } from '../medium/medium.ts';
import { programRunner } from '../programs/run-program.ts';
import type { Context } from '../terminal/context.ts';
import { alignColumns } from '../text/columns.ts';
import { printable } from '../text/printable.ts';
import { count } from '../views/phrases.ts';
import { auditMedium } from './audit-medium.ts';

/** `livesys audit`: what is secret, by path and kind. */
export async function auditSource(
  path: string,
  context: Context,
  { json }: { readonly json: boolean },
): Promise<void> {
  const findings = await find(path, context);
  if (json) {
    context.stdout.write(`${JSON.stringify({ source: path, findings })}\n`);
    return;
  }
  const lines = alignColumns(findings.map(({ path, kind }) => [printable(path), kind]));
  for (const line of lines) context.stdout.write(`${line}\n`);
  const found = findings.length === 0 ? 'nothing' : count(findings.length, 'path');
  context.stderr.write(`${found} secret in ${path}, as far as livesys knows\n`);
}

async function find(path: string, context: Context): Promise<readonly Finding[]> {
  const rules = secretRules(...defaults().distros);
  const found = await stat(path).catch(() => undefined);
  if (path === '/') {
    const mounts = judgeMounts(rootReader('/'), { include: [], exclude: [] });
    const own = mounts.filter(({ is }) => is === 'in').map(({ at }) => at);
    return auditTree({ path, mounts: own }, rules);
  }
  if (found?.isDirectory() === true) return auditTree({ path }, rules);
  const medium = await openMedium(path);
  try {
    return await auditMedium(medium, rules, programRunner(context.env));
  } finally {
    await medium.close();
  }
}
