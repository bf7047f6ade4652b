import { cacheFolder } from '../cache/cache-folder.ts';
import type { Context } from '../terminal/context.ts';
import { chooseView } from '../views/choose-view.ts';
import { VERSION } from '../version.ts';
import { assertSpace } from './assert-space.ts';
import { requireTask } from './build-image.ts';
import { readPlanFile } from './plan-file.ts';
import { withView } from './with-view.ts';

export interface ApplyRequest {
  readonly file: string;
  readonly force: boolean;
  readonly until?: string;
}

/** `livesys apply`: carries out the plan in a file, and nothing else. */
export async function applyPlanFile(
  { file, ...request }: ApplyRequest,
  context: Context,
  options: { readonly json: boolean },
): Promise<void> {
  const { signal } = context;
  const cache = cacheFolder(context);
  const view = chooseView(context, { json: options.json, version: VERSION });
  await withView(view, context, async (watch) => {
    const data = await readPlanFile(file, trustedOwners(context));
    const engine = await context.loadEngine();
    const plan = await engine.parsePlan(data);
    const planned = await engine.describePlan(plan, { cache });
    requireTask(planned, request.until);
    watch.showPlan(planned, cache);
    assertSpace(planned);
    await engine.apply(plan, {
      ...request,
      cache,
      planned,
      signal,
      onEvent: watch.show,
      refresh: [],
    });
  });
}

/** Root, this user, and under sudo the one who typed the command. */
function trustedOwners({ env, user }: Context): readonly number[] {
  const sudo = user.uid === 0 ? Number(env['SUDO_UID'] ?? Number.NaN) : Number.NaN;
  return [0, user.uid, ...(Number.isInteger(sudo) ? [sudo] : [])];
}
