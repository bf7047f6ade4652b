import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Area, areaHash, areasOf, expectCleanImages } from './clean-images.ts';
import { directKernel } from './direct.ts';
import { Guest, type GuestReport } from './guest.ts';
import { runLivesys } from './image.ts';
import type { Job } from './job.ts';
import { run } from './run.ts';

/** Seconds on a machine with KVM. */
const BOOT = 60;

export interface Session {
  /** By default the kernel is started without firmware and boot menu, with these arguments. */
  readonly append?: string;
  readonly firmware?: 'bios' | 'uefi';
  readonly job: Job;
  /** What the outside world does while it runs. */
  readonly meanwhile?: (guest: Guest) => Promise<void>;
  /** MiB. Default: 1024. */
  readonly memory?: number;
}

/**
 * A stick that is used in one machine after the other. After each session every file system on it
 * must be clean, and all of it but DATA what it was.
 */
export class Stick {
  readonly image: string;
  private readonly folder: string;
  private readonly fixed: ReadonlyMap<string, string>;

  private constructor(image: string, folder: string, fixed: ReadonlyMap<string, string>) {
    this.image = image;
    this.folder = folder;
    this.fixed = fixed;
  }

  /** A copy of a disk image. */
  static async copy(from: string, folder: string): Promise<Stick> {
    const image = join(folder, 'stick.img');
    run(['cp', '--sparse=always', '--reflink=auto', from, image]);
    return Stick.of(image, folder);
  }

  /** A disk of so many MiB, on which `livesys write` put an image. Needs root. */
  static async write(from: string, folder: string, mebibytes: number): Promise<Stick> {
    const image = join(folder, 'stick.img');
    writeFileSync(image, '');
    truncateSync(image, mebibytes * 2 ** 20);
    const loop = run(['losetup', '--find', '--show', image]).trim();
    try {
      runLivesys('write', from, loop, '--fixed', loop, '--yes-wipe', loop);
    } finally {
      run(['losetup', '--detach', loop]);
    }
    return Stick.of(image, folder);
  }

  private static async of(image: string, folder: string): Promise<Stick> {
    return new Stick(image, folder, await hashFixed(image));
  }

  /** Boots, runs the job, and ends well. */
  async session(options: Session): Promise<GuestReport> {
    const guest = await this.start(options);
    try {
      await options.meanwhile?.(guest);
      const report = await guest.expectBooted(BOOT);
      await this.expectClean();
      return report;
    } finally {
      await guest.dispose();
    }
  }

  /** Starts a machine with the stick in it. */
  async start({ append = '', firmware, job, memory }: Session): Promise<Guest> {
    const direct =
      firmware === undefined ? await directKernel(this.image, this.folder, append) : undefined;
    return Guest.start({
      medium: { file: this.image, as: 'usb', writes: 'keep' },
      job,
      ...(memory === undefined ? {} : { memory }),
      ...(direct === undefined ? { firmware: firmware ?? 'bios' } : { direct }),
    });
  }

  async expectClean(): Promise<void> {
    await expectCleanImages(this.image);
    for (const [area, hash] of await hashFixed(this.image)) {
      if (this.fixed.get(area) !== hash) throw new Error(`${this.image}: ${area} was written to`);
    }
  }

  remove(): void {
    rmSync(this.image, { force: true });
  }
}

async function hashFixed(image: string): Promise<ReadonlyMap<string, string>> {
  const isFixed = ({ name }: Area) => name !== 'LIVESYS-DATA';
  const hashes = new Map<string, string>();
  for (const area of (await areasOf(image)).filter(isFixed)) {
    hashes.set(`${area.name} at ${area.offset}`, await areaHash(image, area));
  }
  return hashes;
}
