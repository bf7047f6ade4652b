import { afterAll, beforeAll, expect } from 'vitest';

/**
 * Prints what the tests of a file took and fails when that is more than they may take, in minutes
 * on two cores without KVM. Images are built before the clock starts: `setUp`.
 */
export function holdBudget(name: string, minutes: number, setUp: () => Promise<void>): void {
  let start = Date.now();
  let prepared = 0;
  beforeAll(async () => {
    await setUp();
    prepared = Date.now() - start;
    start = Date.now();
  });
  afterAll(() => {
    const took = (Date.now() - start) / 60_000;
    process.stderr.write(
      `boot/${name}: images ${(prepared / 60_000).toFixed(1)} m, boots ${took.toFixed(1)} m of ${minutes} m\n`,
    );
    expect(took, `minutes of boot/${name}`).toBeLessThanOrEqual(minutes);
  });
}
