import { LivesysError } from '../errors/livesys-error.ts';
import { capture } from './command-runner.ts';

/** A logical volume, as a snapshot of it needs to know it. */
export interface Volume {
  readonly group: string;
  readonly name: string;
  /** The pool that a thin volume has its room from; a snapshot of a thick one needs its own. */
  readonly pool: string | undefined;
  /** Extents that it has. */
  readonly extents: number;
  /** Extents of its group that nothing has. */
  readonly free: number;
}

const FIELDS = 'vg_name,lv_name,segtype,pool_lv,lv_size,vg_extent_size,vg_free_count';

/** Finds a volume by its UUID. Only root can. */
export async function readVolume(uuid: string): Promise<Volume> {
  const [row] = await report(FIELDS, ['--select', `lv_uuid=${uuid}`]);
  if (row !== undefined) return toVolume(row);
  throw new LivesysError('LIVESYS_SNAPSHOT_FAILED', `LVM knows no logical volume ${uuid}.`);
}

/** How full a pool is: the larger share of its data and of its metadata, in percent. */
export async function fullnessOf(group: string, pool: string): Promise<number> {
  const [row] = await report('data_percent,metadata_percent', [`${group}/${pool}`]);
  return Math.max(Number(row?.['data_percent']), Number(row?.['metadata_percent']));
}

/** What a report of LVM says of a volume. */
export function toVolume(row: Readonly<Record<string, string>>): Volume {
  const text = (field: string): string => row[field] ?? '';
  return {
    group: text('vg_name'),
    name: text('lv_name'),
    pool: text('segtype') === 'thin' ? text('pool_lv') : undefined,
    extents: Math.ceil(Number(text('lv_size')) / Number(text('vg_extent_size'))),
    free: Number(text('vg_free_count')),
  };
}

/** Rows of fields. Sizes are in bytes. */
async function report(
  fields: string,
  which: readonly string[],
): Promise<readonly Readonly<Record<string, string>>[]> {
  const units = ['--units', 'b', '--nosuffix', '--reportformat', 'json'];
  const printed = await capture(['lvs', ...units, '--options', fields, ...which]);
  const { report: reports } = JSON.parse(printed) as {
    readonly report: readonly { readonly lv: readonly Readonly<Record<string, string>>[] }[];
  };
  return reports.flatMap(({ lv }) => lv);
}
