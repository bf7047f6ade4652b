import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LivesysError } from '../errors/livesys-error.ts';
import { NOTHING } from '../plan/keys.ts';
import type { Plan } from '../plan/model.ts';
import { isWithin } from '../probe/mount-table.ts';
import { Matcher } from '../rules/matcher.ts';
import { bytesOf } from '../rules/pattern.ts';

/** A folder or file on the builder that a plan reads. */
interface Read {
  readonly what: string;
  readonly path: string;
}

/**
 * Refuses a cache or an output that would lie in what the plan reads, also by way of a link: the
 * source would change, and with it each next image.
 */
export async function assertApart(plan: Plan, cache: string): Promise<void> {
  await assertLeftOut(plan, cache);
  for (const { what, path } of placesRead(plan)) {
    if (await liesIn(cache, path)) {
      throw new LivesysError(
        'LIVESYS_CACHE_UNSUITABLE',
        `The cache ${cache} lies in ${what} ${path}, which is only read.`,
      );
    }
    for (const output of outputs(plan)) {
      if (!(await liesIn(output, path))) continue;
      throw new LivesysError(
        'LIVESYS_OUTPUT_IN_SOURCE',
        `The output ${output} would lie in ${path}, ${what}, which is only read.`,
      );
    }
  }
}

/** The running system holds the cache and the outputs; the plan must leave them out. */
async function assertLeftOut(plan: Plan, cache: string): Promise<void> {
  for (const layer of Object.values(plan.trees).flatMap((tree) => tree.layers)) {
    if (layer.kind !== 'mounts') continue;
    const matcher = new Matcher(layer.leaveOut ?? NOTHING);
    const isLeftOut = (path: string): boolean => {
      const mount = layer.mounts.findLast(({ at }) => isWithin(path, at));
      return mount?.is === 'out' || matcher.judge(bytesOf(path), false) === 'out';
    };
    if (!isLeftOut(join(await realPlace(cache), 'results'))) {
      throw new LivesysError(
        'LIVESYS_CACHE_UNSUITABLE',
        `The plan does not leave the cache ${cache} out of the source; it was made for another one.`,
      );
    }
    for (const output of outputs(plan)) {
      if (isLeftOut(await realPlace(output))) continue;
      throw new LivesysError(
        'LIVESYS_OUTPUT_IN_SOURCE',
        `The output ${output} would lie in the source, by way of a link.`,
      );
    }
  }
}

/** The running system as a source is looked at by itself. */
function placesRead(plan: Plan): readonly Read[] {
  const layers = Object.values(plan.trees).flatMap((tree) => tree.layers);
  const sources = layers.flatMap((layer) => (layer.kind === 'directory' ? [layer.path] : []));
  const inputs = plan.tasks.flatMap((task) =>
    task.inputs.flatMap((input) => (input.kind === 'builderPath' ? [input.path] : [])),
  );
  return [
    ...[...new Set(sources)].map((path) => ({ what: 'the source', path })),
    ...[...new Set(inputs)].map((path) => ({ what: 'what goes into the image', path })),
  ];
}

const outputs = (plan: Plan): readonly string[] =>
  plan.tasks.flatMap(({ result }) => (result.kind === 'output' ? [result.path] : []));

async function liesIn(path: string, folder: string): Promise<boolean> {
  const [real, place] = [await realPlace(path), await realPlace(folder)];
  return real === place || real.startsWith(join(place, '/'));
}

/** Where something lies or will lie, links on the way followed as far as there is a way. */
async function realPlace(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  return real ?? join(await realPlace(dirname(path)), basename(path));
}
