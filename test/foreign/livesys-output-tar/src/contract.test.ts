import test from 'node:test';
import { testOutput } from '@livesys/plugin-testkit';
import tar from './index.ts';

testOutput(tar(), { test });
