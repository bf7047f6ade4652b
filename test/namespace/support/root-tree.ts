import { cpSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './run.ts';

/** Makes a root that has a shell, its usual commands and the given programs of this machine. */
export function makeRoot(root: string, programs: readonly string[] = []): void {
  for (const path of ['bin', 'etc', 'usr', 'var/tmp', 'tmp', 'proc', 'sys', 'dev', 'run', 'root']) {
    mkdirSync(join(root, path), { recursive: true });
  }
  addProgram(root, 'busybox', 'bin/busybox');
  for (const program of programs) addProgram(root, program, `bin/${program}`);
  for (const applet of run('busybox', '--list').split('\n')) {
    if (!programs.includes(applet) && applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  }
}

/** Copies a program with the libraries it is linked to. */
function addProgram(root: string, program: string, to: string): void {
  const from = run('sh', '-c', 'command -v "$1"', 'sh', program);
  cpSync(realpathSync(from), join(root, to));
  for (const line of run('ldd', from).split('\n')) {
    const library = /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1];
    if (library === undefined) continue;
    mkdirSync(dirname(join(root, library)), { recursive: true });
    cpSync(realpathSync(library), join(root, library));
  }
}
