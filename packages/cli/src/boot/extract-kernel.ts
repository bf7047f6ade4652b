import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { type Medium, type MediumKernel, notMedium, openMedium } from '../medium/medium.ts';
import type { DirectKernel } from '../qemu/arguments.ts';

/** Copies kernel and boot image of the default profile into `folder`, to boot without a loader. */
export async function extractKernel(
  file: string,
  append: string,
  folder: string,
): Promise<DirectKernel> {
  const medium = await openMedium(file);
  try {
    const { image, initrd } = chooseKernel(medium);
    const paths = { kernel: join(folder, 'vmlinuz'), initrd: join(folder, 'initrd') };
    await pipeline(medium.read(image), createWriteStream(paths.kernel));
    await pipeline(medium.read(initrd), createWriteStream(paths.initrd));
    return { ...paths, append: kernelArguments(medium.manifest.image, append) };
  } finally {
    await medium.close();
  }
}

/** What a boot entry says; the serial console is the main one unless the user names another. */
function kernelArguments(image: string, append: string): string {
  const consoles = /(?:^|\s)console=/.test(append) ? '' : 'console=tty0 console=ttyS0,115200';
  return [`root=livesys:${image}`, consoles, append.trim()].filter((part) => part !== '').join(' ');
}

/** The default profile's kernel if the manifest says which; else the last one by name. */
function chooseKernel({ path, kernels, details, manifest }: Medium): MediumKernel {
  const byDefault = manifest.profiles.find((profile) => profile.default)?.name;
  const profiles = Array.isArray(details['profiles']) ? (details['profiles'] as unknown[]) : [];
  const wanted = profiles.find((profile) => member(profile, 'name') === byDefault);
  const kernel =
    kernels.find(({ release }) => release === member(wanted, 'kernel')) ?? kernels.at(-1);
  if (!kernel) throw notMedium(path, 'there is no kernel on it');
  return kernel;
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
