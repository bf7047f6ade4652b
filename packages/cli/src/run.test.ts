import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LivesysError } from '@livesys/core/plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cacheFolder } from './cache/cache-folder.ts';
import type { BuildEvent, Engine, Planned, PlannedTask } from './engine/engine.ts';
import { run } from './run.ts';
import type { Context } from './terminal/context.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const task = (id: string, state: 'cached' | 'run' = 'run'): PlannedTask => ({
  id,
  title: id,
  step: 'source',
  plugin: 'core',
  state,
});

const planned = (wave: 'source' | 'image', tasks: readonly PlannedTask[]): Planned => ({
  plan: { format: 1, wave },
  wave,
  complete: wave === 'image',
  digest: 'd',
  ...(wave === 'image' ? { facts: { format: 1 } } : {}),
  tasks,
  spaceNeeded: 0,
  spaceFree: 0,
  cache: '/cache',
  here: { spaceFree: 1 },
  view: undefined,
});

const SOURCE = [task('source:base')];
const IMAGE = [task('tree:tools', 'cached'), task('layer:base'), task('output:iso')];

/** An engine that writes down what it is asked for, and does nothing. */
function fakeEngine(more: Partial<Engine> = {}) {
  const calls: string[] = [];
  let sourceExists = false;
  const engine: Engine = {
    loadConfig: async (request) => {
      calls.push(`config ${request.source ?? request.config ?? 'searched'}`);
      return {
        file: 'livesys.config.ts',
        source: 'debian',
        plugins: [],
        profiles: [],
        resolved: {},
      };
    },
    plan: async () => {
      calls.push('plan');
      return sourceExists ? planned('image', IMAGE) : planned('source', SOURCE);
    },
    apply: async (plan, { onEvent, until }) => {
      const { wave } = plan as { wave: string };
      calls.push(`apply ${wave}${until === undefined ? '' : ` until ${until}`}`);
      for (const { id, title, state } of wave === 'source' ? SOURCE : IMAGE) {
        const cached = state === 'cached';
        if (!cached) onEvent({ type: 'task-started', task: id, title });
        onEvent({ type: 'task-finished', task: id, title, cached, milliseconds: 5 });
      }
      sourceExists = true;
    },
    parsePlan: async (data) => data,
    describePlan: async () => planned('image', IMAGE),
    renderPlanText: () => 'the plan as text',
    renderPlanShell: () => '#!/bin/sh\n',
    configSchema: () => ({ title: 'livesys config' }),
    listCache: async () => [{ key: 'abcdef', task: 'layer:base', bytes: 1024, lastUsed: 0 }],
    pruneCache: async (_, { olderThan }) => ({ removed: olderThan === 0 ? 2 : 1, bytes: 10 }),
    ...more,
  };
  return { engine, calls };
}

/** One command line, with what it printed. */
async function livesys(
  argv: readonly string[],
  engine: Engine = fakeEngine().engine,
  more: Partial<Context> & { readonly interrupted?: number } = {},
) {
  let stdout = '';
  let stderr = '';
  const output = (write: (text: string) => void) => ({
    isTTY: false,
    columns: 80,
    rows: 24,
    write,
  });
  const { interrupted, ...rest } = more;
  const context: Context = {
    cwd: folder,
    env: { LANG: 'C.UTF-8', PATH: folder },
    user: { uid: process.getuid?.() ?? 0, home: folder },
    stdout: output((text) => {
      stdout += text;
    }),
    stderr: output((text) => {
      stderr += text;
    }),
    signal: new AbortController().signal,
    now: () => 0,
    loadEngine: async () => engine,
    ...rest,
  };
  const code = await run(argv, context, () => interrupted);
  return { code, stdout, stderr };
}

const eventsOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as BuildEvent).type);

