import test from 'node:test';
import { testInitramfs } from '@livesys/plugin-testkit';
import initramfsTools from './index.ts';

testInitramfs(initramfsTools(), { test });
