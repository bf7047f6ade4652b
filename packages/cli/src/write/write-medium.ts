import { open } from 'node:fs/promises';
import { basename } from 'node:path';

import { LivesysError } from '@livesys/core/plugin';

import { type BlockDevice, listBlockDevices } from '../disk/block-devices.ts';
import { fillBuffer } from '../disk/bytes.ts';
import { devicesOf } from '../disk/in-use.ts';
import { nextBoot } from '../medium/data/state.ts';
import { type Medium, openMedium } from '../medium/medium.ts';
import { requireProgram } from '../programs/find-program.ts';
import { programRunner, type RunProgram } from '../programs/run-program.ts';
import type { Context } from '../terminal/context.ts';
import { asKnownError } from '../terminal/print-error.ts';
import { assertWhole } from './assert-whole.ts';
import type { Wish } from './candidates.ts';
import {
  type Choice,
  chooseFromList,
  chooseNamed,
  devicePath,
  requireWritable,
} from './choose-device.ts';
import { confirmErasing } from './confirm.ts';
import { failedEvent } from './events.ts';
import { explainFailure, interrupted, sourceFailed } from './failure.ts';
import { type DataLayout, type ImageShape, placeData, type WantedData } from './layout.ts';
import { bringsContent, DATA_PROGRAMS } from './make-data.ts';
import { openTarget, type OpenTarget, type Target } from './target.ts';
import { chooseWriteView, type WriteView } from './view.ts';
import { type Progress, writeImage } from './write-image.ts';

export interface WriteRequest {
  readonly file: string;
  /** Without one, the devices are shown and asked for. */
  readonly device?: string;
  /** A device that may be written to although it is built in. */
  readonly fixed?: string;
  /** The device that may be erased without asking. */
  readonly yesWipe?: string;
  readonly persistence?: WantedData;
  readonly json: boolean;
}

/** What the work is done with; tests put their own in its place. */
export interface WriteTools {
  readonly run: RunProgram;
  readonly open: OpenTarget;
}

interface Surroundings extends WriteTools {
  readonly context: Context;
  readonly view: WriteView;
}

/** `livesys write FILE [DEVICE]` */
export async function writeMedium(
  request: WriteRequest,
  context: Context,
  tools: WriteTools = { run: programRunner(context.env), open: openTarget },
): Promise<void> {
  const view = chooseWriteView(context, request);
  // Who interrupts is told so, and that must not end up in the picture of progress.
  const makeWay = () => view.close();
  context.signal.addEventListener('abort', makeWay, { once: true });
  try {
    const medium = await openMedium(request.file);
    try {
      await assertWhole(medium);
      await writeOpened(medium, request, { ...tools, context, view });
    } finally {
      await medium.close();
    }
  } catch (thrown) {
    const error = context.signal.aborted ? interrupted(thrown) : thrown;
    view.show(failedEvent(asKnownError(error)));
    throw error;
  } finally {
    context.signal.removeEventListener('abort', makeWay);
    view.close();
  }
}

async function writeOpened(
  medium: Medium,
  request: WriteRequest,
  { run, open, context, view }: Surroundings,
): Promise<void> {
  const start = context.now();
  const image = shapeOf(medium);
  const device = await findDevice(request, image, { run, open, context, view });
  const data = placeData(image, device.bytes, request.persistence);
  await requirePrograms(data !== undefined, context.env);
  const keepData = data !== undefined && (await bringsContent(medium, run));
  await confirmErasing({ device, image, data, yesWipe: await wiped(request) }, context);
  const target = await openSame(device, { run, open });
  view.show({
    type: 'write-started',
    image: medium.path,
    device: device.path,
    bytes: medium.bytes,
    persistence: data?.length ?? 0,
  });
  await carryOut({ medium, target, data, keepData }, { run, open, context, view });
  const { profile, persistence } = nextBoot(medium.manifest, { selection: {} });
  view.show({
    type: 'write-finished',
    device: device.path,
    imageId: medium.manifest.image,
    profile,
    persistence: data && persistence === 'on' ? 'on' : 'off',
    milliseconds: Math.round(context.now() - start),
  });
}

/** Claims a device; from then on it is the one that was shown and named, or none. */
async function openSame(shown: BlockDevice, { run, open }: WriteTools): Promise<Target> {
  const target = await open(shown.path, run);
  const [found] = await listBlockDevices(run, shown.path);
  const same = (['model', 'serial', 'bytes'] as const).every((key) => found?.[key] === shown[key]);
  if (same) return target;
  await target.close();
  throw new LivesysError(
    'LIVESYS_DEVICE_REFUSED',
    `${shown.path} is another device now than the one that was shown. Nothing was changed.`,
    { hint: 'Run the same command again.' },
  );
}

/** Before anything is erased. */
async function requirePrograms(data: boolean, env: Context['env']): Promise<void> {
  await requireProgram('blockdev', 'makes the kernel read what is on the device', env);
  if (!data) return;
  for (const name of DATA_PROGRAMS) await requireProgram(name, 'makes room for changes', env);
}

async function findDevice(
  { file, device, fixed }: WriteRequest,
  image: ImageShape,
  { run, context, view }: Surroundings,
): Promise<BlockDevice> {
  const wish: Wish = {
    bytes: image.bytes,
    fixed: fixed === undefined ? undefined : await devicePath(fixed),
    sources: await devicesOf(file),
  };
  const choice: Choice = { wish, run, context, view, file };
  const name = device ?? fixed;
  const chosen = await (name === undefined ? chooseFromList(choice) : chooseNamed(name, choice));
  await requireWritable(chosen.path, file);
  return chosen;
}

async function wiped({ yesWipe }: WriteRequest): Promise<string | undefined> {
  return yesWipe === undefined ? undefined : devicePath(yesWipe);
}

function shapeOf({ path, bytes, gpt, data, manifest }: Medium): ImageShape {
  const keeps = manifest.profiles.some(({ persistence }) => persistence !== 'off');
  return { path, name: basename(path), bytes, gpt, data, keeps };
}

interface Work {
  readonly medium: Medium;
  readonly target: Target;
  readonly data: DataLayout | undefined;
  readonly keepData: boolean;
}

async function carryOut(work: Work, { run, context, view }: Surroundings): Promise<void> {
  const { medium, target, data, keepData } = work;
  const progress: Progress = { state: 'untouched', done: 0, bytes: medium.bytes };
  const file = await open(medium.path, 'r');
  let since = context.now();
  try {
    await writeImage(
      {
        ...{ target, data, keepData, run, signal: context.signal },
        bytes: medium.bytes,
        imageData: medium.data,
        source: {
          read: (buffer, offset) =>
            fillBuffer(file, buffer, offset).catch(sourceFailed(medium.path)),
        },
        onProgress: (stage, done, bytes) =>
          view.show({ type: 'write-progress', stage, done, bytes }),
        onStage(stage, bytes) {
          const milliseconds = Math.round(context.now() - since);
          since = context.now();
          view.show({ type: 'write-stage-finished', stage, bytes, milliseconds });
        },
      },
      progress,
    );
  } catch (error) {
    throw await explainFailure(error, { progress, target, signal: context.signal });
  } finally {
    await file.close();
    await target.close();
  }
}
