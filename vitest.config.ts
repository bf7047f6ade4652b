import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

// Tests run from the sources: no build is needed and none can be stale.
const conditions = ['@livesys/source', 'module', 'node', 'development|production'];
const minutes = (n: number) => n * 60_000;

const project = (name: string, include: string[], more: object = {}) => ({
  extends: true as const,
  test: { name, include, ...more },
});
const alone = (timeout: number) => ({
  fileParallelism: false,
  testTimeout: timeout,
  hookTimeout: timeout,
});

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    reporters: ['default', './test/support/no-skipped-reporter.ts'],
    // What starts processes takes seconds, and many more on a busy machine.
    testTimeout: minutes(1),
    coverage: { include: ['packages/*/src/**/*.ts'], exclude: ['**/*.test.ts'] },
    projects: [
      project(
        'unit',
        ['packages/*/src/**/*.test.ts', 'test/{unit,plans}/**/*.test.ts', 'examples/*/*.test.ts'],
        { exclude: ['packages/*/src/contract.test.ts', '**/node_modules/**'] },
      ),
      project('contract', ['packages/*/src/contract.test.ts', 'test/contract/**/*.test.ts']),
      project('namespace', ['test/namespace/**/*.test.ts'], {
        ...alone(minutes(10)),
        setupFiles: ['test/namespace/support/tell-of-failures.ts'],
      }),
      // An emulated machine keeps one processor busy, and most machines have two.
      project('boot', ['test/boot/**/*.test.ts'], {
        ...alone(minutes(30)),
        fileParallelism: true,
        maxWorkers: Math.min(2, availableParallelism()),
      }),
      project('long', ['test/long/**/*.test.ts'], alone(minutes(120))),
    ],
  },
});
