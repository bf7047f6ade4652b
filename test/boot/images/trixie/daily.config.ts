import { defineConfig, iso } from 'livesys';

import base from './livesys.config.ts';

// The same image with what people install on a live system that they use every day.
export default defineConfig({
  ...base,
  layers: { ...base.layers, daily: { packages: ['podman', 'kexec-tools'] } },
  profiles: { live: { layers: ['daily', 'probe'], default: true, persistence: 'on' } },
  outputs: [iso({ file: 'dist/daily.iso' })],
});