describe('the command line', () => {
  it('prints its help as a result, in groups', async () => {
    const { code, stdout, stderr } = await livesys(['--help']);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Daily:[^]*init[^]*build[^]*boot[^]*Look:[^]*plan[^]*Then:[^]*cache/);
    expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it.each([['--version'], ['-V']])('prints its version for %s', async (flag) => {
    expect(await livesys([flag])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d/) });
  });

  it.each([
    [['bild'], /Unknown command "bild"; did you mean build\?/],
    [['build', '--fore'], /Unknown option "--fore"; did you mean --force\?/],
    [['boot'], /Missing required argument "file"/],
    [['boot', 'x', '--memory', 'much'], /Write 2G or 2048M/],
    [['boot', 'x', '--firmware', 'coreboot'], /Allowed choices are bios, uefi/],
    [['boot', 'x', '--write'], /A disc cannot be written to/],
    [['boot', 'none.iso'], /none\.iso cannot be opened \(ENOENT\)/],
    [['plan', '--json', '--shell'], /cannot be used with/],
    [['medium', 'x', 'burn'], /no action "burn": it has status, verify/],
    [['medium', 'x', 'verfy'], /did you mean verify\?/],
    [['cache', 'prune', '--older-than', 'long'], /Write 12h, 30d or 4w/],
    [[], /Usage: livesys/],
    [['cache'], /Usage: livesys cache[^]*prune/],
  ])('%j is wrong use: exit 2, and why', async (argv, why) => {
    const { code, stdout, stderr } = await livesys(argv);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(why);
    expect(stderr).not.toMatch(/error:/i);
  });

  it('ends with the exit code of the error, and its stack only with --debug', async () => {
    const { engine } = fakeEngine({
      loadConfig: () => Promise.reject(new LivesysError('LIVESYS_CONFIG_INVALID', '2 problems')),
    });

    const plain = await livesys(['build'], engine);
    expect(plain.code).toBe(3);
    expect(plain.stderr).toContain('2 problems\n');
    expect(plain.stderr).not.toContain('    at ');
    expect((await livesys(['build', '--debug'], engine)).stderr).toContain('    at ');
  });

  it.each([130, 143])('ends with %d when it was interrupted, whatever broke then', async (code) => {
    const { engine } = fakeEngine({ apply: () => Promise.reject(new Error('aborted')) });

    const result = await livesys(['build'], engine, { interrupted: code });

    expect(result.code).toBe(code);
    expect(result.stderr).toContain(`LIVESYS_INTERRUPTED (exit ${code})`);
  });
});

describe('build', () => {
  it('makes the source, then plans the image on it', async () => {
    const { engine, calls } = fakeEngine();
    const { code, stdout, stderr } = await livesys(['build'], engine);

    expect(code).toBe(0);
    expect(calls).toEqual(['config searched', 'plan', 'apply source', 'plan', 'apply image']);
    expect(stdout).toContain('3 tasks in 0.0 s, 1 cached');
    expect(stderr).toContain('layer:base: started');
  });

  it('prints events with --json, and one end', async () => {
    const { stdout } = await livesys(['build', '--json', '--until', 'layer:base']);

    expect(eventsOf(stdout).filter((type) => !type.startsWith('task'))).toEqual([
      'config',
      'planned',
      'planned',
      'finished',
    ]);
  });

  it('says with --json why it failed', async () => {
    const { engine } = fakeEngine({
      apply: () => Promise.reject(new LivesysError('LIVESYS_NO_SPACE', 'full', { task: 'a:b' })),
    });
    const { code, stdout, stderr } = await livesys(['build', '--json'], engine);

    expect(code).toBe(4);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      type: 'failed',
      code: 'LIVESYS_NO_SPACE',
      exitCode: 4,
      task: 'a:b',
    });
    expect(stderr).toContain('LIVESYS_NO_SPACE');
  });

  it('stops after the source when that is asked for', async () => {
    const { engine, calls } = fakeEngine();
    await livesys(['build', '--until', 'source:base'], engine);

    expect(calls.at(-1)).toBe('apply source until source:base');
  });

  it('knows no other tasks than planned ones', async () => {
    const { code, stderr } = await livesys(['build', '--until', 'layer:bse']);

    expect(code).toBe(2);
    expect(stderr).toContain('There is no task "layer:bse"; did you mean "layer:base"?');
  });

  it.each([[['build']], [['plan', '--prepare']]])(
    '%j renews the packages once, not again for the image',
    async (argv) => {
      const asked: (readonly string[])[] = [];
      const { engine } = fakeEngine();
      const plan: Engine['plan'] = async (config, request, options) => {
        asked.push(request.refresh);
        return engine.plan(config, request, options);
      };
      const { code } = await livesys([...argv, '--refresh', 'packages,tools'], { ...engine, plan });

      expect(code).toBe(0);
      expect(asked[0]).toEqual(['packages', 'tools']);
      expect(asked.at(-1)).toEqual(['tools']);
    },
  );

  it('hands on what it was asked for', async () => {
    let seen: unknown;
    const { engine } = fakeEngine({
      loadConfig: async (request) => {
        seen = request;
        return { file: undefined, source: '/', plugins: [], profiles: [], resolved: {} };
      },
    });
    await livesys(
      [
        'build',
        'debian:bookworm',
        '-c',
        'a.yaml',
        '--refresh',
        'tools,source',
        '--force',
        '-o',
        'out',
      ],
      engine,
    );

    expect(seen).toEqual({
      cwd: folder,
      source: 'debian:bookworm',
      config: join(folder, 'a.yaml'),
      output: join(folder, 'out'),
      refresh: ['tools', 'source'],
      force: true,
    });
  });
});

