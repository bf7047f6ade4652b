import {
  LivesysError,
  text,
  type BootstrapContext,
  type Ops,
  type Probe,
  type Text,
  type Tree,
} from '@livesys/core/plugin';
import { removeLeftovers } from '@livesys/distro-parts';
import { BUILD_FOLDER, LEFTOVERS, pacmanScript, writeScript } from './build-environment.ts';
import { bootstrapCache } from './downloads.ts';
import { CHECKED, findMirrors, installable, renderRepositories, type Mirrors } from './mirrors.ts';
import type { ArchOptions, Signatures, Variant } from './options.ts';

const ARCHIVES = `${BUILD_FOLDER}/archives`;
const CONF = `${BUILD_FOLDER}/pacman.conf`;
const KEYRING = `${BUILD_FOLDER}/gnupg`;

/**
 * What a live system needs beside Arch's `base`. Kernel packages want something that makes boot
 * images: dracut does it only when it is told to.
 */
const LIVE_PACKAGES = ['base', 'dracut', 'sudo'];

/** Files that a minimal image does without. Translations stay: a desktop layer wants them. */
const MINIMAL = [
  'usr/share/doc/*',
  'usr/share/gtk-doc/*',
  'usr/share/info/*',
  'usr/share/man/*',
  '!usr/share/doc/*/copyright',
];

const VARIANTS: Readonly<
  Record<Variant, { packages: readonly string[]; without: readonly string[] }>
> = {
  minimal: { packages: [], without: MINIMAL },
  standard: { packages: ['linux-firmware', 'man-db', 'man-pages', 'nano'], without: [] },
};

/** Plans a new root that the builder's pacman installs, much as pacstrap does. */
export function bootstrap(options: ArchOptions, context: BootstrapContext): Tree {
  const { plan, id, builder, architecture } = context;
  const mirrors = findMirrors(options, builder, architecture);
  const keyrings = options.signatures === 'never' ? [] : requireKeyrings(builder);
  const packages = [...LIVE_PACKAGES, options.kernel, ...VARIANTS[options.variant].packages];
  const unchecked = options.signatures === 'never' ? ', signatures not checked' : '';
  return plan.root(
    {
      id,
      title: `arch with pacman${unchecked}`,
      network: true,
      downloads: [bootstrapCache(mirrors, ARCHIVES)],
    },
    (ops) => {
      const root = ops.output('root');
      const database = text`${root}/var/lib/pacman`;
      writeScript(ops);
      ops.write(CONF, buildConf(options, mirrors, root));
      ops.makeDirectory(database);
      if (keyrings.length > 0) pacmanScript(ops, 'keyring', KEYRING, ...keyrings);
      const pacman = ['pacman', '--config', CONF, '--noconfirm', '--noprogressbar'];
      ops.exec([...pacman, '--sync', '--refresh', '--downloadonly', ...packages]);
      pacmanScript(ops, 'bootstrap', root, ...packages);
      if (keyrings.length > 0) ops.copy(KEYRING, text`${root}/etc/pacman.d/gnupg`);
      settle(ops, root, options, mirrors);
    },
  );
}

/**
 * Keyrings that are installed on the builder and say whom they trust, where pacman-key looks. Debian
 * has moved that folder, and keeps other keys there, too.
 */
function requireKeyrings(builder: Probe): readonly string[] {
  for (const folder of ['/usr/share/pacman/keyrings', '/usr/share/keyrings']) {
    const files = builder.list(folder);
    const names = files.flatMap((file) => /^(.+)-trusted$/.exec(file)?.[1] ?? []);
    const found = names.filter((name) => files.includes(`${name}.gpg`));
    if (found.length > 0) return found;
  }
  throw new LivesysError(
    'LIVESYS_TOOL_MISSING',
    'This machine has no keyring of Arch Linux to check packages with.',
    { hint: 'Install archlinux-keyring.' },
  );
}

/**
 * The pacman.conf of the installation; its hooks are the new root's and one of ours. No user is named
 * to download as: pacman 7 would give the files to one that a namespace need not have.
 */
function buildConf({ signatures, variant }: ArchOptions, mirrors: Mirrors, root: Text): Text {
  return text`[options]
RootDir = ${root}
DBPath = ${root}/var/lib/pacman
CacheDir = ${ARCHIVES}
GPGDir = ${KEYRING}
HookDir = ${root}/etc/pacman.d/hooks
HookDir = ${BUILD_FOLDER}/hooks
LogFile = /dev/null
Architecture = ${mirrors.architectures.join(' ')}
ParallelDownloads = 4
SigLevel = ${signatures === 'never' ? 'Never' : checks(signatures, mirrors)}
${noExtract(variant)}${renderRepositories(installable(mirrors.repositories), { signatures: signatures === 'as-configured', caches: true })}`;
}

const checks = (signatures: Signatures, mirrors: Mirrors): string =>
  signatures === 'as-configured' ? mirrors.signatures : CHECKED;

/** What the new root keeps: how to reach the repositories and what to check. */
function rootConf({ variant, signatures }: ArchOptions, mirrors: Mirrors): string {
  const { architectures, repositories } = mirrors;
  const [one] = architectures;
  return `# See pacman.conf(5).
[options]
HoldPkg = pacman glibc
Architecture = ${architectures.length > 1 ? architectures.join(' ') : one === 'x86_64' ? 'auto' : (one ?? 'auto')}
CheckSpace
ParallelDownloads = 5
SigLevel = ${checks(signatures, mirrors)}
LocalFileSigLevel = Optional
${noExtract(variant)}${renderRepositories(repositories, { signatures: signatures === 'as-configured', caches: false })}`;
}

const noExtract = (variant: Variant): string =>
  VARIANTS[variant].without.map((pattern) => `NoExtract = ${pattern}\n`).join('');

/**
 * Gives the root its settings, and takes out what the builder or the way of building would leave. Its
 * keyring stays for the layers above, and is left out of images.
 */
function settle(ops: Ops, root: Text, options: ArchOptions, mirrors: Mirrors): void {
  ops.write(text`${root}/etc/pacman.conf`, rootConf(options, mirrors));
  ops.write(text`${root}/etc/hostname`, 'archlinux\n');
  ops.write(text`${root}/etc/locale.conf`, 'LANG=C.UTF-8\n');
  ops.write(text`${root}/etc/machine-id`, '', { mode: 0o444 });
  ops.write(text`${root}/etc/resolv.conf`, '');
  removeLeftovers(ops, LEFTOVERS, root);
}
