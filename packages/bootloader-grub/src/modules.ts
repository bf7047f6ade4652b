/**
 * What our own GRUB images hold. None is loaded from the medium later, so that the menu does not
 * depend on finding further files. Names as in grub-mkimage; both platforms have all of these.
 */
const MODULES = [
  // file systems and partition tables a medium may have
  ...['iso9660', 'fat', 'exfat', 'ntfs', 'ext2', 'part_gpt', 'part_msdos'],
  // finding the medium, reading the menu
  ...['search', 'search_fs_file', 'normal', 'configfile', 'loopback', 'loadenv'],
  // the menu's own words
  ...['test', 'true', 'regexp', 'echo', 'sleep', 'play', 'serial', 'terminal'],
  // starting something
  ...['linux', 'boot', 'chain', 'halt', 'reboot'],
  // for people at GRUB's prompt
  ...['ls', 'cat', 'minicmd', 'help'],
] as const;

export const BIOS_MODULES = [...MODULES, 'biosdisk', 'drivemap'] as const;
export const UEFI_MODULES = [...MODULES, 'efifwsetup', 'all_video'] as const;
