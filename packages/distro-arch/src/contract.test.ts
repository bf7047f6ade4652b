import { memoryProbe, testDistro } from '@livesys/plugin-testkit';
import { describe, test } from 'vitest';
import { ARCH, ARCH_BUILDER, ENDEAVOUROS, MANJARO } from '../../../test/support/arch-roots.ts';
import arch from './index.ts';

const roots = [ARCH, MANJARO, ENDEAVOUROS];

describe('on a builder that runs Arch', () => {
  testDistro(arch(), { test, roots, builder: memoryProbe(ARCH_BUILDER) });
});

describe('from a mirror without signatures', () => {
  const options = { mirror: 'https://near.example.org/arch', signatures: 'never' } as const;
  testDistro(arch(options), { test, roots });
});
