import { LivesysError } from '../errors/livesys-error.ts';
import { volumeId } from '../facts/volume-id.ts';
import { rootReader } from '../probe/root-reader.ts';
import { capture } from './command-runner.ts';
import { LVM_OPTIONS, mapperName, VOLUME_SNAPSHOTS, volumeTag } from './volume-mark.ts';
import { roomFor } from './volume-room.ts';
import { fullnessOf, readVolume, type Volume } from './volume.ts';

export interface VolumeTakerOptions {
  readonly run: string;
  /** The file whose lock tells that the run goes on. */
  readonly alive: string;
  /** How many volumes there are to take a snapshot of. */
  readonly volumes: number;
  /** Runs a command outside of the sandbox that goes on when everything of the run is killed. */
  carryOut(argv: readonly string[]): Promise<void>;
}

/** In percent. LVM itself stops to write to a volume when its pool is full. */
const FULLEST_POOL = 90;

/**
 * Takes snapshots of logical volumes, outside of the sandbox: LVM waits for udev by a semaphore, which
 * udev does not find in an IPC namespace of ours, and stops the volume for a moment, which would be
 * for ever if it were killed in it.
 */
export class VolumeTaker {
  readonly #options: VolumeTakerOptions;
  #taken = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: VolumeTakerOptions) {
    this.#options = options;
  }

  /** Gives the device of a snapshot of the volume that has a device number. */
  async take(number: string): Promise<string> {
    const next = this.#last.then(async () => this.#take(number));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #take(number: string): Promise<string> {
    const { run, alive, volumes } = this.#options;
    const uuid = volumeId(rootReader('/'), { number });
    if (uuid === undefined) throw failed('It lies on no logical volume.');
    const volume = await readVolume(uuid);
    const room = await roomOf(volume, volumes - this.#taken);
    const boot = await capture(['cat', '/proc/sys/kernel/random/boot_id']);
    const name = `${VOLUME_SNAPSHOTS}${run}-${this.#taken}`;
    this.#taken += 1;
    await this.#options.carryOut([
      ...['lvcreate', ...LVM_OPTIONS, '--snapshot', '--permission', 'r', ...room],
      ...['--name', name, '--addtag', volumeTag({ boot, lock: alive })],
      `${volume.group}/${volume.name}`,
    ]);
    return `/dev/mapper/${mapperName(volume.group, name)}`;
  }
}

/** The options that say where a snapshot has its room from. */
async function roomOf(volume: Volume, sharers: number): Promise<readonly string[]> {
  const { group, name, pool } = volume;
  if (pool !== undefined) {
    const fullness = await fullnessOf(group, pool);
    // One that stays after a power cut is not active then. This one must be active now.
    if (fullness < FULLEST_POOL) return ['--setactivationskip', 'y', '--ignoreactivationskip'];
    throw failed(
      `The pool ${group}/${pool} of the thin volume ${name} is ${fullness} % full; a snapshot is taken below ${FULLEST_POOL} %.`,
      'Extend the pool with lvextend, or build without: host({ snapshots: false }).',
    );
  }
  const extents = roomFor(volume, sharers);
  if (extents > 0) return ['--extents', String(extents)];
  throw failed(
    `The volume group ${group} has no free extents, and a snapshot of ${group}/${name} needs some for what changes meanwhile.`,
    'Make room in the volume group (vgs tells what is free), or build without: host({ snapshots: false }).',
  );
}

function failed(message: string, hint?: string): LivesysError {
  return new LivesysError('LIVESYS_SNAPSHOT_FAILED', message, hint === undefined ? {} : { hint });
}
