/** What the library and the programs call; util-linux's `mount` and `losetup`, never busybox's. */
export const binaries = {
  required: [
    'blkid',
    'cat',
    'chmod',
    'cp',
    'dd',
    'dumpe2fs',
    'e2fsck',
    'head',
    'ln',
    'losetup',
    'mkdir',
    'mkfs.ext4',
    'modprobe',
    'mount',
    'mv',
    'partx',
    // mksh has no printf of its own
    'printf',
    'readlink',
    'rm',
    'sed',
    'sfdisk',
    'sh',
    'sha256sum',
    'sleep',
    'stat',
    'stty',
    'sync',
    'tail',
    'tr',
    'umount',
  ],
  optional: [
    'blockdev',
    'busybox',
    'df',
    'dmesg',
    'dmsetup',
    'findmnt',
    'grep',
    'ls',
    'lsblk',
    'sort',
    'sulogin',
    'udevadm',
  ],
} as const;

/**
 * Required: without it no medium boots. Optional: drivers and file systems of some media; a kernel
 * for virtual machines has few of them. Names as in Debian's kernels 6.1 and 6.12.
 */
export const kernelModules = {
  required: ['loop', 'overlay', 'squashfs'],
  optional: [
    'erofs',
    'isofs',
    'udf',
    'vfat',
    'fat',
    'exfat',
    'ntfs3',
    'ext4',
    'btrfs',
    'xfs',
    'f2fs',
    'dm_mod',
    'dm_verity',
    'sha256_generic',
    'sha256_ssse3',
    'sha256_arm64',
    'sha2_ce',
    'nls_ascii',
    'nls_cp437',
    'nls_utf8',
    'nls_iso8859-1',
    'usb_storage',
    'uas',
    'xhci_pci',
    'xhci_hcd',
    'ehci_pci',
    'ohci_pci',
    'uhci_hcd',
    'sd_mod',
    'sr_mod',
    'cdrom',
    'ahci',
    'ata_piix',
    'nvme',
    'vmd',
    'mmc_block',
    'sdhci',
    'sdhci_pci',
    'sdhci_acpi',
    'rtsx_pci_sdmmc',
    'rtsx_usb_sdmmc',
    'virtio_pci',
    'virtio_blk',
    'virtio_scsi',
    'virtio_mmio',
    'hv_storvsc',
    'vmw_pvscsi',
    'mptspi',
    'megaraid_sas',
    'hid_generic',
    'usbhid',
    'i8042',
    'atkbd',
  ],
} as const;

/** Files of the library, in the order in which `lib.sh` loads them. */
export const library = [
  'lib',
  'paths',
  'log',
  'text',
  'cmdline',
  'manifest',
  'selection',
  'profile',
  'devices',
  'medium',
  'data',
  'unlock',
  'data-mount',
  'persistence',
  'changes',
  'fingerprint',
  'console',
  'setup',
  'progress',
  'toram',
  'verity',
  'layers',
  'overlay',
  'root',
  'state',
  'cleanup',
  'exitrd',
  'storage',
] as const;

/** What lets go of everything when the live system is switched off; `publish` copies it into memory. */
export const exitrd = [
  'shutdown',
  'mounts.sh',
  'devices.sh',
  'processes.sh',
  'data.sh',
  'leave.sh',
] as const;

/** What `livesysctl` is made of, in the order in which it loads its parts. */
export const control = [
  'say',
  'help',
  'state',
  'size',
  'data',
  'next',
  'status',
  'profiles',
  'persistence',
  'layers',
] as const;

/** Programs of the live system's units, in `/usr/lib/livesys`. */
export const livePrograms = [
  'livesys-booted',
  'livesys-kexec',
  'livesys-space',
  'livesys-tidy',
] as const;

/** Units of the live system; what is enabled is started with it where its conditions hold. */
export const units = {
  enabled: [
    'livesys-booted.service',
    'livesys-space.timer',
    'livesys-tidy.service',
    'var-lib-containerd.mount',
    'var-lib-containers.mount',
    'var-lib-docker.mount',
  ],
  others: ['livesys-space.service'],
} as const;

/** Programs by boot phase. */
export const entryPoints = {
  parse: '/usr/sbin/livesys-parse',
  assemble: '/usr/sbin/livesys-assemble',
  publish: '/usr/sbin/livesys-publish',
  emergency: '/usr/sbin/livesys-emergency',
} as const;
