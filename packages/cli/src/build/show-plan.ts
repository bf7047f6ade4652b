import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { LivesysError } from '@livesys/core/plugin';

import { cacheFolder } from '../cache/cache-folder.ts';
import type { BuildRequest, Engine, LoadedConfig, Planned } from '../engine/engine.ts';
import type { Context } from '../terminal/context.ts';
import { symbolsFor } from '../terminal/symbols.ts';
import { systemCode } from '../terminal/system-error.ts';
import { VERSION } from '../version.ts';
import { plainView } from '../views/plain.ts';
import { afterFirstWave, applyWave } from './build-image.ts';
import { withView } from './with-view.ts';

export interface PlanDisplay {
  /** Make the source first. */
  readonly prepare: boolean;
  readonly form: 'text' | 'json' | 'shell';
  /** Show every exclude. */
  readonly excludes: boolean;
  readonly facts?: string;
  readonly writeFacts?: string;
  /** Folder for all three forms. */
  readonly folder?: string;
}

/** Milliseconds that those wait for the sizes of what is left out who did not ask for them. */
const LEFT_OUT_TIME = 10_000;

/** `livesys plan`: shows what a build would do. */
export async function showPlan(
  request: BuildRequest,
  context: Context,
  display: PlanDisplay,
): Promise<void> {
  const facts = display.facts === undefined ? {} : { facts: await readFacts(display.facts) };
  const full = { ...request, ...facts };
  const engine = await context.loadEngine();
  const config = await engine.loadConfig(full);
  if (config.file === undefined && request.source === undefined) {
    const told = 'There is no config here, so this is about the running system.';
    context.stderr.write(`${told} To write one: livesys init\n`);
  }
  const planned = await planTwice(engine, config, full, context, display);
  if (display.writeFacts !== undefined) await writeFacts(display.writeFacts, planned);
  if (display.folder !== undefined) await savePlan(engine, planned, display, display.folder);
  context.stdout.write(renderPlan(engine, withHere(planned, display), display));
  if (planned.complete) return;
  context.stderr.write('The rest is planned when the source exists: livesys plan --prepare\n');
}

async function planTwice(
  engine: Engine,
  config: LoadedConfig,
  request: BuildRequest,
  context: Context,
  { prepare, form, excludes, folder }: PlanDisplay,
): Promise<Planned> {
  const shows = form !== 'shell' || folder !== undefined;
  const leftOutTime = excludes || form === 'json' ? Infinity : LEFT_OUT_TIME;
  const options = {
    ...{ cache: cacheFolder(context), record: false },
    ...(shows ? { leftOutTime } : {}),
  };
  const planned = await engine.plan(config, request, options);
  if (planned.complete || !prepare) return planned;
  const view = plainView(context.stderr, { symbols: symbolsFor(context.env), version: VERSION });
  await withView(view, context, async (watch) => {
    await applyWave(engine, config, request, context, watch);
  });
  return engine.plan(config, afterFirstWave(request), options);
}

/** What is printed as data also tells of this moment; a plan that is saved is the same at any time. */
function withHere(planned: Planned, { form }: PlanDisplay): Planned {
  if (form !== 'json') return planned;
  return { ...planned, plan: { ...(planned.plan as object), here: planned.here } };
}

function renderPlan(
  engine: Engine,
  planned: Planned,
  { form, excludes }: Pick<PlanDisplay, 'form' | 'excludes'>,
): string {
  const text = {
    text: () => engine.renderPlanText(planned, { excludes }),
    shell: () => engine.renderPlanShell(planned.plan),
    json: () => JSON.stringify(planned.plan, undefined, 2),
  }[form]();
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Not writable by others, whatever the umask: `livesys apply` refuses such a plan. */
async function savePlan(
  engine: Engine,
  planned: Planned,
  { excludes }: PlanDisplay,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true }).catch(cannotWrite(folder));
  const save = (name: string, form: PlanDisplay['form']) =>
    writeFile(join(folder, name), renderPlan(engine, planned, { form, excludes }), {
      mode: 0o644,
    }).catch(cannotWrite(join(folder, name)));
  await Promise.all([
    save('plan.json', 'json'),
    save('plan.sh', 'shell'),
    save('plan.txt', 'text'),
  ]);
}

async function readFacts(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw new LivesysError('LIVESYS_FACTS_INVALID', `${path} holds no facts.`, {
      cause: error,
      details: error instanceof Error ? [error.message] : [],
    });
  }
}

async function writeFacts(path: string, { facts }: Planned): Promise<void> {
  if (facts === undefined) {
    throw new LivesysError('LIVESYS_USAGE', 'There are no facts before the source exists.', {
      hint: 'Add --prepare, which makes the source.',
    });
  }
  await writeFile(path, `${JSON.stringify(facts, undefined, 2)}\n`).catch(cannotWrite(path));
}

/** What to throw when a file that was asked for cannot be made. */
function cannotWrite(path: string): (error: unknown) => never {
  return (error) => {
    throw new LivesysError(
      'LIVESYS_OUTPUT_UNWRITABLE',
      `${path} cannot be written (${systemCode(error)}).`,
      { hint: 'Choose another place.', cause: error },
    );
  };
}
