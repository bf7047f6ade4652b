/**
 * Drivers that dracut takes for every machine and that no medium and no keyboard needs. The live
 * system loads them itself where it finds their device; here each would be unpacked and loaded
 * while the boot waits for its disk. Expressions over whole names, with `-` written as `_`. What
 * the runtime or a plugin names is put in whether it is here or not.
 */
export const LEFT_OUT: readonly string[] = [
  // storage behind a network or a fabric
  ...['lpfc', 'qla[24]xxx', 'bfa', 'efct', 'fnic', 'snic', 'csiostor', 'mptfc'],
  ...['be2iscsi', 'bnx2(fc|i)', 'cnic', 'cxgb.*', 'libcxgb.*', 'chcr', 'qed.*'],
  ...['(lib)?fcoe', 'libfc', '(lib)?iscsi.*', 'scsi_transport_(fc|iscsi)'],
  ...['ib_.*', 'iw_cm', 'rdma_.*', 'nvme_(fabrics|fc|rdma|tcp)', 'nvmet.*', 'target_core_.*'],
  ...['nbd', 'rbd', 'drbd', 'aoe', 'rnbd_.*', '(lib)?ceph', '9p.*', 'tcm_.*'],
  // arrays, flash and tapes, which are no medium; a floppy drive that is not there is waited for
  ...['md_mod', 'bcache', 'dm_multipath', 'mtd.*', 'ubi', '.*ftl', 'ssfdc'],
  ...['brd', 'null_blk', 'ublk_drv', 'scsi_debug', 'st', 'ch', 'ses', 'floppy'],
  // watchdogs
  ...['.*_?wdt', 'wdt_.*', 'pcwd_.*', 'sp5100_tco', 'nv_tco', 'iTCO_.*', 'i6300esb', 'softdog'],
  ...['machzwd', 'ibmasr', 'sbc_.*', 'watchdog', 'pretimeout_.*'],
  // devices that bring sound, sensors or radio with them
  ...['hid_prodikeys', 'hid_picolcd', 'hid_sensor_.*', 'hid_mcp2221', 'libertas.*', 'cfg80211'],
  ...['psmouse', 'vboxguest', 'virtio_(vdpa|mem|balloon|crypto)'],
  // ciphers, but for those of disks: the kernel tries each that it gets
  ...['(camellia|blowfish|cast[56]?|des|des3_ede|aegis128|aria|sm[34])_.*', 'aegis128'],
  ...['(chacha|nhpoly1305|polyval|ghash|streebog|fcrypt|curve25519|ecdh|ecrdsa|poly1305)_.*'],
  ...['adiantum', 'ansi_cprng', 'ccm', 'chacha20poly1305', 'cmac', 'crypto_(engine|user)'],
  ...['deflate', 'fcrypt', 'gcm', 'keywrap', 'libpoly1305', 'lz4', 'lz4hc', 'md4', 'michael_mic'],
  ...['nhpoly1305', 'pcbc', 'pcrypt', 'pkcs8_key_parser', 'tcrypt', 'vmac', 'xcbc', 'zstd'],
  ...['async_.*', 'crct10dif_pclmul', 'crc32_pclmul'],
  ...['padlock_.*', 'qat_.*', 'intel_qat', 'ccp.*', 'iaa_crypto', 'idxd.*'],
];

/** Drivers that most machines load before they have their root; with what these depend on. */
export const USUAL: readonly string[] = [
  ...['loop', 'squashfs', 'overlay', 'erofs', 'isofs', 'udf', 'vfat', 'nls_cp437', 'nls_ascii'],
  ...['exfat', 'ext4', 'dm_mod', 'dm_verity', 'sha256_ssse3', 'autofs4', 'efivarfs'],
  ...['sd_mod', 'sr_mod', 'ahci', 'ata_piix', 'ata_generic', 'nvme', 'vmd'],
  ...['xhci_pci', 'ehci_pci', 'uhci_hcd', 'ohci_pci', 'usb_storage', 'uas'],
  ...['mmc_block', 'sdhci_pci', 'sdhci_acpi', 'rtsx_pci_sdmmc'],
  ...['virtio_blk', 'virtio_scsi', 'hv_storvsc', 'vmw_pvscsi'],
  ...['usbhid', 'hid_generic', 'serio_raw', 'i2c_hid_acpi', 'intel_lpss_pci'],
];
