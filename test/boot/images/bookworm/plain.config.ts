import dracut from '@livesys/initramfs-dracut';
import { defineConfig, iso } from 'livesys';

import base from './livesys.config.ts';

// The same image with a boot image in which dracut's own script runs instead of systemd, and with
// layers in the other format.
export default defineConfig({
  ...base,
  initramfs: dracut({ flow: 'plain' }),
  format: 'erofs',
  outputs: [iso({ file: 'dist/plain.iso' })],
});
