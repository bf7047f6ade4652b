import { describe, expect, it } from 'vitest';
import { isLivesysError } from '../errors/livesys-error.ts';
import { PLAN_FORMAT, type Operation, type Plan, type PlanTask, type PlanText } from './model.ts';
import { assertSafe } from './safety.ts';

const content: PlanText = ['/tmp/', { ref: { kind: 'content', task: 'task:none', output: 'x' } }];
const secretText: PlanText = [{ ref: { kind: 'secret', name: 'env:X' } }];

const task = (change: Partial<PlanTask> = {}): PlanTask => ({
  id: 'layer:one',
  title: 'one',
  step: 'prepareImage',
  plugin: 'test',
  place: { kind: 'layer', on: 'source:base' },
  inputs: [],
  result: { kind: 'layer' },
  network: false,
  heavy: false,
  downloads: [],
  operations: [],
  ...change,
});

const planOf = (...tasks: readonly PlanTask[]): Plan => ({
  format: PLAN_FORMAT,
  wave: 'image',
  complete: true,
  architecture: 'x86_64',
  source: 'test',
  sourceDateEpoch: 0,
  repositories: '',
  trees: {
    'source:base': { layers: [{ kind: 'directory', path: '/srv/root' }] },
    'tree:later': { layers: [{ kind: 'task', task: 'tree:later' }] },
  },
  tasks,
  blobs: {},
  observations: [],
});

function breachesOf(...tasks: readonly PlanTask[]): readonly string[] {
  try {
    assertSafe(planOf(...tasks), { cache: '/var/cache/livesys' });
    return [];
  } catch (error) {
    if (!isLivesysError(error) || error.code !== 'LIVESYS_PLAN_UNSAFE') throw error;
    return error.details;
  }
}

const doing = (
  operation: Operation,
  place: PlanTask['place'] = { kind: 'layer', on: 'source:base' },
) => task({ place, operations: [operation] });
const write = (path: PlanText): Operation => ({ kind: 'write', path, content: '', mode: 0o644 });
const BUILDER = { kind: 'builder', mounts: {} } as const;
const output = (path: string) =>
  task({ id: 'output:iso', place: BUILDER, result: { kind: 'output', path, firmware: [] } });

describe('each rule refuses the plan that breaks it', () => {
  it.each<[string, PlanTask, RegExp]>([
    ['an id of another form', task({ id: '../one' }), /its id is not of the form/],
    [
      'a tree that is not there',
      task({ place: { kind: 'chroot', tree: 'tree:none' } }),
      /tree:none is not made by an earlier task/,
    ],
    [
      'a tree that a later task makes',
      task({ place: { kind: 'chroot', tree: 'tree:later' } }),
      /tree:later is not made/,
    ],
    [
      'a mount of a tree that is not there',
      task({ place: { kind: 'builder', mounts: { '/mnt': 'tree:none' } } }),
      /tree:none/,
    ],
    [
      'an input of a later task',
      task({
        inputs: [{ at: '/tmp/livesys/in/0', kind: 'artifact', task: 'task:none', output: 'x' }],
      }),
      /task:none is not an earlier task/,
    ],
    ['a reference to a later task', doing(write(content)), /task:none is not an earlier task/],
    [
      'a blob that is missing',
      task({
        inputs: [{ at: '/tmp/livesys/in/0', kind: 'blob', sha256: 'f'.repeat(64), mode: 0 }],
      }),
      /blob ffffffffffff is missing/,
    ],
    [
      'an input at another place',
      task({ inputs: [{ at: '/etc', kind: 'tree', tree: 'source:base' }] }),
      /an input lies outside/,
    ],
    [
      'an input that climbs out',
      task({ inputs: [{ at: '/tmp/livesys/in/../../etc', kind: 'tree', tree: 'source:base' }] }),
      /an input lies outside/,
    ],
    ['a relative path', doing(write('etc/passwd')), /not absolute and plain/],
    ['a path that climbs', doing(write('/etc/../../x')), /not absolute and plain/],
    ['a path with a newline', doing(write('/etc/a\nb')), /not absolute and plain/],
    ['a write into /proc', doing(write('/proc/sys/kernel/core_pattern')), /write into \/proc/],
    [
      'a copy into /sys',
      doing({ kind: 'copy', from: '/etc', to: '/sys/x', owner: 'keep' }),
      /copy into \/sys/,
    ],
    ['a removal of /dev', doing({ kind: 'remove', path: '/dev' }), /remove into \/dev/],
    ['a removal of everything', doing({ kind: 'remove', path: '/' }), /remove everything/],
    [
      'a write to the builder',
      doing(write('/etc/passwd'), BUILDER),
      /outside of the task's own folders/,
    ],
    [
      'a folder on the builder',
      doing({ kind: 'makeDirectory', path: '/home/x', mode: 0o755 }, BUILDER),
      /outside of/,
    ],
    [
      'a link on the builder',
      doing({ kind: 'link', path: '/etc/x', target: '/' }, BUILDER),
      /outside of/,
    ],
    [
      'a digest in a tools tree',
      doing(
        { kind: 'digest', of: '/x', to: '/x', length: 64 },
        { kind: 'tools', tree: 'source:base', mounts: {} },
      ),
      /outside of/,
    ],
    [
      'a folder that only begins like a temporary one',
      doing(write('/tmpx'), BUILDER),
      /outside of/,
    ],
    [
      'a secret as an argument',
      doing({ kind: 'exec', argv: ['login', secretText] }),
      /secret is given as an argument/,
    ],
    [
      'a secret as an argument in a pipe',
      doing({ kind: 'pipe', commands: [['cat'], ['login', secretText]] }),
      /secret is given/,
    ],
    [
      'a download cache of a bad name',
      task({ downloads: [{ name: '../results', at: '/var/cache/apt' }] }),
      /bad name/,
    ],
    [
      'a download cache at a bad place',
      task({ downloads: [{ name: 'apt', at: '../etc' }] }),
      /bad path/,
    ],
    ['an output in the system', output('/usr/x.iso'), /folder of the system/],
    ['an output that is a device', output('/dev/sda'), /folder of the system/],
    ['an output in the cache', output('/var/cache/livesys/x.iso'), /in the cache/],
    ['an output in the source', output('/srv/root/x.iso'), /in the source/],
    ['a relative output', output('x.iso'), /not an absolute path/],
  ])('%s', (_, broken, breach) => {
    expect(breachesOf(broken).join('\n')).toMatch(breach);
  });
});

it('two tasks of one id are refused', () => {
  expect(breachesOf(task(), task()).join('\n')).toMatch(/two tasks of this id/);
});

it('every breach is told at once, with its task', () => {
  const breaches = breachesOf(doing(write('x')), { ...output('y'), id: 'output:two' });
  expect(breaches).toHaveLength(2);
  expect(breaches[0]).toMatch(/^layer:one {2}/);
  expect(breaches[1]).toMatch(/^output:two {2}/);
});

it('a plan that breaks none passes', () => {
  const stdin: PlanText = [
    'live:',
    ...(secretText as readonly {
      readonly ref: { readonly kind: 'secret'; readonly name: string };
    }[]),
  ];
  expect(
    breachesOf(
      task({
        operations: [
          write('/etc/fstab'),
          { kind: 'remove', path: '/var/log/x' },
          { kind: 'exec', argv: ['chpasswd'], stdin },
        ],
      }),
      task({ id: 'task:two', place: BUILDER, operations: [write('/tmp/livesys/out/x')] }),
      output('/home/me/dist/x.iso'),
    ),
  ).toEqual([]);
});
