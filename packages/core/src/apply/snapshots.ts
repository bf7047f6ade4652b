import { mkdir, open, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { MountFacts } from '../contract/facts.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import { SNAPSHOTS, type Plan } from '../plan/model.ts';
import { subvolumeOf, type MountEntry } from '../probe/mount-table.ts';
import { capture } from './command-runner.ts';
import { explained, snapshotFailed } from './snapshot-error.ts';
import { OWNER_FORMAT, snapshotMounts } from './snapshot-sweep.ts';

export interface SnapshotOptions {
  readonly plan: Plan;
  /** For mounts, in memory. */
  readonly points: string;
  readonly run: string;
  /** The file whose lock tells that the run goes on. */
  readonly alive: string;
}

/** A mount whose files are seen in a snapshot. */
export interface SnapshotView {
  /** Where the folder that the mount shows is seen. */
  readonly folder: string;
  /** Subvolumes in that folder, relative to it; of each the snapshot shows an empty folder. */
  readonly nested: readonly string[];
  /** Takes a snapshot of one of them. Gives the folder that shows it. */
  take(nested: string): Promise<string>;
}

/** The top of a file system, seen in this run alone. */
interface Volume {
  readonly top: string;
  /** Where snapshots of this run are put. */
  readonly folder: string;
  /** Paths from the top. */
  readonly subvolumes: readonly string[];
}

/**
 * The snapshots of one run: one of each subvolume, taken when it is first asked for. They lie at the
 * top of their file system, where mounts of subvolumes do not show them, and are removed by the
 * janitor of the run.
 */
export class Snapshots {
  readonly #options: SnapshotOptions;
  readonly #mounts: readonly MountEntry[];
  readonly #volumes = new Map<string, Promise<Volume>>();
  readonly #taken = new Map<string, Promise<string>>();

  constructor(options: SnapshotOptions) {
    this.#options = options;
    this.#mounts = snapshotMounts(options.plan);
  }

  /** Throws LIVESYS_SNAPSHOT_FAILED. */
  async of({ at }: MountFacts): Promise<SnapshotView> {
    const entry = this.#mounts.find((mount) => mount.at === at);
    if (entry === undefined) {
      throw snapshotFailed(at, ['it is no btrfs that can be written to']);
    }
    try {
      const volume = await this.#volume(entry);
      const shown = await this.#take(entry, volume, subvolumeOf(entry));
      const below = entry.root === '/' ? '/' : `${entry.root}/`;
      return {
        folder: join(shown, entry.root.slice(subvolumeOf(entry).length)),
        nested: volume.subvolumes
          .filter((path) => path.startsWith(below))
          .map((path) => path.slice(below.length)),
        take: async (nested) =>
          this.#take(entry, volume, below + nested).catch((error: unknown) => {
            throw explained(posix.join(at, nested), error);
          }),
      };
    } catch (error) {
      throw explained(at, error);
    }
  }

  async #volume(entry: MountEntry): Promise<Volume> {
    const known = this.#volumes.get(entry.number) ?? this.#open(entry, this.#volumes.size);
    this.#volumes.set(entry.number, known);
    return known;
  }

  async #open({ device }: MountEntry, index: number): Promise<Volume> {
    const { points, run, alive } = this.#options;
    const top = join(points, `volume-${index}`);
    await mkdir(top, { recursive: true });
    await capture(['mount', '-t', 'btrfs', '-o', 'subvolid=5,noatime', device, top]);
    const subvolumes = await listSubvolumes(top);
    const folder = join(top, SNAPSHOTS + run);
    const before = await timeOf(top);
    await mkdir(folder, { mode: 0o700 });
    const boot = await capture(['cat', '/proc/sys/kernel/random/boot_id']);
    const lines = [
      ...[OWNER_FORMAT, `boot ${boot}`, `lock ${alive}`],
      `times ${before} ${await timeOf(top)}`,
    ];
    // Before there is a snapshot, the disk must know whose it is.
    const file = await open(join(folder, 'owner'), 'wx');
    await file.writeFile(`${lines.join('\n')}\n`);
    await file.sync();
    await file.close();
    return { top, folder, subvolumes };
  }

  async #take({ number }: MountEntry, volume: Volume, subvolume: string): Promise<string> {
    const key = `${number} ${subvolume}`;
    const known = this.#taken.get(key) ?? snapshot(volume, subvolume, this.#taken.size);
    this.#taken.set(key, known);
    return known;
  }
}

async function snapshot(
  { top, folder }: Volume,
  subvolume: string,
  index: number,
): Promise<string> {
  const at = join(folder, String(index));
  await capture(['btrfs', 'subvolume', 'snapshot', '-r', join(top, subvolume), at]);
  return at;
}

/** The subvolumes of a file system, but for the one at the top, as paths from there. */
async function listSubvolumes(top: string): Promise<readonly string[]> {
  const lines = (await capture(['btrfs', 'subvolume', 'list', top])).split('\n').filter(Boolean);
  return lines.map((line) => {
    const path = /^ID \d+ gen \d+ top level \d+ path (.+)$/.exec(line)?.[1];
    if (path !== undefined && !path.includes('\uFFFD')) return `/${path}`;
    throw new LivesysError('LIVESYS_SNAPSHOT_FAILED', 'A subvolume has a name that is no text.', {
      details: [line],
    });
  });
}

/** When a folder changed, in seconds since 1970, with all the digits that a file system keeps. */
async function timeOf(path: string): Promise<string> {
  const { mtimeNs } = await stat(path, { bigint: true });
  const digits = String(mtimeNs).padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
