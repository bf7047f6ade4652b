import { expect, it } from 'vitest';
import { PLAN_FORMAT, type Plan } from './model.ts';
import { parsePlan } from './parse.ts';
import { renderText } from './render-text.ts';

const PLAN: Plan = {
  ...{ format: PLAN_FORMAT, wave: 'image', complete: true, architecture: 'x86_64' },
  ...{ source: 'directory', sourceDateEpoch: 0, repositories: '', observations: [] },
  ...{ trees: {}, tasks: [], blobs: {} },
  passedOver: [
    { release: '6.1', lacks: '/usr/lib/modules/6.1/vmlinuz' },
    { release: '6.2', lacks: '/usr/lib/modules/6.2/modules.dep' },
  ],
};

it('tells which kernels of the source are not whole, also of a plan that was stored', () => {
  const shown = renderText(parsePlan(JSON.parse(JSON.stringify(PLAN))), {
    ...{ tasks: [], cache: '/cache', spaceNeeded: 0, spaceFree: 0, excludes: false },
    mounts: new Map(),
    formatBytes: String,
    describeProfile: ({ name }) => name,
  });
  expect(shown).toContain(
    `passed over kernel 6.1: there is no /usr/lib/modules/6.1/vmlinuz
            kernel 6.2: there is no /usr/lib/modules/6.2/modules.dep
`,
  );
});
