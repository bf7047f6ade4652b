import { readdir, readFile, realpath, stat } from 'node:fs/promises';

import type { RunProgram } from '../programs/run-program.ts';
import { family, listBlockDevices, mountPointsOf } from './block-devices.ts';

/** What uses a file or a device now, in words such as `mounted on /mnt`; nothing if nothing does. */
export async function useOf(
  path: string,
  kind: 'file' | 'device',
  run: RunProgram,
): Promise<string | undefined> {
  if (kind === 'device') return deviceUse(path, run);
  const loop = await loopOf(path);
  return loop === undefined ? undefined : ((await deviceUse(loop, run)) ?? `attached to ${loop}`);
}

async function deviceUse(path: string, run: RunProgram): Promise<string | undefined> {
  for (const device of await listBlockDevices(run, path)) {
    const [point] = mountPointsOf(device);
    if (point !== undefined) return point === '[SWAP]' ? 'used as swap' : `mounted on ${point}`;
    const holder = family(device).find(({ type }) => !['disk', 'part', 'loop'].includes(type));
    if (holder) return `part of ${holder.path} (${holder.type})`;
  }
  return undefined;
}

/** Devices that a file or device is, or is attached to: nothing may be written over them. */
export async function devicesOf(path: string): Promise<string[]> {
  const real = await realpath(path);
  if ((await stat(real)).isBlockDevice()) return [real];
  const loop = await loopOf(real);
  return loop === undefined ? [] : [loop];
}

/** The loop device that a file is attached to. */
async function loopOf(path: string): Promise<string | undefined> {
  const file = await realpath(path);
  const names = await readdir('/sys/block').catch(() => []);
  for (const name of names.filter((one) => /^loop\d+$/.test(one))) {
    const backing = await readFile(`/sys/block/${name}/loop/backing_file`, 'utf8').catch(() => '');
    if (backing.replace(/\n$/, '') === file) return `/dev/${name}`;
  }
  return undefined;
}
