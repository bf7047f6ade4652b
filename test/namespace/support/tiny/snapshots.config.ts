import { defineConfig, host } from 'livesys';

import { changed } from './host.config.ts';

export default defineConfig({ ...changed, source: host({ snapshots: true }) });
