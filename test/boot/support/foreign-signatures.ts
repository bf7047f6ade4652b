/** The first bytes of a volume of LVM, as a tool that looks for volumes takes it for one. */
export function lvmMember(size: number): Buffer {
  const image = Buffer.alloc(size);
  const label = image.subarray(512, 1024);
  label.write('LABELONE', 0);
  label.writeBigUInt64LE(1n, 8);
  label.writeUInt32LE(32, 20);
  label.write('LVM2 001', 24);
  label.write('abcdefghijklmnopqrstuvwxyz012345', 32);
  label.writeBigUInt64LE(BigInt(size), 64);
  label.writeUInt32LE(lvmChecksum(label.subarray(20)), 16);
  return image;
}

/** Half of a mirror of Linux' software RAID, superblock 1.2. */
export function raidMember(size: number): Buffer {
  const image = Buffer.alloc(size);
  const block = image.subarray(4096, 4096 + 256 + 2);
  const sectors = size / 512;
  block.writeUInt32LE(0xa92b4efc, 0);
  block.writeUInt32LE(1, 4);
  block.fill(0x5a, 16, 32);
  block.write('host:0', 32);
  block.writeUInt32LE(1, 72); // level
  block.writeBigUInt64LE(BigInt(sectors - 2048), 80);
  block.writeUInt32LE(1, 92); // disks
  block.writeBigUInt64LE(2048n, 128); // where its data starts
  block.writeBigUInt64LE(BigInt(sectors - 2048), 136);
  block.writeBigUInt64LE(8n, 144); // where this block is
  block.fill(0xa5, 168, 184);
  block.writeUInt32LE(1, 220); // roles that follow
  block.writeUInt32LE(raidChecksum(block), 216);
  return image;
}

/** CRC-32 with LVM's own start and without a final inversion. */
function lvmChecksum(bytes: Buffer): number {
  let crc = 0xf597a6cf;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return crc >>> 0;
}

/** The sum of all words, with the place of the sum itself as zero. */
function raidChecksum(block: Buffer): number {
  let sum = 0n;
  for (let at = 0; at + 4 <= block.length; at += 4) sum += BigInt(block.readUInt32LE(at));
  if (block.length % 4 === 2) sum += BigInt(block.readUInt16LE(block.length - 2));
  return Number(((sum & 0xffffffffn) + (sum >> 32n)) & 0xffffffffn);
}
