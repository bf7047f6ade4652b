import test from 'node:test';
import { testPlugin } from '@livesys/plugin-testkit';
import wifi from './index.ts';

testPlugin(wifi({ country: 'DE' }), { test });
