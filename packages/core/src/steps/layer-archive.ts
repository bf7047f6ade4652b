import type { Text } from '../contract/values.ts';
import { WORK } from '../plan/model.ts';
import type { CoreOps } from '../plan/ops-recorder.ts';

/** What goes into a layer that is read by tar. */
export interface LayerContent {
  readonly name: string;
  /** The folder that holds it. */
  readonly source: Text;
  /** Seconds since 1970. */
  readonly date: number;
  readonly excludes: readonly string[];
  /** Folders whose content was laid over it and is in it though lines of `excludes` match. Default: none. */
  readonly laid?: readonly Text[];
  /** It is in use: a file that goes away or changes while it is read is no failure. Default: false. */
  readonly mayChange?: boolean;
  /** `clamped` to the date, so that no file is newer, or `fixed`: all of them the date. */
  readonly times: 'clamped' | 'fixed';
}

const EXCLUDES = `${WORK}/excludes`;
const LAID = `${WORK}/laid-names`;
/** What a layer holds besides its content. */
export const BESIDE = `${WORK}/sentinel`;
/** Patterns of tar that mean what those of mksquashfs mean. */
const PATTERNS = ['--anchored', '--wildcards', '--no-wildcards-match-slash'];

/**
 * The command that writes a layer as an archive. It leaves out the marks of overlayfs: they hold
 * random ids, and neither squashfs-tools before 4.6 nor mkfs.erofs can leave out single attributes.
 * The folder by which the boot knows the layer comes from beside it.
 */
export function archiveLayer(ops: CoreOps, content: LayerContent): readonly Text[] {
  const { name, source, date, excludes, laid = [], times } = content;
  ops.makeDirectory(`${BESIDE}/.livesys/layer/${name}`);
  if (excludes.length > 0) ops.write(EXCLUDES, excludes.map((path) => `.${path}\n`).join(''));
  const isLaid = excludes.length > 0 && laid.length > 0;
  if (isLaid) ops.laid(laid, { in: source, leftOut: EXCLUDES, to: LAID });
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
    // Names without the `./` that patterns begin with, so that none of them matches.
    ...(isLaid ? ['--directory', source, '--no-recursion', '--null', `--files-from=${LAID}`] : []),
  ];
}
