import { mkdirSync } from 'node:fs';
import type { ShellLibrary } from './shell-library.ts';

/** A disk in the sysfs of a fake tree; `sda1/partition` among its files gives it a partition. */
export function fakeDisk(
  library: ShellLibrary,
  name: string,
  sectors: string,
  files: Readonly<Record<string, string>> = {},
): void {
  mkdirSync(library.path(`sys/class/block/${name}`), { recursive: true });
  for (const [file, text] of Object.entries({ size: sectors, ...files })) {
    library.write(`sys/class/block/${name}/${file}`, `${text}\n`);
  }
}

/** What `blkid` says about each device, as printf takes it; nothing about others. */
export function fakeBlkid(library: ShellLibrary, answers: Readonly<Record<string, string>>): void {
  const cases = Object.entries(answers).map(([name, text]) => `*/${name}) printf '${text}' ;;`);
  library.write(
    'bin/blkid',
    `#!/bin/sh
format=
for device; do
  case $device in export) format=export ;; /*) ;; *) continue ;; esac
  [ -z "$format" ] || case $device in /*) echo "DEVNAME=$device" ;; esac
  case $device in ${cases.join(' ')} esac
done
`,
    0o755,
  );
}
