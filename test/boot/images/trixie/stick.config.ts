import { defineConfig, disk } from 'livesys';

import base from './livesys.config.ts';

// The same image as a disk with a partition for changes, and a profile that keeps them.
export default defineConfig({
  ...base,
  profiles: {
    office: { layers: ['probe'], persistence: 'on', default: true },
    rescue: { layers: ['probe'], persistence: 'off' },
  },
  outputs: [disk({ file: 'dist/stick.img', data: '256M' })],
});
