import type { Ops } from '../contract/plan-builder.ts';
import type { Text } from '../contract/values.ts';
import { WORK } from '../plan/model.ts';

/** What goes into a layer that is read by tar. */
export interface LayerContent {
  readonly name: string;
  /** The folder that holds it. */
  readonly source: Text;
  /** Seconds since 1970. */
  readonly date: number;
  readonly excludes: readonly string[];
  /** It is in use: a file that goes away or changes while it is read is no failure. Default: false. */
  readonly mayChange?: boolean;
  /** `clamped` to the date, so that no file is newer, or `fixed`: all of them the date. */
  readonly times: 'clamped' | 'fixed';
}

const EXCLUDES = `${WORK}/excludes`;
/** What a layer holds besides its content. */
export const BESIDE = `${WORK}/sentinel`;
/** Patterns of tar that mean what those of mksquashfs mean. */
const PATTERNS = ['--anchored', '--wildcards', '--no-wildcards-match-slash'];

/**
 * The command that writes a layer as an archive. It leaves out the marks of overlayfs: they hold
 * random ids, and neither squashfs-tools before 4.6 nor mkfs.erofs can leave out single attributes.
 * The folder by which the boot knows the layer comes from beside it.
 */
export function archiveLayer(ops: Ops, content: LayerContent): readonly Text[] {
  const { name, source, date, excludes, times } = content;
  ops.makeDirectory(`${BESIDE}/.livesys/layer/${name}`);
  if (excludes.length > 0) ops.write(EXCLUDES, excludes.map((path) => `.${path}\n`).join(''));
  return [
    'tar',
    '--create',
    '--directory',
    source,
    '--sort=name',
    '--format=posix',
    '--numeric-owner',
    '--xattrs',
    '--xattrs-include=*',
    '--xattrs-exclude=user.overlay.*',
    '--xattrs-exclude=trusted.overlay.*',
    `--mtime=@${date}`,
    ...(times === 'clamped' ? ['--clamp-mtime'] : []),
    ...(excludes.length > 0 ? [...PATTERNS, `--exclude-from=${EXCLUDES}`] : []),
    '.',
    '--directory',
    BESIDE,
    '.livesys',
  ];
}
