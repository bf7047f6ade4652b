import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';

import { LivesysError } from '@livesys/core/plugin';

import { type BlockDevice, listBlockDevices } from '../disk/block-devices.ts';
import type { RunProgram } from '../programs/run-program.ts';
import type { Context } from '../terminal/context.ts';
import { systemCode } from '../terminal/system-error.ts';
import { quoteArgument } from '../text/quote.ts';
import { type Candidate, judgeDevices, refusalOf, type Wish } from './candidates.ts';
import { contentsOf } from './contents.ts';
import type { WriteView } from './view.ts';

/** What choosing needs to know. */
export interface Choice {
  readonly wish: Wish;
  readonly run: RunProgram;
  readonly context: Context;
  readonly view: WriteView;
  /** The image, for hints. */
  readonly file: string;
}

/** The device that a person named. Throws with the reason when it may not be written to. */
export async function chooseNamed(name: string, choice: Choice): Promise<BlockDevice> {
  const { wish, run } = choice;
  const path = await devicePath(name);
  const [found] = await listBlockDevices(run, path);
  if (!found) throw refuse(path, 'is not known to lsblk');
  const device = { ...found, path };
  const refusal = refusalOf(device, wish);
  if (refusal !== undefined) throw refuse(path, refusal);
  await showDevices([{ device, refusal }], choice);
  return device;
}

/** `/dev/sdb` for whatever name the device goes by. */
export async function devicePath(name: string): Promise<string> {
  const stats = await stat(name).catch((error: unknown) => {
    throw systemCode(error) === 'ENOENT'
      ? refuse(name, 'does not exist')
      : refuse(name, `cannot be looked at (${systemCode(error)})`);
  });
  if (stats.isDirectory()) throw refuse(name, 'is a folder; a medium takes a whole device');
  if (stats.isFile()) throw refuse(name, 'is a file; an image is copied to a file with cp');
  if (!stats.isBlockDevice()) throw refuse(name, 'is not a block device');
  return realpath(name);
}

function refuse(path: string, why: string): LivesysError {
  return new LivesysError('LIVESYS_DEVICE_REFUSED', `${path} ${why}. Nothing was changed.`);
}

/** Shows the disks of this machine and asks for one of those that may be written to. */
export async function chooseFromList(choice: Choice): Promise<BlockDevice> {
  const { wish, run, context, file } = choice;
  const candidates = judgeDevices(await listBlockDevices(run), wish);
  await showDevices(candidates, choice);
  const open = candidates.filter(({ refusal }) => refusal === undefined);
  const [only] = open;
  if (!only) {
    throw new LivesysError('LIVESYS_DEVICE_REFUSED', 'There is no device to write to.', {
      hint: 'Plug in a stick or a memory card, and run the same command again.',
    });
  }
  if (context.user.uid !== 0) await requireWritable(only.device.path, file);
  if (!context.ask) throw nameIt(file, open.length === 1 ? only.device.path : 'DEVICE');
  if (open.length === 1) return only.device;
  const answer = await context.ask('Which one? Type its name: ');
  const chosen = open.find(({ device }) => isNameOf(device.path, answer));
  if (chosen) return chosen.device;
  throw new LivesysError('LIVESYS_USAGE', 'None of them was named. Nothing was changed.');
}

async function showDevices(candidates: readonly Candidate[], { run, view }: Choice): Promise<void> {
  const devices = [];
  for (const { device, refusal } of candidates) {
    const { path, model, serial, transport, bytes } = device;
    const contents = await contentsOf(device, run);
    devices.push({ path, model, serial, transport, bytes, contents, refusal: refusal ?? null });
  }
  view.show({ type: 'devices', devices });
}

/** Whether a person means the device: `sdb` or `/dev/sdb`. */
export function isNameOf(path: string, answer: string | undefined): boolean {
  const name = answer?.trim();
  return name === path || `/dev/${name}` === path;
}

/** Says early that root is needed, and how to become it. */
export async function requireWritable(path: string, file: string): Promise<void> {
  await access(path, constants.W_OK).catch(() => {
    throw new LivesysError('LIVESYS_NEEDS_ROOT', `This user may not write to ${path}.`, {
      hint: `sudo livesys write ${quoteArgument(file)} ${path}`,
    });
  });
}

function nameIt(file: string, device: string): LivesysError {
  return new LivesysError(
    'LIVESYS_USAGE',
    'There is no terminal to ask on which device is meant.',
    {
      hint: `livesys write ${quoteArgument(file)} ${device} --yes-wipe ${device}`,
    },
  );
}
