import { cpSync, existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAccount, type Account } from './support/account.ts';
import { leftovers } from './support/leftovers.ts';
import { livesys, LIVESYS, runCommand, type CommandEnd } from './support/livesys.ts';
import { makeUpKernel, type MadeUpKernel } from './support/made-up-kernel.ts';
import { resultOf } from './support/results.ts';
import { run } from './support/run.ts';
import { seeing } from './support/seeing.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

// The source is the very machine on which the tests run, with a made-up kernel where it has none,
// and without any network: what has to be run is installed.

const CONFIGS = fileURLToPath(new URL('./support/tiny/', import.meta.url));
const CONFIG = ['-c', 'machine.config.ts'];
const OFFLINE = ['unshare', '--net', '--'];
/** Where things are shown to the machine; what is not there is made. */
const [ROOTS_CACHE, MODULES] = ['/var/cache/livesys', '/usr/lib/modules'];
const KEPT = ['/etc', '/usr/bin', '/var/lib/dpkg'];

let workspace: Workspace;
let account: Account;
let kernel: MadeUpKernel;
let project: string;
let cache: string;
let planned: CommandEnd;
let built: CommandEnd;
let before: string;
let image: string;
const made: string[] = [];
beforeAll(async () => {
  workspace = makeWorkspace();
  account = makeAccount(workspace.folder);
  kernel = makeUpKernel(workspace.folder);
  project = join(account.home, 'project');
  cache = workspace.make('cache');
  cpSync(CONFIGS, project, { recursive: true });
  run('chown', '-R', `${account.uid}:${account.gid}`, project);
  made.push(...[ROOTS_CACHE, MODULES].filter((path) => !existsSync(path)));
  for (const path of made) mkdirSync(path);
  before = stateOf(KEPT);
  planned = await sudo('plan', ...CONFIG);
  built = await sudo('build', ...CONFIG, '--until', 'layer:base');
  if (built.status !== 0) throw new Error(built.stderr);
  image = join(await resultOf(cache, 'layer:base'), 'squashfs');
});
afterAll(() => {
  for (const path of made) rmdirSync(path);
  workspace?.remove();
});

/** The machine as it is, but for a kernel and for the cache, which root has at a fixed place. */
function machine(places: Readonly<Record<string, string>> = {}): readonly string[] {
  const { boot, modules } = kernel;
  return seeing({ [cache]: ROOTS_CACHE, [boot]: '/boot', [modules]: MODULES, ...places });
}

async function sudo(...argv: readonly string[]): Promise<CommandEnd> {
  return runCommand(['sudo', '--non-interactive', LIVESYS, ...argv], {
    cwd: project,
    prefix: [...OFFLINE, ...machine(), ...account.become],
  });
}

/** Everything that is said about files, their content aside. */
function stateOf(paths: readonly string[]): string {
  return run('find', ...paths, '-printf', String.raw`%p %y %m %U %G %s %T@ %C@ %l\n`);
}

describe('livesys plan of this machine', () => {
  it('tells, where there is no kernel, where it was looked for and which package brings one', async () => {
    const empty = workspace.make('empty');
    const end = await livesys(['plan', ...CONFIG], {
      cwd: project,
      prefix: seeing({ [empty]: '/boot' }),
    });
    expect(end).toMatchObject({ status: 3, stdout: '' });
    expect(end.stderr).toMatch(/has no kernel with its modules in \/boot and \/lib\/modules\.\n/);
    expect(end.stderr).toMatch(/Install the package linux-image-\S+ in the source\./);
  });

  it('ends, for a person, with the line to type', async () => {
    const end = await livesys(['plan', ...CONFIG], {
      cwd: project,
      prefix: [...machine(), ...account.become],
    });
    expect(end).toMatchObject({ status: 4, stdout: '' });
    expect(end.stderr).toContain('LIVESYS_NEEDS_ROOT');
    expect(end.stderr).toContain('sudo livesys plan -c machine.config.ts');
  });

  it('lists with sudo what is in, what is out, why, and how large it is', () => {
    const lines = planned.stdout.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());

    expect(planned).toMatchObject({ status: 0 });
    expect(lines).toContainEqual(
      expect.stringMatching(/^in: \/ \S+ [\d.]+ [MG]iB of [\d.]+ [MGT]iB used$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^\/usr\/lib\/modules \S+ \d+ B of /));
    expect(lines).toContainEqual(expect.stringMatching(/\d+ (more )?of the kernel and in memory/));
    expect(lines).toContainEqual(expect.stringMatching(/^compressed, about: fast .*, small .*iB$/));
  });
});

describe('the base of this machine', () => {
  it('is built without a network when the tools are installed', () => {
    expect(built).toMatchObject({ status: 0 });
    expect(built.stderr).toMatch(/^base: done/m);
  });

  it('holds its programs, with content, owner and mode', () => {
    const at = join(workspace.folder, 'unpacked');
    run('unsquashfs', '-no-progress', '-dest', at, image, 'usr/bin', 'etc/os-release');
    const listed = (root: string): readonly string[] =>
      run('find', root, '-printf', String.raw`%P %y %m %U %G %T@ %l\n`)
        .split('\n')
        .toSorted();

    expect(listed(join(at, 'usr/bin')).map(withoutFraction)).toEqual(
      listed('/usr/bin').map(withoutFraction),
    );
    for (const path of ['usr/bin/bash', 'usr/bin/sudo']) run('cmp', `/${path}`, join(at, path));
    expect(run('readlink', join(at, 'etc/os-release'))).toBe(run('readlink', '/etc/os-release'));
  });

  it('holds neither what is left out, nor the cache, nor what tells this machine from others', () => {
    const paths = new Set(run('unsquashfs', '-no-progress', '-ls', image).split('\n'));
    const has = (path: string): boolean => paths.has(`squashfs-root${path}`);

    expect([`/boot/vmlinuz-${kernel.release}`, '/etc/passwd', '/var/lib/dpkg/status'].map(has)) //
      .toEqual([true, true, true]);
    expect(['/home', '/proc', '/root', '/tmp', '/usr/share'].map(has)) //
      .toEqual([true, true, true, true, true]);
    const left = ['/home/', '/proc/', '/root/', '/tmp/', '/usr/share/', '/var/cache/'];
    expect([...paths].filter((path) => left.some((one) => path.startsWith(`squashfs-root${one}`)))) //
      .toEqual([]);
    expect(['/etc/machine-id', '/etc/shadow-'].map(has)).toEqual([false, false]);
  });
});

it('this machine is as it was', () => {
  expect(stateOf(KEPT)).toBe(before);
  expect(leftovers({ cache: workspace.folder })).toEqual([]);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain('/tmp/source');
});

/** A squashfs has whole seconds. */
function withoutFraction(line: string): string {
  return line.replace(/ (\d+)\.\d+ /, ' $1 ');
}
