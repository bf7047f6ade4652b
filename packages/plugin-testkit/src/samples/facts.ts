import type { Architecture, Facts, KernelFacts } from '@livesys/core/plugin';
import { deepFreeze } from '@livesys/core/testing';

const MODULES = [
  ...['ahci', 'erofs', 'isofs', 'nls_ascii', 'nls_cp437', 'nvme', 'overlay', 'sd_mod', 'squashfs'],
  ...['sr_mod', 'uas', 'usb_storage', 'vfat', 'virtio_blk', 'virtio_pci', 'xhci_pci'],
];

/** Facts of a small Debian with two kernels; deeply frozen, as a plugin must never change them. */
export function sampleFacts(architecture: Architecture = 'x86_64'): Facts {
  return deepFreeze({
    format: 1,
    architecture,
    osRelease: {
      id: 'debian',
      idLike: [],
      name: 'Debian GNU/Linux',
      prettyName: "Debian GNU/Linux 12 (bookworm) 'sample'",
      versionId: '12',
      versionCodename: 'bookworm',
    },
    distro: {
      release: 'bookworm',
      architecture,
      kernels: [kernel('6.1.0-49-sample'), kernel('6.1.0-9-sample')],
      initSystem: 'systemd',
      securityModules: ['apparmor'],
      packages: {
        bash: '5.2',
        dpkg: '1.21',
        'linux-image-6.1.0-49-sample': '6.1.1',
        systemd: '252',
      },
      packagesChanged: 1_700_000_000,
    },
    sourceDateEpoch: 1_700_000_000,
  });
}

function kernel(release: string): KernelFacts {
  return {
    release,
    image: `/boot/vmlinuz-${release}`,
    modules: `/usr/lib/modules/${release}`,
    moduleNames: MODULES,
    builtinNames: ['ext4', 'loop'],
    package: `linux-image-${release}`,
  };
}
