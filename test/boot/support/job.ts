import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from './run.ts';

/** What the probe does in the guest when it has told what it found. */
export interface Job {
  /**
   * Shell commands, run as root in a folder in memory; each `key=value` that they print comes back
   * as a fact at once.
   */
  readonly script: string;
  /** Files and folders beside the script, by name: where they lie here. */
  readonly files?: Readonly<Record<string, string>>;
  /** How the machine goes off afterwards: a command. Default: `systemctl poweroff`. */
  readonly end?: string;
}

/** A disk with a tar archive, which the probe knows by its serial number: no file system is needed. */
export function jobArguments(folder: string, job: Job | undefined): string[] {
  if (job === undefined) return [];
  const { script, files = {}, end = 'systemctl poweroff' } = job;
  const at = join(folder, 'job');
  mkdirSync(at);
  for (const [name, from] of Object.entries(files))
    cpSync(from, join(at, name), { recursive: true });
  writeFileSync(join(at, 'run'), `${script}\n`);
  writeFileSync(join(at, 'end'), `${end}\n`);
  const archive = join(folder, 'job.tar');
  run(['tar', '--create', '--file', archive, '--directory', at, '.']);
  return [
    ...['-drive', `if=none,id=job,format=raw,readonly=on,file=${archive}`],
    ...['-device', 'virtio-blk-pci,drive=job,serial=livesys-test'],
  ];
}
