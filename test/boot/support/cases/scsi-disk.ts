const NEEDED = [
  ...['drivers/scsi/scsi_common', 'drivers/scsi/scsi_mod', 'lib/crc64'],
  ...['crypto/crc64_rocksoft_generic', 'lib/crc64-rocksoft', 'block/t10-pi', 'drivers/scsi/sd_mod'],
];

/** Shell commands that plug in a blank disk of 16 MiB, which can be pulled and can fail: /dev/sda. */
export const LOAD_SCSI_DISK = `
  m=/usr/lib/uml/modules/$(uname -r)/kernel
  ${NEEDED.map((name) => `busybox insmod $m/${name}.ko 2>/dev/null || :`).join('\n')}
  busybox insmod $m/drivers/scsi/scsi_debug.ko dev_size_mb=16 removable=1
  while [ ! -b /dev/sda ]; do sleep 0.1; done`;
