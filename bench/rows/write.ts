import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pairedRatio, row, type Row } from '../row.ts';
import { LIVESYS, run } from '../run.ts';
import type { Workspace } from '../workspace.ts';

const BLOCK = '4M';
/** What a stick is larger than its image. */
const ROOM = 64 * 2 ** 20;

/** Bytes a second of a stick that is not a slow one; without a limit the memory of this machine would be measured. */
const SPEED = { write: 40_000_000, read: 120_000_000 };
/** Of version 1, where a limit holds for whoever writes. */
const CONTROLLER = '/sys/fs/cgroup/blkio/blkio.throttle';

/** `livesys write` against dd and cmp, onto a file that is a disk. */
export async function measureWrite(
  workspace: Workspace,
  pairs: number,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  say('an image to write ...');
  await workspace.removeOutput();
  await workspace.livesys(await workspace.freshCache('write'), ['build']);
  const image = join(workspace.project, 'dist/bench.iso');
  const file = join(workspace.folder, 'stick');
  await writeFile(file, '');
  await truncate(file, Math.ceil((await stat(image)).size / 512) * 512 + ROOM);
  const device = (await run(['losetup', '--find', '--show', file])).stdout.trim();
  try {
    await limit(device, SPEED);
    return await compare(image, device, pairs, say);
  } finally {
    await limit(device, { write: 0, read: 0 });
    await run(['losetup', '--detach', device]);
  }
}

async function limit(device: string, { write, read }: typeof SPEED): Promise<void> {
  const number = (await readFile(`/sys/class/block/${basename(device)}/dev`, 'utf8')).trim();
  await writeFile(`${CONTROLLER}.write_bps_device`, `${number} ${write}`);
  await writeFile(`${CONTROLLER}.read_bps_device`, `${number} ${read}`);
}

async function compare(
  image: string,
  device: string,
  pairs: number,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  const [ours, bare, oursWhole, bareWhole]: number[][] = [[], [], [], []];
  // The first of each only fills caches.
  for (let pair = 0; pair <= pairs; pair += 1) {
    say(`write, pair ${pair} of ${pairs} ...`);
    const written = await writeOurs(image, device);
    const dd = await writeBare(image, device);
    if (pair === 0) continue;
    ours?.push(written.write);
    oursWhole?.push(written.whole);
    bare?.push(dd.write);
    bareWhole?.push(dd.whole);
  }
  return [
    ratio('write', `livesys write / dd bs=${BLOCK}`, ours ?? [], bare ?? []),
    ratio('write-verified', 'the same read back / dd and cmp', oursWhole ?? [], bareWhole ?? []),
  ];
}

interface Seconds {
  /** Until the image was on the device. */
  readonly write: number;
  /** With reading it back. */
  readonly whole: number;
}

async function writeOurs(image: string, device: string): Promise<Seconds> {
  await run(['sync']);
  const options = ['--fixed', device, '--yes-wipe', device, '--persistence', 'none', '--json'];
  const argv = [process.execPath, LIVESYS, 'write', image, device, ...options];
  const { seconds, stdout } = await run(argv);
  const written = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; stage?: string; milliseconds?: number })
    .find(({ type, stage }) => type === 'write-stage-finished' && stage === 'write');
  if (written?.milliseconds === undefined) throw new Error('nothing was written');
  return { write: written.milliseconds / 1000, whole: seconds };
}

async function writeBare(image: string, device: string): Promise<Seconds> {
  await run(['sync']);
  const options = [`bs=${BLOCK}`, 'conv=fsync', 'status=none'];
  const write = (await run(['dd', `if=${image}`, `of=${device}`, ...options])).seconds;
  await run(['blockdev', '--flushbufs', device]);
  const { size } = await stat(image);
  const read = (await run(['cmp', `--bytes=${size}`, image, device])).seconds;
  return { write, whole: write + read };
}

function ratio(id: string, title: string, ours: readonly number[], bare: readonly number[]): Row {
  return row({
    ...{ id, title, unit: '', bar: 1.25 },
    figure: pairedRatio(ours, bare),
    samples: { ours, bare },
  });
}
