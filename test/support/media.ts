import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const MIB = 1024 ** 2;
export const IMAGE = '7f3c09d1-1111-4222-8333-444444444444';
export const KERNEL = '6.1.0-56-amd64';

/** Layers by name, lowest first. */
export const CONTENTS: Readonly<Record<string, Buffer>> = {
  base: Buffer.alloc(3_000_000, 'base layer '),
  // Longer than ISO 9660 alone allows, so that Rock Ridge needs a continuation.
  [`desktop-${'x'.repeat(180)}`]: Buffer.alloc(5000, 'desktop layer '),
};

export const sha256 = (content: string | Buffer) =>
  createHash('sha256').update(content).digest('hex');

export const layerFile = (name: string, content = CONTENTS[name] ?? '') =>
  `layers/${name}-${sha256(content).slice(0, 16)}.squashfs`;

/** Lines with the hash that proves them. */
export function sealed(lines: readonly string[]): string {
  const body = lines.map((line) => `${line}\n`).join('');
  return `${body}end ${sha256(body)}\n`;
}

/** Profile `rescue` without persistence, and `office`, the default, with it. */
export function manifestText(): string {
  const names = Object.keys(CONTENTS);
  return sealed([
    'livesys 1',
    `image ${IMAGE}`,
    ...names.map((name) => {
      const content = CONTENTS[name] ?? Buffer.alloc(0);
      return `layer ${name} ${layerFile(name)} ${content.length} ${sha256(content)} squashfs - -`;
    }),
    'profile rescue - base',
    `profile office default ${names.join(',')}`,
    'persist office data - optional',
    'x-note anything',
  ]);
}

export type Files = Readonly<Record<string, string | Buffer>>;

/** What lies on a whole medium, by path. */
export const mediumFiles = () => ({
  'livesys/manifest': manifestText(),
  'livesys/manifest.json': '{"about":{"source":"Debian"}}',
  [`livesys/boot/${KERNEL}/vmlinuz`]: 'kernel',
  [`livesys/boot/${KERNEL}/initrd`]: 'initrd',
  [`livesys/id/${IMAGE}`]: '',
  'boot/bios.img': Buffer.alloc(2048),
  'boot/efi.img': Buffer.alloc(4096),
  ...Object.fromEntries(
    Object.entries(CONTENTS).map(([name, bytes]) => [`livesys/${layerFile(name)}`, bytes]),
  ),
});

/** A plain ISO, which starts from CD where it holds boot images. */
export function makeIso(folder: string, name: string, files: Files): string {
  const boot = ['-b', 'boot/bios.img', '-no-emul-boot', '-boot-load-size', '4'];
  const efi = ['-eltorito-alt-boot', '-e', 'boot/efi.img', '-no-emul-boot'];
  return fromTree(folder, name, files, (tree, iso) => [
    ...['-as', 'mkisofs', '-quiet', '-R', '-V', 'LIVE', '-o', iso],
    ...(files['boot/bios.img'] ? boot : []),
    ...(files['boot/efi.img'] ? efi : []),
    tree,
  ]);
}

/** An ISO with a GPT, an EFI partition and an active entry in its MBR, as `iso()` makes them. */
export function makeHybridIso(folder: string, name: string, files: Files = mediumFiles()): string {
  const esp = join(folder, `${name}.esp`);
  writeFileSync(esp, Buffer.alloc(MIB, 'esp '));
  return fromTree(folder, name, files, (tree, iso) => [
    ...['-outdev', `stdio:${iso}`, '-volid', 'LIVE', '-padding', '0', '-rockridge', 'on'],
    ...['-compliance', 'iso_9660_level=3:no_emul_toc', '-map', tree, '/'],
    ...['-boot_image', 'any', 'bin_path=/boot/bios.img', '-boot_image', 'any', 'next'],
    ...['-boot_image', 'any', 'efi_path=--interval:appended_partition_2:all::'],
    ...['-boot_image', 'any', 'next'],
    ...['-append_partition', '2', 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B', esp],
    ...['-boot_image', 'any', 'partition_offset=16'],
    ...['-boot_image', 'any', 'appended_part_as=gpt'],
    ...['-boot_image', 'any', 'mbr_force_bootable=on', '-end'],
  ]);
}

function fromTree(
  folder: string,
  name: string,
  files: Files,
  argv: (tree: string, iso: string) => readonly string[],
): string {
  const tree = join(folder, `${name}-tree`);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
  const iso = join(folder, `${name}.iso`);
  execFileSync('xorriso', argv(tree, iso), { stdio: 'ignore' });
  rmSync(tree, { recursive: true });
  return iso;
}

/** Where the partitions of {@link makeDisk} begin, in bytes. */
export const LAYERS_AT = 4 * MIB;
export const DATA_AT = 12 * MIB;
/** Size of DATA in {@link makeDisk}. */
export const DATA_SIZE = 16 * MIB;

/** A disk image: BIOS boot, ESP, LAYERS (an ISO) and an empty DATA (ext4). */
export function makeDisk(folder: string, name: string, files: Files = mediumFiles()): string {
  const disk = join(folder, `${name}.img`);
  const layers = makeIso(folder, `${name}-layers`, files);
  writeFileSync(disk, Buffer.alloc(440, 'boot code '));
  truncateSync(disk, DATA_AT + DATA_SIZE + MIB);
  execFileSync('sfdisk', ['--quiet', '--no-reread', disk], {
    input: [
      'label: gpt',
      'start=2048, size=2048, type=21686148-6449-6E6F-744E-656564454649',
      'start=4096, size=4096, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
      'start=8192, size=16384, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, name=LIVESYS-LAYERS',
      'start=24576, size=32768, type=4C495645-5359-5344-4154-410A7B3D5E91, name=LIVESYS-DATA',
    ].join('\n'),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const dd = [`if=${layers}`, `of=${disk}`, 'bs=1M', 'seek=4', 'conv=notrunc', 'status=none'];
  execFileSync('dd', dd);
  rmSync(layers);
  const ext4 = ['-q', '-F', '-L', 'LIVESYS-DATA', '-E', `offset=${DATA_AT},nodiscard`];
  execFileSync('mkfs.ext4', [...ext4, disk, `${DATA_SIZE / 1024}k`], { stdio: 'ignore' });
  return disk;
}

/** What an ISO becomes on a stick with DATA behind it. */
export function makeStick(folder: string, name: string): string {
  const stick = join(folder, `${name}.img`);
  copyFileSync(makeHybridIso(folder, name), stick);
  truncateSync(stick, statSync(stick).size + 32 * MIB);
  const quiet = { stdio: ['pipe', 'ignore', 'ignore'] as ('pipe' | 'ignore')[] };
  execFileSync('sfdisk', ['--quiet', '--relocate', 'gpt-bak-std', stick], quiet);
  const type = 'type=4C495645-5359-5344-4154-410A7B3D5E91, name=LIVESYS-DATA';
  const append = ['--quiet', '--no-reread', '--append', stick];
  execFileSync('sfdisk', append, { ...quiet, input: `start=16384, size=32768, ${type}\n` });
  const ext4 = ['-q', '-F', '-L', 'LIVESYS-DATA', '-E', `offset=${16384 * 512},nodiscard`];
  execFileSync('mkfs.ext4', [...ext4, stick, '16384k'], { stdio: 'ignore' });
  return stick;
}