describe('plan', () => {
  it('shows wave source, says what comes later, and carries out nothing', async () => {
    const { engine, calls } = fakeEngine();
    const { code, stdout, stderr } = await livesys(['plan'], engine);

    expect({ code, stdout }).toEqual({ code: 0, stdout: 'the plan as text\n' });
    expect(stderr).toContain('livesys plan --prepare');
    expect(calls).toEqual(['config searched', 'plan']);
  });

  it('says so where there is no config and no source is named', async () => {
    const config = { file: undefined, source: '/', plugins: [], profiles: [], resolved: {} };
    const { engine } = fakeEngine({ loadConfig: async () => config });

    expect((await livesys(['plan'], engine)).stderr).toMatch(
      /no config here, so this is about the running system.*livesys init\n/,
    );
    expect((await livesys(['plan', '/'], engine)).stderr).not.toContain('no config');
  });

  it('makes the source with --prepare and plans on it', async () => {
    const { engine, calls } = fakeEngine();
    const { stdout } = await livesys(['plan', '--prepare', '--json'], engine);

    expect(JSON.parse(stdout)).toEqual({ format: 1, wave: 'image', here: { spaceFree: 1 } });
    expect(calls).toContain('apply source');
    expect(calls).not.toContain('apply image');
  });

  it('saves a plan that apply accepts, and the facts', async () => {
    const { engine, calls } = fakeEngine();
    const umask = process.umask(0);
    try {
      await livesys(['plan', '--prepare', '-o', 'out', '--write-facts', 'facts.json'], engine);
    } finally {
      process.umask(umask);
    }

    expect(readFileSync(join(folder, 'facts.json'), 'utf8')).toContain('"format": 1');
    expect(readFileSync(join(folder, 'out/plan.sh'), 'utf8')).toBe('#!/bin/sh\n');
    expect(readFileSync(join(folder, 'out/plan.json'), 'utf8')).not.toContain('here');
    expect(statSync(join(folder, 'out/plan.json')).mode & 0o777).toBe(0o644);
    expect((await livesys(['apply', 'out/plan.json'], engine)).code).toBe(0);
    expect(calls.at(-1)).toBe('apply image');
  });

  it.each([
    ['-o', 'broken.json'],
    ['-o', 'broken.json/below'],
    ['--write-facts', 'none/facts.json'],
    ['--write-facts', '.'],
  ])('says where it cannot write: %s %s', async (option, place) => {
    writeFileSync(join(folder, 'broken.json'), '{');
    const { engine } = fakeEngine();

    expect(await livesys(['plan', '--prepare', option, place], engine)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(new RegExp(`${place}.*cannot be written.*LIVESYS_OUTPUT`, 's')),
    });
  });

  it('has no facts to save before the source exists', async () => {
    expect(await livesys(['plan', '--write-facts', 'f.json'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--prepare'),
    });
  });

  it('refuses facts that are none', async () => {
    writeFileSync(join(folder, 'broken.json'), '{');

    expect((await livesys(['plan', '--facts', 'broken.json'])).code).toBe(3);
  });
});

