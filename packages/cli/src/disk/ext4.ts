import { type Bytes, FormatError } from './bytes.ts';

/** What the superblock of an ext4 file system says. */
export interface Ext4 {
  readonly label: string;
  readonly uuid: string;
  readonly bytes: number;
  readonly blockSize: number;
  readonly free: number;
  /** False when its journal is still to be carried out, or when it may have errors. */
  readonly clean: boolean;
  /** Changes wait in its journal. */
  readonly recovering: boolean;
}

const MAGIC = 0xef53;
const STATE_VALID = 1;
const STATE_ERRORS = 2;
const INCOMPATIBLE_RECOVER = 0x4;
const INCOMPATIBLE_64BIT = 0x80;

/** Reads the superblock. Throws {@link FormatError} for anything else. */
export async function readExt4(partition: Bytes): Promise<Ext4> {
  const block = await partition.read(1024, 1024);
  if (block.readUInt16LE(0x38) !== MAGIC) throw new FormatError('it is not ext4');
  const state = block.readUInt16LE(0x3a);
  const incompatible = block.readUInt32LE(0x60);
  const wide = (incompatible & INCOMPATIBLE_64BIT) !== 0;
  const blocks = (low: number, high: number) =>
    block.readUInt32LE(low) + (wide ? block.readUInt32LE(high) * 2 ** 32 : 0);
  const recovering = (incompatible & INCOMPATIBLE_RECOVER) !== 0;
  const exponent = block.readUInt32LE(0x18);
  if (exponent > 6) throw new FormatError('its superblock is damaged');
  const blockSize = 1024 * 2 ** exponent;
  return {
    label: block.subarray(0x78, 0x88).toString('latin1').replace(/\0.*$/s, ''),
    uuid: block
      .subarray(0x68, 0x78)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    bytes: blocks(0x4, 0x150) * blockSize,
    blockSize,
    free: blocks(0xc, 0x158) * blockSize,
    clean: (state & STATE_VALID) !== 0 && (state & STATE_ERRORS) === 0 && !recovering,
    recovering,
  };
}
