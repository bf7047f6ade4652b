import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { binaries } from '../../../../packages/runtime/src/contents.ts';
import { ENCRYPTION_MODULES } from '../encrypted.ts';
import { runInPrivateKernel } from '../private-kernel.ts';
import { IMAGE } from './medium.ts';

const RUN_CASES = fileURLToPath(new URL('./run-cases', import.meta.url));
const SHELL_CODE = fileURLToPath(new URL('../../../../packages/runtime/shell', import.meta.url));
/** In the order in which they need each other. */
const MODULES = [
  ...['drivers/block/loop', 'fs/overlayfs/overlay', 'fs/squashfs/squashfs', 'fs/erofs/erofs'],
  ...[
    'fs/fat/fat',
    'fs/fat/vfat',
    'fs/nls/nls_cp437',
    'fs/nls/nls_ascii',
    'fs/nls/nls_utf8',
    'fs/nls/nls_iso8859-1',
  ],
  ...['drivers/cdrom/cdrom', 'fs/isofs/isofs', 'fs/f2fs/f2fs'],
  ...['drivers/md/dm-mod', 'drivers/md/dm-bufio', 'drivers/md/dm-verity'],
  ...ENCRYPTION_MODULES,
];

/** One start of the boot code on a machine that has some of the disks. */
export interface Case {
  /** Names of disks, as `runCases` gives them, or of devices that `before` makes. */
  readonly sees: readonly string[];
  /** Kernel arguments after `root=`; `${disk}` is the path of a disk. Default: none. */
  readonly arguments?: string;
  /** The whole line instead. */
  readonly cmdline?: string;
  /** Default: dash. */
  readonly shell?: string;
  /** Shell commands, as root, before it starts. `$disk` is the path of a disk, `$root` the place of the tree. */
  readonly before?: string;
  /** Shell commands that print `key=value` afterwards; the live root is `$root/sysroot`. */
  readonly after?: string;
}

export interface CaseResult {
  readonly status: number;
  /** What it said: the kernel log as every console shows it. */
  readonly said: string;
  /** Nothing may ever be there. */
  readonly stderr: string;
  readonly state: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, string>>;
  /** Something from a medium or a kernel argument was executed. */
  readonly canary: boolean;
}

/**
 * Runs cases in one private kernel, which has the drivers of Debian's kernel. `disks` are images by
 * name; cases can write to them, one after the other.
 */
export async function runCases<Name extends string>(
  parent: string,
  disks: Readonly<Record<string, string>>,
  cases: Readonly<Record<Name, Case>>,
): Promise<Record<Name, CaseResult>> {
  const folder = join(parent, 'kernel');
  const at = join(folder, 'cases');
  mkdirSync(at, { recursive: true });
  const names = Object.keys(cases) as Name[];
  const devices = new Map(Object.keys(disks).map((name, index) => [name, deviceName(index)]));
  linkTools(join(at, 'tools'));
  writeFileSync(join(at, 'cases'), lines(names.map(folderName)));
  writeFileSync(join(at, 'modules'), lines(MODULES.map((path) => `${moduleName(path)} ${path}`)));
  for (const name of names) writeCase(join(at, folderName(name)), cases[name], devices);
  const script = `sh ${RUN_CASES} ${at} ${join(folder, 'out')} ${SHELL_CODE}`;
  await runInPrivateKernel({ folder, script, drives: Object.values(disks), minutes: 20 });
  return Object.fromEntries(
    names.map((name) => [name, readResult(join(folder, 'out', folderName(name)))]),
  ) as Record<Name, CaseResult>;
}

/** The first is /dev/ubda, which belongs to the job. */
function deviceName(index: number): string {
  return `ubd${String.fromCodePoint('b'.codePointAt(0)! + index)}`;
}

/** As the kernel has it in /sys/module. */
function moduleName(path: string): string {
  return path.replace(/^.*\//, '').replaceAll('-', '_');
}

function folderName(name: string): string {
  return name.replaceAll(/[^\w.-]/g, '-');
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

function writeCase(folder: string, one: Case, devices: ReadonlyMap<string, string>): void {
  mkdirSync(folder);
  const sees = one.sees.map((disk) => devices.get(disk) ?? disk);
  const paths = [...devices].map(([disk, device]) => `${disk}=/dev/${device}`).join(' ');
  const text = (words: string) =>
    words.replaceAll(/\$\{(\w+)\}/g, (word, disk: string) => {
      const device = devices.get(disk);
      return device === undefined ? word : `/dev/${device}`;
    });
  const cmdline = one.cmdline ?? `root=livesys:${IMAGE} livesys.timeout=0 ${one.arguments ?? ''}`;
  writeFileSync(join(folder, 'sees'), lines(sees));
  writeFileSync(join(folder, 'cmdline'), `${text(cmdline)}\n`);
  writeFileSync(join(folder, 'shell'), `${one.shell ?? 'dash'}\n`);
  for (const when of ['before', 'after'] as const) {
    const script = one[when];
    if (script !== undefined) writeFileSync(join(folder, when), `${paths}\n${script}\n`);
  }
}

/** A search path with what the initramfs must hold, and the shells. */
function linkTools(folder: string): void {
  mkdirSync(folder);
  const shells = ['dmsetup', 'cryptsetup', 'dash', 'busybox', 'bash', 'mksh', 'sh'];
  for (const name of new Set<string>([...binaries.required, ...shells])) {
    const argv = ['-c', 'type -P "$1"', 'bash', name];
    const found = spawnSync('bash', argv, { encoding: 'utf8' }).stdout.trim();
    if (found !== '') symlinkSync(found, join(folder, name));
  }
}

function readResult(folder: string): CaseResult {
  const read = (name: string) => {
    const file = join(folder, name);
    return existsSync(file) ? readFileSync(file, 'latin1') : '';
  };
  return {
    status: Number(read('status') || 'NaN'),
    said: read('kmsg'),
    stderr: read('stderr'),
    state: readPairs(read('state')),
    facts: readPairs(read('facts')),
    canary: read('canary') !== '',
  };
}

function readPairs(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
  });
  return Object.fromEntries(pairs);
}