describe('apply', () => {
  const file = (name: string, mode: number, content = '{"wave":"image"}') => {
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), mode);
    return name;
  };

  it.each([0o666, 0o664, 0o602])('refuses a plan of mode %o', async (mode) => {
    const { engine, calls } = fakeEngine();
    const { code, stderr } = await livesys(['apply', file('open.json', mode)], engine);

    expect(code).toBe(6);
    expect(stderr).toContain('chmod go-w');
    expect(calls).toEqual([]);
  });

  it('refuses a plan of another user', async () => {
    const { code, stderr } = await livesys(['apply', file('own.json', 0o644)], undefined, {
      user: { uid: 4242, home: '/' },
    });

    // Root's files are trusted, so this can only be shown to somebody else.
    const asRoot = process.getuid?.() === 0;
    expect(code).toBe(asRoot ? 0 : 6);
    expect(stderr.includes('belongs to another user')).toBe(!asRoot);
  });

  it('refuses a named pipe at once', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);

    expect((await livesys(['apply', 'pipe'])).code).toBe(6);
  });

  it('refuses what is not a plan', async () => {
    expect((await livesys(['apply', file('bad.json', 0o600, 'x')])).code).toBe(6);
    expect((await livesys(['apply', 'none.json'])).code).toBe(2);
    expect((await livesys(['apply', '.'])).code).toBe(6);
  });
});

describe('the other commands', () => {
  it('init writes a config once', async () => {
    expect(await livesys(['init'])).toMatchObject({ code: 0, stdout: 'livesys.config.ts\n' });
    expect(readFileSync(join(folder, 'livesys.config.ts'), 'utf8')).toContain('defineConfig');
    expect(await livesys(['init'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--force'),
    });
    expect((await livesys(['init', '--force'])).code).toBe(0);
  });

  it('init --schema prints the schema', async () => {
    expect(JSON.parse((await livesys(['init', '--schema'])).stdout)).toHaveProperty('title');
  });

  it('cache lists and prunes', async () => {
    expect((await livesys(['cache', 'ls'])).stdout).toContain('layer:base    1.0 KiB  used 1970');
    expect((await livesys(['cache', 'prune'])).stdout).toBe('removed 1 result, 10 B\n');
    expect((await livesys(['cache', 'prune', '--all'])).stdout).toContain('removed 2 results');
  });

  it('boot names the package when QEMU is missing', async () => {
    writeFileSync(join(folder, 'a.iso'), '');
    const { code, stderr } = await livesys(['boot', 'a.iso']);

    expect(code).toBe(4);
    expect(stderr).toContain('qemu-system-x86');
  });
});

describe('the cache', () => {
  it.each([
    [{ LIVESYS_CACHE: '/big' }, 1000, '/big'],
    [{ LIVESYS_CACHE: 'near' }, 1000, '/project/near'],
    [{ LIVESYS_CACHE: '' }, 1000, '/home/u/.cache/livesys'],
    [{}, 0, '/var/cache/livesys'],
    [{}, 1000, '/home/u/.cache/livesys'],
    [{ XDG_CACHE_HOME: '/x' }, 1000, '/x/livesys'],
    [{ XDG_CACHE_HOME: 'x' }, 1000, '/home/u/.cache/livesys'],
  ])('lies with %j for user %d at %s', (env, uid, expected) => {
    const user = { uid, home: '/home/u' };
    expect(cacheFolder({ env, user, cwd: '/project' })).toBe(expected);
  });
});
