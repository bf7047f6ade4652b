import { createHash } from 'node:crypto';
import type { Ops } from '../contract/plan-builder.ts';
import { text, type Text } from '../contract/values.ts';
import { WORK } from '../plan/model.ts';

const TREE = `${WORK}/verity`;

/** Where a layer's tree begins and the hash at its top, each a file to be written. */
interface VerityOutputs {
  readonly offset: Text;
  readonly rootHash: Text;
}

/**
 * Records how a layer gets the hash tree of dm-verity behind its data, by which the kernel checks
 * every block it reads. The tree is made as a file of its own, so that nobody has to know a size
 * while planning: what is packed is whole blocks, and the tree begins behind them.
 */
export function appendVerity(ops: Ops, name: string, file: Text, to: VerityOutputs): void {
  const { salt, uuid } = veritySalt(name);
  ops.pipe([
    ['stat', '-c', '%s', file],
    ['tee', to.offset],
  ]);
  ops.exec([
    ...['veritysetup', 'format', '--hash=sha256', '--data-block-size=4096'],
    ...['--hash-block-size=4096', `--salt=${salt}`, `--uuid=${uuid}`],
    ...['--root-hash-file', to.rootHash, file, TREE],
  ]);
  ops.exec(['dd', `if=${TREE}`, text`of=${file}`, 'oflag=append', 'conv=notrunc', 'bs=1M']);
}

/** The boot derives the salt in the same way; chance would make no two builds alike. */
function veritySalt(name: string): { readonly salt: string; readonly uuid: string } {
  const salt = createHash('sha256').update(`livesys-salt ${name}`).digest('hex');
  return { salt, uuid: salt.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5') };
}
