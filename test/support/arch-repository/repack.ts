import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlannedPackage } from './resolve.ts';
import { run } from './run.ts';

const FILES = fileURLToPath(new URL('./files/', import.meta.url));

/** Folders that are links on Arch. */
const MERGED = [
  ['bin', 'usr/bin'],
  ['sbin', 'usr/bin'],
  ['usr/sbin', 'usr/bin'],
  ['lib', 'usr/lib'],
  ['lib64', 'usr/lib'],
  ['usr/lib64', 'usr/lib'],
] as const;

/** What only Debian reads, and what nobody reads on a test system. */
const LEFT_OUT = [
  ...['etc/init.d', 'etc/cron.daily', 'etc/kernel', 'etc/initramfs-tools', 'usr/share/bug'],
  ...['usr/share/initramfs-tools', 'usr/share/lintian', 'usr/share/locale', 'usr/share/man'],
  ...['usr/share/info', 'usr/lib/init', 'etc/rc2.d', 'var/lib/systemd/deb-systemd-helper-enabled'],
];

/** Lays the contents of a package out as Arch would have them. Gives its configuration files. */
export function layOut(
  { name, recipe, from }: PlannedPackage,
  debs: ReadonlyMap<string, string>,
  stage: string,
): readonly string[] {
  mkdirSync(stage, { recursive: true });
  chmodSync(stage, 0o755);
  const conffiles = from.flatMap((one) => unpack(debs.get(one.name) ?? '', stage));
  for (const [old, now] of MERGED) merge(stage, old, now);
  for (const path of LEFT_OUT) rmSync(join(stage, path), { recursive: true, force: true });
  keepCopyright(join(stage, 'usr/share/doc'));
  if (recipe.kernel !== undefined) layKernel(stage, name);
  for (const [path, mode] of Object.entries(recipe.folders ?? {})) {
    mkdirSync(join(stage, path), { recursive: true });
    chmodSync(join(stage, path), mode);
  }
  if (recipe.files === true) {
    run('cp', '-R', '--no-target-directory', join(FILES, name), stage);
    run(
      'sh',
      '-c',
      'cd "$1" && find . -type f -exec chown root:root "$2/{}" ";"',
      'sh',
      join(FILES, name),
      stage,
    );
  }
  for (const [path, target] of Object.entries(recipe.links ?? {})) {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    symlinkSync(target, join(stage, path));
  }
  for (const [path, mode] of Object.entries(recipe.modes ?? {})) chmodSync(join(stage, path), mode);
  return conffiles.filter((path) => existsSync(join(stage, path)));
}

function unpack(deb: string, stage: string): readonly string[] {
  const script =
    'dpkg-deb --fsys-tarfile "$1" | tar --extract --preserve-permissions --numeric-owner --directory "$2"';
  run('sh', '-c', script, 'sh', deb, stage);
  const list = run('sh', '-c', 'dpkg-deb --info "$1" conffiles 2>/dev/null || :', 'sh', deb);
  return list.split('\n').flatMap((line) => (line.startsWith('/') ? [line.slice(1)] : []));
}

function merge(stage: string, old: string, now: string): void {
  const at = join(stage, old);
  if (!existsSync(at) || lstatSync(at).isSymbolicLink()) return;
  mkdirSync(join(stage, now), { recursive: true });
  // Debian links some programs from one folder to the other: the program wins.
  run('cp', '-a', '--no-clobber', `${at}/.`, join(stage, now));
  rmSync(at, { recursive: true });
}

function keepCopyright(folder: string): void {
  if (!existsSync(folder)) return;
  run('find', folder, '!', '-type', 'd', '!', '-name', 'copyright', '-delete');
  run('find', folder, '-type', 'd', '-empty', '-delete');
}

/** The kernel lies beside its modules, with the name that mkinitcpio gives its files. */
function layKernel(stage: string, name: string): void {
  const modules = join(stage, 'usr/lib/modules');
  for (const release of readdirSync(modules)) {
    run('mv', join(stage, `boot/vmlinuz-${release}`), join(modules, release, 'vmlinuz'));
    writeFileSync(join(modules, release, 'pkgbase'), `${name}\n`);
  }
  rmSync(join(stage, 'boot'), { recursive: true });
}
