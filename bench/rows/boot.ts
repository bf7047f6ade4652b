import { copyFile, mkdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { extractKernel } from '../../packages/cli/src/boot/extract-kernel.ts';
import { LIVE_ARGUMENTS } from '../../packages/core/src/steps/boot-entries.ts';
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

const PROFILES = ['one', 'sixteen'] as const;
const CHECKS = ['no', 'lazy', 'full'] as const;

type Ours = `${(typeof PROFILES)[number]}-${(typeof CHECKS)[number]}`;
type Side = Ours | 'twin';

/** What is started beside the twin. */
const OURS: readonly Ours[] = PROFILES.flatMap((profile) =>
  CHECKS.map((check) => `${profile}-${check}` as const),
);

const TWIN = `root=live:CDLABEL=${LABEL} rd.live.image rd.live.overlay.overlayfs=1`;

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
  for (const side of OURS) {
    const [profile, check] = side.split('-');
    const words = [root, `livesys.profile=${profile}`, `livesys.verify=${check}`];
    const append = [...words, ...LIVE_ARGUMENTS].join(' ');
    boots.set(side, { ...direct, append, medium: `${media.iso}.card` });
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
  const compared = (side: Ours, mark: string, bar?: number): Row => {
    const [ours, twin] = [of(side, mark), of('twin', mark)];
    const beside = `${median(ours).toFixed(1)} / ${median(twin).toFixed(1)}`;
    return row({
      id: `boot-${side}-${mark}`,
      title: `${TITLES[side]}: ${MARKS[mark] ?? mark} (${beside})`,
      unit: '',
      ...(bar === undefined ? {} : { bar }),
      figure: pairedRatio(ours, twin),
      samples: { [side]: ours, twin },
    });
  };
  return OURS.flatMap((side) => [
    ...STAGES.map((stage) => compared(side, stage, bar(side, stage))),
    compared(side, 'memory', bar(side, 'memory')),
    compared(side, 'sectors'),
  ]);
}

/** The twin checks nothing, so what checks has no bar. */
function bar(side: Ours, mark: string): number | undefined {
  if (!side.endsWith('-no')) return undefined;
  return { login: BAR, memory: 1 }[mark];
}

const TITLES: Readonly<Record<Ours, string>> = {
  'one-no': '1 layer',
  'one-lazy': '1 layer, verified lazily',
  'one-full': '1 layer, verified in full',
  'sixteen-no': '16 layers',
  'sixteen-lazy': '16 layers, verified lazily',
  'sixteen-full': '16 layers, verified in full',
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
  const [ours, twin] = [await size('one-no'), await size('twin')];
  return row({
    ...{ id: 'boot-image', title: `boot image / dmsquash-live (${twin.toFixed(1)} MB)`, unit: '' },
    figure: ours / twin,
    samples: { ours: [ours], twin: [twin] },
  });
}
