import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const OUTPUT = join(REPOSITORY, '.cache/test-images');

/** Programs that the tests themselves run, with the Debian package of each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  'mkfs.ext4': 'e2fsprogs',
  debugfs: 'e2fsprogs',
  mkswap: 'util-linux',
  unshare: 'util-linux',
  taskset: 'util-linux',
  newuidmap: 'uidmap',
  tar: 'tar',
  cpio: 'cpio',
  zstd: 'zstd',
  unsquashfs: 'squashfs-tools',
  'mkfs.erofs': 'erofs-utils',
  cryptsetup: 'cryptsetup-bin',
  'linux.uml': 'user-mode-linux',
  busybox: 'busybox',
};

/**
 * Builds one of the images in `images/`, as a user would, and gives the path of its ISO or, of
 * `stick`, its disk image. Trees are kept in the usual cache, so that a run after the first takes
 * seconds. A variant lies beside the image and shares all of its trees.
 */
export function buildImage(
  name: 'bookworm' | 'trixie',
  variant?: 'plain' | 'stick' | 'daily',
): string {
  assertPrograms();
  mkdirSync(OUTPUT, { recursive: true });
  const file = variant === undefined ? 'livesys.config.ts' : `${variant}.config.ts`;
  const config = join(REPOSITORY, 'test/boot/images', name, file);
  runLivesys('build', '--config', config, '--output', OUTPUT, '--force');
  return join(OUTPUT, `${variant ?? name}.${variant === 'stick' ? 'img' : 'iso'}`);
}

/** Runs the command line as it was built in this checkout; fails with what it said. */
export function runLivesys(...argv: readonly string[]): string {
  const result = spawnSync(join(REPOSITORY, 'livesys'), argv, { encoding: 'utf8' });
  if (result.status === 0) return result.stdout;
  const said = `${result.stdout}${result.stderr}`.trimEnd();
  throw new Error(`livesys ${argv.join(' ')}: exit ${result.status}\n${said}`);
}

function assertPrograms(): void {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  const missing = Object.keys(PROGRAMS).filter(
    (name) => !folders.some((folder) => existsSync(join(folder, name))),
  );
  if (missing.length === 0) return;
  const packages = new Set(missing.map((name) => PROGRAMS[name]));
  throw new Error(`${missing.join(', ')} missing: apt-get install ${[...packages].join(' ')}`);
}
