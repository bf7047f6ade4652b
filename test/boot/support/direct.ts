import { extractKernel } from '../../../packages/cli/src/boot/extract-kernel.ts';
import type { DirectKernel } from '../../../packages/cli/src/qemu/arguments.ts';

/** So that a failure ends the machine at once (version 059 of dracut halts by default), and no disc is waited for. */
const UNATTENDED =
  'console=ttyS0,115200 panic=-1 oops=panic rd.shell=0 rd.emergency=poweroff livesys.noeject';

/**
 * Kernel and boot image of an ISO, as `livesys boot --append` starts them: for tests whose subject
 * is not the firmware.
 */
export async function directKernel(
  iso: string,
  folder: string,
  append: string,
): Promise<DirectKernel> {
  return extractKernel(iso, `${UNATTENDED} loglevel=4 ${append}`, folder);
}
