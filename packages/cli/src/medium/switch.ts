import { LivesysError } from '@livesys/core/plugin';

import { programRunner } from '../programs/run-program.ts';
import type { Context } from '../terminal/context.ts';
import { nearestName } from '../text/nearest.ts';
import { quoteArgument } from '../text/quote.ts';
import { type Data, changeData } from './data/open-data.ts';
import { makeMark, removeMark, replaceFiles } from './data/replace-files.ts';
import { grubBlock, formatSelection, isProfileName, type Selection } from './data/selection.ts';
import { nextBoot, readState } from './data/state.ts';
import type { Manifest } from './manifest.ts';
import { openMedium } from './medium.ts';

const MENU =
  'The first entry of the boot menu, "as chosen last", does so; the others decide by themselves.';

/** `livesys medium FILE|DEVICE profile use NAME` */
export async function useProfile(path: string, name: string, context: Context): Promise<void> {
  await change(path, context, async (data, manifest) => {
    assertProfile(manifest, name);
    const next = await select(data, manifest, { profile: name });
    const kept = next.persistence === 'on' ? 'kept' : 'kept in memory only';
    return [`From the next boot, profile ${next.profile}, and its changes are ${kept}.`, MENU];
  });
}

/** `livesys medium FILE|DEVICE persistence on|off` */
export async function setPersistence(
  path: string,
  persistence: 'on' | 'off',
  context: Context,
): Promise<void> {
  await change(path, context, async (data, manifest) => {
    const { profile } = await select(data, manifest, { persistence });
    if (persistence === 'on') return [`From the next boot, changes are kept on ${path}.`, MENU];
    const { kept } = await readState(data, manifest);
    const stays = kept[profile]?.changes === true ? ' What is stored stays.' : '';
    return [`From the next boot, changes are kept in memory only.${stays}`, MENU];
  });
}

/** `livesys medium FILE|DEVICE persistence reset`: a request that the next boot carries out. */
export async function resetPersistence(path: string, context: Context): Promise<void> {
  await change(path, context, async (data, manifest) => {
    const state = await readState(data, manifest);
    const { profile } = nextBoot(manifest, state);
    if (state.kept[profile]?.changes !== true) return [`Nothing is stored for profile ${profile}.`];
    await makeMark(data.files, resetOf(profile));
    return [
      `The next boot of profile ${profile} starts without its stored changes and deletes them.`,
      `To keep them after all: livesys medium ${quoteArgument(path)} persistence reset --cancel`,
    ];
  });
}

/** `livesys medium FILE|DEVICE persistence reset --cancel` */
export async function cancelReset(path: string, context: Context): Promise<void> {
  await change(path, context, async (data, manifest) => {
    const state = await readState(data, manifest);
    const { profile } = nextBoot(manifest, state);
    if (state.kept[profile]?.reset !== true) {
      return [`No reset of profile ${profile} was asked for.`];
    }
    await removeMark(data.files, resetOf(profile));
    return [`The stored changes of profile ${profile} stay.`];
  });
}

const resetOf = (profile: string): string => `/livesys/persistence/${profile}/reset`;

async function change(
  path: string,
  { env, stdout }: Context,
  action: (data: Data, manifest: Manifest) => Promise<readonly string[]>,
): Promise<void> {
  const medium = await openMedium(path);
  try {
    const said = await changeData(medium, programRunner(env), (data) =>
      action(data, medium.manifest),
    );
    stdout.write(`${said.join('\n')}\n`);
  } finally {
    await medium.close();
  }
}

/** Writes the selection, and its form for the boot loader, with some of it changed. */
async function select(data: Data, manifest: Manifest, more: Selection) {
  const before = await readState(data, manifest);
  const selection = { ...before.selection, ...more };
  await replaceFiles(data.files, {
    selection: formatSelection(selection),
    grubenv: grubBlock(selection),
  });
  return nextBoot(manifest, { selection });
}

function assertProfile({ profiles }: Manifest, name: string): void {
  const names = profiles.map((profile) => profile.name).filter(isProfileName);
  if (names.includes(name)) return;
  const nearest = nearestName(name, names);
  throw new LivesysError(
    'LIVESYS_USAGE',
    `There is no profile "${name}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`,
    { hint: `The medium has ${names.join(', ')}. Nothing was changed.` },
  );
}
