import { defineConfig } from 'livesys';

import { MADE } from './personal.config.ts';
import reset, { ACCOUNTS } from './reset.config.ts';

const commands = [ACCOUNTS, MADE].map((script) => ['sh', '-ec', script]);

export default defineConfig({ ...reset, layers: { site: { files: './own', commands } } });
