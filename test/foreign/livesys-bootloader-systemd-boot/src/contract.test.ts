import test from 'node:test';
import { testBootloader } from '@livesys/plugin-testkit';
import systemdBoot from './index.ts';

testBootloader(systemdBoot({ timeout: 3 }), { test });
