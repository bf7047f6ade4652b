import { text, type BootstrapContext, type Ops, type Text, type Tree } from '@livesys/core/plugin';
import { removeLeftovers } from '@livesys/distro-parts';
import { reachSettings, renderSettings } from './apt-conf.ts';
import { DEBIAN_ARCHITECTURES } from './architectures.ts';
import {
  BUILD_FOLDER,
  LEFTOVERS,
  QUIET_ENVIRONMENT,
  STUBS_FIRST,
  writeStubs,
} from './build-environment.ts';
import { archivesCache } from './downloads.ts';
import { sourceLines } from './mirrors.ts';
import type { DebianOptions, Variant } from './options.ts';

const ARCHIVES = `${BUILD_FOLDER}/archives`;
/**
 * Comes with mmdebstrap. `merged-usr` sets bookworm up as its installer does; without it the package
 * usrmerge would, and stay with 50 MB of perl.
 */
const MORE_HOOKS = '/usr/share/mmdebstrap/hooks';

/** What a live system needs beside Debian's required packages. The kernel package comes first. */
const LIVE_PACKAGES = [
  'systemd-sysv',
  'udev',
  'dbus',
  'libpam-systemd',
  'login',
  'passwd',
  'mount',
  'kmod',
  'e2fsprogs',
  'iproute2',
  'procps',
  'sudo',
];

/** Files that a minimal image does without. Translations stay: a desktop layer wants them. */
const MINIMAL_EXCLUDES = [
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
  'path-exclude=/usr/share/info/*',
  'path-exclude=/usr/share/lintian/*',
  'path-exclude=/usr/share/man/*',
];

const VARIANTS: Readonly<Record<Variant, { name: string; dpkgOptions: readonly string[] }>> = {
  minimal: { name: 'minbase', dpkgOptions: MINIMAL_EXCLUDES },
  standard: { name: 'important', dpkgOptions: [] },
};

/**
 * Plans a new root made by mmdebstrap. `--mode=root` is right for root and for root of a user
 * namespace alike: the sandbox has its own mounts, and where `mknod` is refused mmdebstrap binds
 * the builder's devices itself.
 */
export function bootstrap(options: DebianOptions, context: BootstrapContext): Tree {
  const { plan, id, builder, architecture } = context;
  const { name, kernel } = DEBIAN_ARCHITECTURES[architecture];
  const lines = sourceLines(options, builder);
  const variant = VARIANTS[options.variant];
  const hooks = [`${BUILD_FOLDER}/hooks`];
  if (lines.some((line) => line.includes('file:/')))
    hooks.push(`${MORE_HOOKS}/file-mirror-automount`);
  if (options.release === 'bookworm') hooks.push(`${MORE_HOOKS}/merged-usr`);
  return plan.root(
    {
      id,
      title: `debian ${options.release} with mmdebstrap`,
      network: true,
      downloads: [archivesCache(options.release, ARCHIVES)],
    },
    (ops) => {
      const root = ops.output('root');
      writeHooks(ops, renderSettings(reachSettings(builder)));
      ops.exec(
        [
          'mmdebstrap',
          '--mode=root',
          '--format=directory',
          '--verbose',
          `--variant=${variant.name}`,
          `--architectures=${name}`,
          '--skip=check/empty,essential/unlink',
          ...hooks.map((folder) => `--hook-directory=${folder}`),
          ...variant.dpkgOptions.map((option) => `--dpkgopt=${option}`),
          `--include=${[kernel, ...LIVE_PACKAGES].join(',')}`,
          options.release,
          root,
          ...lines,
        ],
        { env: { ...QUIET_ENVIRONMENT, TMPDIR: '/tmp' }, progress: 'apt' },
      );
      removeTraces(ops, root);
    },
  );
}

/**
 * The hooks of mmdebstrap, each called with the new root. Settings and stubs are there before the
 * first package and gone before the root is finished; dpkg does not sync each file of a root that is
 * thrown away if the task fails; downloads go to the cache that is bound over
 * apt's folder, and is unbound before mmdebstrap empties that.
 */
function writeHooks(ops: Ops, reach: string): void {
  ops.write(`${BUILD_FOLDER}/apt.conf`, `${STUBS_FIRST}${reach}`);
  writeStubs(ops);
  ops.write(`${BUILD_FOLDER}/hooks/setup.sh`, SETUP_HOOK, { mode: 0o755 });
  ops.write(`${BUILD_FOLDER}/hooks/customize.sh`, CUSTOMIZE_HOOK, { mode: 0o755 });
}

const SETUP_HOOK = `#!/bin/sh
set -eu
mkdir -p "$1${BUILD_FOLDER}" "$1/var/cache/apt/archives"
cp -R ${BUILD_FOLDER}/bin "$1${BUILD_FOLDER}/bin"
cp ${BUILD_FOLDER}/apt.conf "$1/etc/apt/apt.conf.d/99livesys-build"
echo force-unsafe-io >"$1/etc/dpkg/dpkg.cfg.d/99livesys-build"
mount --bind ${ARCHIVES} "$1/var/cache/apt/archives"
`;

const CUSTOMIZE_HOOK = `#!/bin/sh
set -eu
umount "$1/var/cache/apt/archives"
rm "$1/etc/apt/apt.conf.d/99livesys-build" "$1/etc/dpkg/dpkg.cfg.d/99livesys-build"
rm -r "$1${BUILD_FOLDER}"
`;

/**
 * Takes out what the builder or the way of building would leave: its names and name servers, device
 * nodes that only root can make, and links to an initrd that was never made.
 */
function removeTraces(ops: Ops, root: Text): void {
  removeLeftovers(ops, LEFTOVERS, root);
  ops.write(text`${root}/etc/hostname`, 'debian\n');
  ops.write(text`${root}/etc/resolv.conf`, '');
  ops.remove(text`${root}/dev`);
  ops.makeDirectory(text`${root}/dev`);
  for (const link of ['initrd.img', 'initrd.img.old', 'vmlinuz.old']) {
    ops.remove(text`${root}/${link}`);
  }
}
