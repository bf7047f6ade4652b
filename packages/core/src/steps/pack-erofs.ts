import { createHash } from 'node:crypto';
import type { Compression } from '../config/resolved.ts';
import type { Text } from '../contract/values.ts';
import { AS_PACKED } from '../plan/as-packed.ts';
import { WORK } from '../plan/model.ts';
import type { CoreOps } from '../plan/ops-recorder.ts';
import { archiveLayer, type LayerContent } from './layer-archive.ts';

/** What is used here came with erofs-utils 1.4; its help is in all of them and tells what there is. */
const CHECK = `help=$(mkfs.erofs --help 2>&1) || :
case $help in *--quiet*) case $help in *lz4hc*) exit 0 ;; esac ;; esac
printf '%s\\n' 'this mkfs.erofs is older than erofs-utils 1.4 or was built without lz4hc' \\
  "give the source newer erofs-utils, or write format: 'squashfs'" >&2
exit 1`;
/** With 1 it says that files changed or went away, and names them. */
const TOLERANT = 'tar "$@" || [ $? -eq 1 ]';
const UNPACKED = `${WORK}/unpacked`;

/**
 * Records how a layer becomes an erofs. mkfs.erofs 1.5 reads folders alone, and can neither leave out
 * attributes nor add our own folder, so it gets a copy that tar has made of what belongs there.
 *
 * The same content gives the same bits: names are sorted, whatever the folder's order and however
 * many threads there are (1.5 and 1.8 tried), and SOURCE_DATE_EPOCH, which every command has, sets
 * the date of the file system and is the latest time of a file. `-T` would be that of every file.
 */
export function packErofs(
  ops: CoreOps,
  content: LayerContent,
  out: Text,
  { compression }: { readonly compression: Compression },
): void {
  ops.exec(['sh', '-c', CHECK, 'livesys']);
  ops.makeDirectory(UNPACKED);
  const [tar = '', ...options] = archiveLayer(ops, content);
  const reader = content.mayChange === true ? ['sh', '-c', TOLERANT, 'livesys'] : [tar];
  ops.pipe([
    // A squashfs could hold neither; here holes stay holes on the way, and access lists arrive.
    [...reader, '--sparse', '--acls', ...options],
    ['tar', '--extract', '--directory', UNPACKED, ...AS_PACKED],
  ]);
  ops.exec(
    ['mkfs.erofs', '--quiet', ...compressor(compression), `-U${uuid(content.name)}`, out, UNPACKED],
    { progress: 'mkfs.erofs' },
  );
  ops.remove(UNPACKED);
}

function compressor({ algorithm, level, block }: Compression): readonly string[] {
  if (algorithm === 'none') return [];
  return [`-z${level === undefined ? algorithm : `${algorithm},${level}`}`, `-C${block}`];
}

/** Without one given, chance would make no two builds alike. */
function uuid(name: string): string {
  const hash = createHash('sha256').update(`livesys-erofs ${name}`).digest('hex');
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
}
