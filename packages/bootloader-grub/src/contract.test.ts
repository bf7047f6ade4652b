import { sampleFacts, testBootloader } from '@livesys/plugin-testkit';
import { describe, test } from 'vitest';
import grub from './index.ts';

describe('on a distribution that signs its GRUB', () => {
  testBootloader(grub(), { test });
});

describe('with options, on one that does not', () => {
  const sample = sampleFacts();
  const facts = { ...sample, osRelease: { ...sample.osRelease, id: 'other' } };
  testBootloader(grub({ timeout: 'never', beep: false }), { test, facts: [facts] });
});
