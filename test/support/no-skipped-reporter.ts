import type { Reporter, TestModule } from 'vitest/node';

/** In CI a test that did not run is a failure: a skip there hides what nobody has proven. */
export default class NoSkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (!process.env['CI']) return;
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map(
        (test) => `${module.moduleId}: ${test.fullName}`,
      ),
    );
    if (skipped.length === 0) return;
    process.stderr.write(`\nskipped, which CI counts as failed:\n  ${skipped.join('\n  ')}\n`);
    process.exitCode = 1;
  }
}
