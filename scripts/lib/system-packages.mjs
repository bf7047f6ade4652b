/**
 * Every Debian package the project needs beside Node and npm, in one place.
 *
 * `live`: needed to build and boot the example. The rest is what the tests add.
 *
 * @type {readonly { name: string, reason: string, live?: true }[]}
 */
export const systemPackages = [
  { name: 'mmdebstrap', reason: 'bootstraps the Debian tree', live: true },
  { name: 'uidmap', reason: 'subordinate ids, so that a build needs no root', live: true },
  { name: 'qemu-system-x86', reason: 'boots what was built', live: true },
  { name: 'ovmf', reason: 'UEFI firmware, with and without Secure Boot' },
  { name: 'squashfs-tools', reason: 'looks into layers, compares with the plain tool' },
  { name: 'cryptsetup-bin', reason: 'makes and checks hash trees of layers' },
  { name: 'xorriso', reason: 'looks into an ISO, compares with the plain tool' },
  { name: 'mtools', reason: 'reads FAT without mounting it' },
  { name: 'dosfstools', reason: 'checks FAT' },
  { name: 'erofs-utils', reason: 'makes layers of another format' },
  { name: 'exfatprogs', reason: 'makes exFAT' },
  { name: 'exfat-fuse', reason: 'fills exFAT on any kernel' },
  { name: 'ntfs-3g', reason: 'makes and fills NTFS' },
  { name: 'btrfs-progs', reason: 'makes btrfs, of which snapshots are taken' },
  { name: 'lvm2', reason: 'makes logical volumes, of which snapshots are taken' },
  { name: 'udev', reason: 'gives logical volumes their names' },
  { name: 'xfsprogs', reason: 'makes xfs' },
  { name: 'e2fsprogs', reason: 'makes and checks ext4' },
  { name: 'fdisk', reason: 'makes and checks partition tables' },
  { name: 'shellcheck', reason: 'checks the boot code and rendered plans' },
  { name: 'busybox', reason: 'a shell the boot code must run in' },
  { name: 'mksh', reason: 'a shell the boot code must run in' },
  { name: 'dash', reason: 'a shell the boot code must run in' },
  { name: 'strace', reason: 'records from outside what apply runs' },
  { name: 'attr', reason: 'extended attributes in test trees' },
  { name: 'libcap2-bin', reason: 'capabilities of files in test trees' },
  { name: 'debian-archive-keyring', reason: 'proves what is downloaded from Debian' },
  { name: 'pacman-package-manager', reason: 'bootstraps a tree in the form of Arch' },
  { name: 'makepkg', reason: 'what pacman-key is made of' },
  { name: 'libarchive-tools', reason: 'makes packages of pacman' },
  { name: 'gnupg', reason: 'signs packages of pacman' },
  { name: 'sudo', reason: 'runs the same build as another user' },
  { name: 'iproute2', reason: 'shows which networks a build can see' },
  { name: 'user-mode-linux', reason: 'runs the same build under another clock' },
  { name: 'cpio', reason: 'looks into an initramfs' },
  { name: 'zstd', reason: 'looks into an initramfs' },
  { name: 'file', reason: 'tells what a built file is' },
];
