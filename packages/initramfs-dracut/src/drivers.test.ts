import { describe, expect, it } from 'vitest';
import { LEFT_OUT, USUAL } from './drivers.ts';

/** As dracut does it: one expression over the whole name. */
const leftOut = new RegExp(LEFT_OUT.map((word) => `^${word}$`).join('|'));

describe('drivers that are left out', () => {
  it.each([
    ...['usb_storage', 'uas', 'xhci_pci', 'ehci_pci', 'sd_mod', 'sr_mod', 'ahci', 'ata_piix'],
    ...['nvme', 'nvme_core', 'nvme_auth', 'vmd', 'mmc_block', 'sdhci_pci', 'rtsx_pci_sdmmc'],
    ...['virtio_blk', 'virtio_scsi', 'virtio_pci', 'hv_storvsc', 'xen_blkfront', 'vmw_pvscsi'],
    ...['megaraid_sas', 'mpt3sas', 'smartpqi', 'hpsa', 'firewire_sbp2', 'ufshcd_pci'],
  ])('are not %s, which a medium may need', (name) => {
    expect(name).not.toMatch(leftOut);
  });

  it.each([
    ...['usbhid', 'hid_generic', 'hid_apple', 'hid_logitech_dj', 'hid_hyperv', 'hid_multitouch'],
    ...['i2c_hid_acpi', 'intel_lpss_pci', 'atkbd', 'i8042', 'serio_raw', 'surface_kbd', 'applespi'],
    ...['hyperv_keyboard', 'cros_ec_keyb', 'pinctrl_intel', 'typec_ucsi'],
  ])('are not %s, which a keyboard may need', (name) => {
    expect(name).not.toMatch(leftOut);
  });

  it.each([
    ...['crc32c_generic', 'crc32c_intel', 'crc32_generic', 'xxhash_generic', 'blake2b_generic'],
    ...['sha256_ssse3', 'sha256_generic', 'xor', 'raid6_pq', 'lz4_compress', 'libcrc32c'],
    ...['dm_mod', 'dm_bufio', 'dm_verity', 'dm_snapshot', 'mbcache', 'jbd2', 'nls_cp437'],
  ])('are not %s, which a file system needs', (name) => {
    expect(name).not.toMatch(leftOut);
  });

  it('are written as dracut compares them', () => {
    // dracut turns only the first `-` of the whole list into `_`
    for (const word of LEFT_OUT) expect(word).toMatch(/^[^\s-]+$/);
  });

  it('are none of the usual ones', () => {
    for (const name of USUAL) expect(name).not.toMatch(leftOut);
  });
});
