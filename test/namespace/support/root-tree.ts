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
    if (!programs.includes(applet) && applet !== 'busybox')
      symlinkSync('busybox', join(root, 'bin', applet));
  }
}

/** Copies a program with the libraries it is linked to. */
function addProgram(root: string, program: string, to: string): void {
  const from = run('sh', '-c', 'command -v "$1"', 'sh', program);
  cpSync(realpathSync(from), join(root, to));
  for (const library of libraries(from)) {
    mkdirSync(dirname(join(root, library)), { recursive: true });
    cpSync(realpathSync(library), join(root, library));
  }
}

/** The libraries of a program, with one that a program with threads loads when it ends. */
function libraries(program: string): readonly string[] {
  const linked = [...run('ldd', program).matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(
    (match) => match[1],
  );
  const cached = /libgcc_s\.so\.1 \(.*x86-64.*\) => (\S+)/.exec(run('/sbin/ldconfig', '-p'))?.[1];
  return [...linked, cached].filter((path) => path !== undefined);
}
