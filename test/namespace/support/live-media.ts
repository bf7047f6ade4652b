import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binaries } from '../../../packages/runtime/src/contents.ts';

export const IMAGE = '01234567-89ab-cdef-0123-456789abcdef';
export const RUNTIME = fileURLToPath(new URL('../../../packages/runtime/shell', import.meta.url));

export function tool(command: string, ...argv: string[]): string {
  const result = spawnSync(command, argv, { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} ${argv.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

export const sha256 = (file: string) =>
  createHash('sha256').update(readFileSync(file)).digest('hex');

/** A search path with what the initramfs must hold and nothing else: the list is complete or tests fail. */
export function linkTools(directory: string): void {
  mkdirSync(directory);
  for (const name of binaries.required) {
    const found = spawnSync('bash', ['-c', 'type -P "$1"', 'bash', name], {
      encoding: 'utf8',
    }).stdout.trim();
    if (found !== '') symlinkSync(found, join(directory, name));
  }
}

/** Layer `number` marks itself, overwrites `top`, and deletes what the layer below it marked. */
function makeTree(tree: string, number: number, bootable: boolean): void {
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(join(tree, '.livesys/layer'), { recursive: true });
  writeFileSync(join(tree, `.livesys/layer/l${number}`), '');
  writeFileSync(join(tree, 'top'), `${number}\n`);
  writeFileSync(join(tree, `only-${number}`), '');
  if (number > 0) tool('mknod', join(tree, `only-${number - 1}`), 'c', '0', '0');
  if (number > 0) return;
  for (const directory of ['proc', 'sys', 'dev', 'run', 'etc', 'usr/sbin'])
    mkdirSync(join(tree, directory), { recursive: true });
  writeFileSync(join(tree, 'etc/os-release'), 'ID=test\n');
  symlinkSync('usr/sbin', join(tree, 'sbin'));
  if (!bootable) return;
  writeFileSync(join(tree, 'usr/sbin/real-init'), '#!/bin/sh\n');
  chmodSync(join(tree, 'usr/sbin/real-init'), 0o755);
  symlinkSync('/sbin/real-init', join(tree, 'usr/sbin/init'));
}

export interface Medium {
  readonly directory: string;
  readonly files: readonly string[];
}

/** A folder as it lies on a medium, with layers l0 (lowest) upwards and the profiles `all` and `turned`. */
export function makeMedium(
  directory: string,
  count: number,
  options: { readonly bootable?: boolean; readonly lines?: readonly string[] } = {},
): Medium {
  mkdirSync(join(directory, 'livesys/layers'), { recursive: true });
  const files: string[] = [];
  const lines = ['livesys 1', `image ${IMAGE}`];
  const tree = `${directory}.tree`;
  const image = `${directory}.layer`;
  for (let number = 0; number < count; number++) {
    makeTree(tree, number, options.bootable ?? true);
    rmSync(image, { force: true });
    tool('mksquashfs', tree, image, '-quiet', '-no-progress', '-processors', '1', '-comp', 'gzip');
    const hash = sha256(image);
    const file = `layers/l${number}-${hash.slice(0, 16)}.squashfs`;
    lines.push(`layer l${number} ${file} ${readFileSync(image).length} ${hash} squashfs - -`);
    renameSync(image, join(directory, 'livesys', file));
    files.push(join(directory, 'livesys', file));
  }
  const names = files.map((_, number) => `l${number}`);
  lines.push(
    `profile all default ${names.join(',')}`,
    `profile turned - ${names.toReversed().join(',')}`,
    ...(options.lines ?? []),
  );
  writeManifest(directory, lines);
  return { directory, files };
}

export function writeManifest(directory: string, lines: readonly string[]): void {
  const body = `${lines.join('\n')}\n`;
  const end = createHash('sha256').update(body).digest('hex');
  writeFileSync(join(directory, 'livesys/manifest'), `${body}end ${end}\n`);
}

/** An ext4 image of a folder, beside it. */
export function makeDisk(directory: string, size = '96M'): string {
  const disk = `${directory}.img`;
  rmSync(disk, { force: true });
  tool('mke2fs', '-q', '-t', 'ext4', '-d', directory, disk, size);
  return disk;
}

export const loopsOf = (directory: string) =>
  tool('losetup', '-l', '-n', '-O', 'BACK-FILE')
    .split('\n')
    .filter((line) => line.includes(directory));
