import type { CoreOps } from '../../../packages/core/src/plan/ops-recorder.ts';
import type { Plan } from '../../../packages/core/src/plan/model.ts';
import { makePlan } from './plan.ts';

/** Names made by one task, so many that it can be killed in their middle. */
export const MANY = 1500;
const SOURCE_FILES = '/many';
/** Folder that a task shares with the test; it enters no key. */
export const HOLD = '/hold';

/** Says that it runs, then waits while the test holds it. */
const HELD = `touch ${HOLD}/running; while [ -e ${HOLD}/hold ]; do sleep 0.05; done; echo finished`;

/** Tasks that can be caught at work, one for each kind of operation. */
export type Victim = keyof typeof LAYERS | 'digest' | 'manifest' | 'output';

const LAYERS = {
  exec: (ops) => {
    ops.exec(['sh', '-c', `${HELD} >/exec`]);
  },
  pipe: (ops) => {
    ops.pipe([
      ['sh', '-c', HELD],
      ['sh', '-c', 'cat >/pipe'],
    ]);
  },
  write: (ops) => repeat((name) => ops.write(`/made/${name}`, `${name}\n`)),
  copy: (ops) => ops.copy(SOURCE_FILES, '/made'),
  link: (ops) => repeat((name) => ops.link(`../many/${name}`, `/made/${name}`)),
  remove: (ops) => repeat((name) => ops.remove(`${SOURCE_FILES}/${name}`)),
  makeDirectory: (ops) => repeat((name) => ops.makeDirectory(`/made/${name}`)),
} satisfies Record<string, (ops: CoreOps) => void>;

export const victims = [...Object.keys(LAYERS), 'digest', 'manifest', 'output'] as Victim[];

/** The files that {@link victimPlan} finds in its root, apart from a shell. */
export const sourceFiles = (): readonly string[] =>
  Array.from({ length: MANY }, (_, index) => `${SOURCE_FILES}/${index}`);

export const victimTask = (victim: Victim): string =>
  victim === 'output' ? 'output:victim' : `tree:${victim}`;

export const holdName = (victim: Victim): string => `hold-${victim}`;

/** Where a file made by operation number `count` of a layer lies below the work of its run. */
export function trace(victim: Victim, count: number): string {
  return `tree_${victim}/upper/${victim === 'remove' ? 'many' : 'made'}/${count}`;
}

export function victimPlan(root: string, output: string): Plan {
  return makePlan((plan, recorder) => {
    const base = plan.directory({ id: 'source:base', path: root });
    recorder.useTools(base);
    for (const [name, body] of Object.entries(LAYERS)) {
      const downloads = [{ name: holdName(name as Victim), at: HOLD }];
      plan.layer({ id: `tree:${name}`, on: base, downloads }, (ops) => body(ops as CoreOps));
    }
    const place = { on: 'tools', mounts: {} } as const;
    plan.task({ id: 'tree:digest', place, outputs: ['hash'] }, (ops) => {
      ops.exec(['truncate', '-s', BIG_SIZE, BIG]);
      ops.digest(BIG, ops.output('hash'));
    });
    plan.task({ id: 'tree:manifest', place, outputs: ['manifest', 'json', 'id'] }, (ops) => {
      ops.exec(['truncate', '-s', BIG_SIZE, BIG]);
      ops.manifest(
        {
          layers: [{ name: 'base', file: BIG, format: 'squashfs' }],
          kernels: [],
          profiles: [],
          about: {},
        },
        { manifest: ops.output('manifest'), json: ops.output('json'), id: ops.output('id') },
      );
    });
    plan.output({ id: 'output:victim', path: output, firmware: [] }, (ops) => {
      const image = ops.output('image') as string;
      ops.exec(['sh', '-c', `head -c 1000000 /dev/zero >${image}`]);
      ops.exec(['truncate', '-s', BIG_SIZE, BIG]);
      ops.digest(BIG, `${image}.hash`);
    });
  });
}

/** A sparse file that takes a moment to hash. */
export const BIG = '/tmp/big';
const BIG_SIZE = '256M';

function repeat(operation: (name: string) => void): void {
  for (let index = 0; index < MANY; index += 1) operation(String(index));
}
