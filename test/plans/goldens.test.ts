import { readdirSync } from 'node:fs';

import { expect, test } from 'vitest';

import { DERIVATIVES, EXAMPLES, exampleFolders } from './support/examples.ts';
import { loadExample, planImageOf, planSourceOf } from './support/plan.ts';
import { stablePlan } from './support/stable-plan.ts';

const GOLDEN = new URL('./__golden__/', import.meta.url);

// In CI a missing golden fails, too. `npm run goldens` writes them.
test.each(EXAMPLES)('the image of $name', async ({ name, file, release }) => {
  const plan = await planImageOf(await loadExample(file), release);
  await expect(stablePlan(plan)).toMatchFileSnapshot(`./__golden__/${name}.image.json`);
});

test.each(EXAMPLES.filter(({ makesSource }) => makesSource))(
  'the source of $name',
  async ({ name, file }) => {
    const plan = await planSourceOf(await loadExample(file));
    await expect(stablePlan(plan)).toMatchFileSnapshot(`./__golden__/${name}.source.json`);
  },
);

test.each(DERIVATIVES)('the image of a folder that holds %s', async (release) => {
  const file = 'examples/directory-source/livesys.config.ts';
  const plan = await planImageOf(await loadExample(file), release);
  await expect(stablePlan(plan)).toMatchFileSnapshot(
    `./__golden__/directory-source.${release}.image.json`,
  );
});

test('every example is planned, and every golden belongs to one', () => {
  expect(EXAMPLES.map(({ name }) => name).toSorted()).toEqual(exampleFolders());
  const waves = EXAMPLES.flatMap(({ name, makesSource }) => [
    ...(makesSource ? [`${name}.source.json`] : []),
    `${name}.image.json`,
  ]);
  waves.push(...DERIVATIVES.map((release) => `directory-source.${release}.image.json`));
  expect(readdirSync(GOLDEN).toSorted()).toEqual(waves.toSorted());
});
