import { LivesysError } from '@livesys/core/plugin';

import type { BlockDevice } from '../disk/block-devices.ts';
import type { Context } from '../terminal/context.ts';
import { formatSize } from '../text/size.ts';
import { isNameOf } from './choose-device.ts';
import type { DataLayout, ImageShape } from './layout.ts';

interface Erasing {
  readonly device: BlockDevice;
  readonly image: ImageShape;
  readonly data: DataLayout | undefined;
  /** The device that an option names, which answers in place of a person. */
  readonly yesWipe: string | undefined;
}

/** Goes on only when the very device that is going to be erased was named for that. */
export async function confirmErasing(erasing: Erasing, context: Context): Promise<void> {
  const { device, yesWipe } = erasing;
  const { path } = device;
  if (yesWipe === path) return;
  if (yesWipe !== undefined) {
    throw new LivesysError(
      'LIVESYS_USAGE',
      `--yes-wipe names ${yesWipe}, and ${path} would be erased. Nothing was changed.`,
      { hint: 'Name the same device twice.' },
    );
  }
  if (!context.ask) {
    throw new LivesysError(
      'LIVESYS_USAGE',
      `Writing erases ${path}, and there is no terminal to ask on. Nothing was changed.`,
      { hint: `Answer beforehand: --yes-wipe ${path}` },
    );
  }
  if (isNameOf(path, await context.ask(question(erasing)))) return;
  throw new LivesysError('LIVESYS_USAGE', `${path} was not named. Nothing was changed.`, {
    hint: 'Type the name of the device to have it erased.',
  });
}

/** `Erase /dev/sdb (SanDisk Ultra, 57 GiB) and write x.iso, with 54 GiB persistence? Type sdb: ` */
function question({ device, image, data }: Erasing): string {
  const { path, model, bytes } = device;
  const about = [model, formatSize(bytes)].filter((part) => part !== '').join(', ');
  const persistence = data ? `with ${formatSize(data.length)} persistence` : 'without persistence';
  const name = path.replace(/^\/dev\//, '');
  return `Erase ${path} (${about}) and write ${image.name}, ${persistence}? Type ${name}: `;
}
