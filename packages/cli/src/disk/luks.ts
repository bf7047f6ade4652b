import { type Bytes, FormatError } from './bytes.ts';

/** What both versions of LUKS begin with. */
const MAGIC = Buffer.from('LUKS\u00BA\u00BE', 'latin1');

/** Whether a partition is encrypted with LUKS. */
export async function isLuks(partition: Bytes): Promise<boolean> {
  try {
    return MAGIC.equals(await partition.read(0, MAGIC.length));
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
