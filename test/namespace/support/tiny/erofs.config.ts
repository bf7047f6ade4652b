import { defineConfig } from 'livesys';

import { changed } from './host.config.ts';

export default defineConfig({ ...changed, format: 'erofs' });
