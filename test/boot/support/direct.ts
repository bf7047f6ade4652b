import { extractKernel } from '../../../packages/cli/src/boot/extract-kernel.ts';
import type { DirectKernel } from '../../../packages/cli/src/qemu/arguments.ts';

/** So that a failure ends the machine at once; version 059 of dracut halts by default. */
const UNATTENDED = 'console=ttyS0,115200 panic=-1 oops=panic rd.shell=0 rd.emergency=poweroff';

/**
 * Kernel and boot image of an ISO, as `livesys boot --append` starts them: for tests whose subject
 * is not the firmware. A disc is put out at the end, and waited for, only where a test asks for it.
 */
export async function directKernel(
  iso: string,
  folder: string,
  append: string,
  { eject = false }: { readonly eject?: boolean } = {},
): Promise<DirectKernel> {
  const more = eject ? append : `livesys.noeject ${append}`;
  return extractKernel(iso, `${UNATTENDED} loglevel=4 ${more}`, folder);
}
