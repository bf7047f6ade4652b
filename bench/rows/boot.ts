import { copyFile, mkdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { extractKernel } from '../../packages/cli/src/boot/extract-kernel.ts';
import { requireQemu } from '../../packages/cli/src/qemu/tool.ts';
import { LABEL } from '../boot/dmsquash.ts';
import { boot, type Boot, type Clock, type Marks } from '../boot/guest.ts';
import { type BootMedia, writeBootProject } from '../boot/project.ts';
import { median, pairedRatio, row, type Row } from '../row.ts';
import type { Workspace } from '../workspace.ts';

export interface BootOptions {
  readonly pairs: number;
  readonly clock: Clock;
}

/** Linux Live Kit's busybox reaches the login in this share of the time of dracut's live module. */
const BAR = 0.7;

/** Points of time that both sides have, in order. */
const STAGES = ['init', 'root', 'switch', 'multi-user', 'login'] as const;

/** What is started beside the twin; each differs from the first in one thing. */
const OURS = {
  one: 'livesys.profile=one livesys.verify=no',
  sixteen: 'livesys.profile=sixteen livesys.verify=no',
  lazy: 'livesys.profile=one livesys.verify=lazy',
  full: 'livesys.profile=one livesys.verify=full',
} as const;

const TWIN = `root=live:CDLABEL=${LABEL} rd.live.image rd.live.overlay.overlayfs=1`;

type Side = keyof typeof OURS | 'twin';

/** A live system of livesys against one of dracut's own live module, of the same tree. */
export async function measureBoot(
  workspace: Workspace,
  { pairs, clock }: BootOptions,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  const folder = join(workspace.folder, 'boot');
  await mkdir(folder, { recursive: true });
  say('the image of livesys and its twin ...');
  const media = await writeBootProject(folder, workspace.source);
  await workspace.livesys(await workspace.freshCache('boot'), ['build'], { cwd: folder });
  const boots = await prepare(media, folder);
  const qemu = await requireQemu(process.env);
  const marks = new Map<Side, Marks[]>();
  for (let pair = 1; pair <= pairs; pair += 1) {
    for (const [side, what] of boots) {
      say(`boot, pair ${pair} of ${pairs}: ${side} ...`);
      marks.set(side, [...(marks.get(side) ?? []), await boot(qemu, what, clock, folder)]);
    }
  }
  return [...bootRows(marks), await sizeRow(boots)];
}

async function prepare(media: BootMedia, folder: string): Promise<ReadonlyMap<Side, Boot>> {
  await asCard(media.iso);
  await asCard(media.twinMedium);
  const direct = await extractKernel(media.iso, '', folder);
  const root = /root=\S+/.exec(direct.append)?.[0] ?? '';
  const boots = new Map<Side, Boot>([
    [
      'twin',
      { ...direct, initrd: media.twinInitrd, append: TWIN, medium: `${media.twinMedium}.card` },
    ],
  ]);
  for (const [side, more] of Object.entries(OURS)) {
    const append = `${root} ${more}`;
    boots.set(side as Side, { ...direct, append, medium: `${media.iso}.card` });
  }
  return boots;
}

/** Cards have sizes that are powers of two. */
async function asCard(file: string): Promise<void> {
  await copyFile(file, `${file}.card`);
  await truncate(`${file}.card`, 2 ** Math.ceil(Math.log2((await stat(file)).size)));
}

function bootRows(marks: ReadonlyMap<Side, readonly Marks[]>): readonly Row[] {
  const of = (side: Side, mark: string): readonly number[] =>
    (marks.get(side) ?? []).map((values) => values[mark] ?? Number.NaN);
  const ratio = (side: Side, mark: string, to: Side): number =>
    pairedRatio(of(side, mark), of(to, mark));
  const compared = (side: Side, mark: string, to: Side, bar?: number): Row =>
    row({
      id: `boot-${side}-${mark}`,
      title: `${TITLES[side]}: ${MARKS[mark] ?? mark} / ${TITLES[to]} (${median(of(to, mark)).toFixed(1)})`,
      unit: '',
      ...(bar === undefined ? {} : { bar }),
      figure: ratio(side, mark, to),
      samples: { [side]: of(side, mark), [to]: of(to, mark) },
    });
  return [
    ...STAGES.map((stage) => compared('one', stage, 'twin', stage === 'login' ? BAR : undefined)),
    compared('sixteen', 'login', 'twin', BAR),
    compared('lazy', 'login', 'one'),
    compared('full', 'login', 'one'),
    compared('one', 'sectors', 'twin'),
    compared('one', 'memory', 'twin', 1),
    compared('sixteen', 'memory', 'twin', 1),
  ];
}

const TITLES: Readonly<Record<Side, string>> = {
  one: '1 layer',
  sixteen: '16 layers',
  lazy: 'verified lazily',
  full: 'verified in full',
  twin: 'dmsquash-live',
};

const MARKS: Readonly<Record<string, string>> = {
  init: 'boot image started, s',
  root: 'root put together, s',
  switch: 'switched to it, s',
  'multi-user': 'multi-user, s',
  login: 'login, s',
  memory: 'memory, KiB',
  sectors: 'read from the medium, sectors',
};

async function sizeRow(boots: ReadonlyMap<Side, Boot>): Promise<Row> {
  const size = async (side: Side): Promise<number> =>
    (await stat(boots.get(side)?.initrd ?? '')).size / 1e6;
  const [ours, twin] = [await size('one'), await size('twin')];
  return row({
    ...{ id: 'boot-image', title: `boot image / dmsquash-live (${twin.toFixed(1)} MB)`, unit: '' },
    figure: ours / twin,
    samples: { ours: [ours], twin: [twin] },
  });
}
