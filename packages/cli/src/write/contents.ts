import { type BlockDevice, family } from '../disk/block-devices.ts';
import type { RunProgram } from '../programs/run-program.ts';

/** What is on a device, in few words: `vfat "BACKUP", ext4`. */
export async function contentsOf(device: BlockDevice, run: RunProgram): Promise<string> {
  const words = family(device)
    .filter(({ fileSystem }) => fileSystem !== '')
    .map(({ fileSystem, label }) => named(fileSystem, label));
  // Where no udev runs, lsblk knows partitions but not what is in them.
  return words.length > 0 ? [...new Set(words)].join(', ') : probe(device.path, run);
}

async function probe(path: string, run: RunProgram): Promise<string> {
  const purpose = 'tells what is on a device';
  const result = await run(['blkid', '--probe', '--output', 'export', path], { purpose });
  // 2: there is nothing that it knows, or it may not look.
  if (result.code === 2 && result.stderr === '') return 'nothing that is known';
  const text = result.stdout.toString('utf8').replaceAll(/\\(.)/g, '$1');
  const field = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  if (field('TYPE') !== '') return named(field('TYPE'), field('LABEL'));
  return field('PTTYPE') === '' ? 'contents unknown' : `partitions (${field('PTTYPE')})`;
}

/** Labels are made by others, and this goes to a terminal. */
function named(fileSystem: string, label: string): string {
  const printable = label.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?');
  return label === '' ? fileSystem : `${fileSystem} "${printable}"`;
}
