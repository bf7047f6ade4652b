import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { ArchSystem } from '../../namespace/support/arch-system.ts';
import { runCommand } from '../../namespace/support/livesys.ts';
import { run } from './run.ts';

/** What an installed machine has that a live system must not have, or must leave as it is. */
const PLANTED: Readonly<Record<string, string>> = {
  'boot/initramfs-linux.img': 'a boot image of another day',
  'boot/vmlinuz-linux': 'a copy of a kernel of another day',
  'etc/fstab': 'UUID=5c1f / ext4 rw 0 1\nUUID=77aa none swap defaults 0 0\n',
  'etc/kernel/cmdline': 'root=UUID=5c1f rw resume=UUID=77aa\n',
  'etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  'etc/mkinitcpio.d/linux.preset': "PRESETS=('default')\ndefault_options='-S autodetect'\n",
  'etc/ssh/ssh_host_ed25519_key': 'of the installed machine\n',
  'var/lib/systemd/random-seed': 'of the installed machine\n',
  'usr/lib/modules/5.10.0-1-amd64/modules.dep': 'kernel/fs/overlayfs/overlay.ko:\n',
};

/** A root as it lies on a disk, and what is to be found, or not, in what boots of it. */
export interface InstalledArch {
  readonly root: string;
  /** The release of its usual kernel; it has another one beside it. */
  readonly kernel: string;
  readonly machineId: string;
  /** Of the list of its packages with their versions. */
  readonly packages: string;
  /** Of the settings of mkinitcpio. */
  readonly preset: string;
  /** Names of the secret keys of its keyring. */
  readonly secretKeys: readonly string[];
}

/** Makes an installed machine of a bootstrapped root: a second kernel, boot images, keys, an id. */
export async function installArch(
  arch: ArchSystem,
  bootstrapped: string,
  folder: string,
): Promise<InstalledArch> {
  const root = join(folder, 'root');
  const at = (path: string): string => join(root, path);
  run(['cp', '--archive', bootstrapped, root]);
  await install(root, join(folder, 'archives'), ['linux-lts', 'mkinitcpio', 'openssh']);
  // Here it had reason to run.
  rmSync(at('var/lib/mkinitcpio-ran'), { recursive: true });
  for (const [path, content] of Object.entries(PLANTED)) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
  }
  const secrets = readdirSync(at('etc/pacman.d/gnupg/private-keys-v1.d'));
  if (secrets.length === 0) throw new Error(`no secret key in ${arch.cache}, so none could leak`);
  return {
    root,
    kernel: releaseOf(root, 'linux'),
    machineId: PLANTED['etc/machine-id']?.trim() ?? '',
    packages: sha256(run(['pacman', '--dbpath', at('var/lib/pacman'), '--query'])),
    preset: sha256(PLANTED['etc/mkinitcpio.d/linux.preset'] ?? ''),
    secretKeys: secrets,
  };
}

/** As its owner would, with its own settings and keys. Hooks run inside it. */
export async function install(
  root: string,
  archives: string,
  packages: readonly string[],
): Promise<void> {
  mkdirSync(archives);
  const { status, stderr } = await runCommand(
    [
      ...['pacman', '--root', root, '--dbpath', join(root, 'var/lib/pacman')],
      ...['--config', join(root, 'etc/pacman.conf'), '--cachedir', archives],
      ...['--gpgdir', join(root, 'etc/pacman.d/gnupg'), '--logfile', '/dev/null'],
      ...['--noconfirm', '--noprogressbar', '--sync', '--refresh', ...packages],
    ],
    { cwd: '/', lasting: true },
  );
  if (status !== 0) throw new Error(`pacman: exit ${status}\n${stderr}`);
}

function releaseOf(root: string, name: string): string {
  const modules = join(root, 'usr/lib/modules');
  const found = readdirSync(modules).find((release) => pkgbase(join(modules, release)) === name);
  if (found === undefined) throw new Error(`${root} has no kernel of ${name}`);
  return found;
}

function pkgbase(modules: string): string | undefined {
  if (!readdirSync(modules).includes('pkgbase')) return undefined;
  return readFileSync(join(modules, 'pkgbase'), 'utf8').trim();
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a guest tells of a live Arch, as a script for the job of a boot. */
export const TELL_ARCH = `
sha256() { sha256sum | cut -d ' ' -f 1; }
names() { ls "$@" 2>/dev/null | tr '\\n' ' '; }
echo "id=$(. /etc/os-release && echo "$ID")"
echo "packages=$(pacman -Q 2>/dev/null | sha256)"
echo "database=$(pacman -Dk 2>/dev/null | tail -n 1)"
echo "kernels=$(names -d /usr/lib/modules/*/vmlinuz)"
echo "pkgbase=$(cat "/usr/lib/modules/$(uname -r)/pkgbase")"
echo "vermagic=$(modinfo -F vermagic overlay | cut -d ' ' -f 1)"
echo "module=$(grep -c '^overlay ' /proc/modules)"
echo "keyring=$(pacman-key --list-keys 2>/dev/null | grep -c 'Repacked for tests')"
echo "secret-keys=$(names /etc/pacman.d/gnupg/private-keys-v1.d)"
echo "host-key=$(head -n 1 /etc/ssh/ssh_host_ed25519_key 2>/dev/null)"
echo "machine-id=$(cat /etc/machine-id)"
echo "mounts=$(grep -vc '^#' /etc/fstab)"
echo "resume=$(cat /etc/kernel/cmdline /proc/cmdline 2>/dev/null | grep -c resume)"
echo "preset=$(sha256 </etc/mkinitcpio.d/linux.preset 2>/dev/null)"
echo "boot-images=$(names /boot/*.img /var/lib/mkinitcpio-ran)"
echo "kept=$(cat /root/kept 2>/dev/null)"
`;
