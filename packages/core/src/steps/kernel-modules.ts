import type { KernelFacts } from '../contract/facts.ts';
import type { LayerFormat } from '../config/resolved.ts';
import { LivesysError } from '../errors/livesys-error.ts';

/** Without these nothing can be stacked at boot. */
const FILE_SYSTEMS = ['squashfs', 'overlay', 'loop'];

/**
 * Without these many machines do not find the medium. Kernels for clouds lack most of them, which
 * is why `hardware: 'virtual'` leaves this list out.
 */
const MEDIA = [
  'usb_storage',
  'uas',
  'xhci_pci',
  'sr_mod',
  'isofs',
  'vfat',
  'nls_cp437',
  'nls_ascii',
  'ahci',
  'nvme',
  'sd_mod',
  'virtio_blk',
  'virtio_pci',
];

/** Names under which a module may also be known: Debian's kernels build some into others. */
const ALTERNATIVES: Readonly<Record<string, readonly string[]>> = {
  xhci_pci: ['xhci_hcd'],
  nls_ascii: ['nls_utf8', 'nls_iso8859_1'],
};

/** Refuses a kernel that could not find or stack the layers at boot. */
export function assertKernelFits(
  kernel: KernelFacts,
  hardware: 'general' | 'virtual',
  format: LayerFormat,
): void {
  const known = new Set([...kernel.moduleNames, ...kernel.builtinNames]);
  if (kernel.moduleNames.length === 0 && kernel.builtinNames.length === 0) {
    throw new LivesysError(
      'LIVESYS_KERNEL_MISSING',
      `The kernel ${kernel.release} has no list of modules in ${kernel.modules}.`,
      {
        hint: 'Install its modules package again, or run depmod in the source.',
      },
    );
  }
  if (format === 'erofs' && !known.has(format)) throw withoutErofs(kernel);
  const wanted = hardware === 'virtual' ? FILE_SYSTEMS : [...FILE_SYSTEMS, ...MEDIA];
  const missing = wanted.filter(
    (name) => ![name, ...(ALTERNATIVES[name] ?? [])].some((one) => known.has(one)),
  );
  if (missing.length === 0) return;
  const fatal = missing.some((name) => FILE_SYSTEMS.includes(name));
  throw new LivesysError(
    'LIVESYS_KERNEL_MISSING_MODULE',
    `The kernel ${kernel.release} has no module for: ${missing.join(', ')}.`,
    {
      hint: fatal
        ? 'Install a general kernel in the source.'
        : "Install a general kernel in the source, or set hardware: 'virtual' for an image that only runs in virtual machines.",
    },
  );
}

function withoutErofs({ release }: KernelFacts): LivesysError {
  return new LivesysError(
    'LIVESYS_KERNEL_MISSING_MODULE',
    `The kernel ${release} has no erofs module, so the layer format "erofs" could not be mounted at boot.`,
    { hint: "Use format: 'squashfs', or install a general kernel in the source." },
  );
}
