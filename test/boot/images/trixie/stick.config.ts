import dracut from '@livesys/initramfs-dracut';
import { defineConfig, disk } from 'livesys';

import base from './livesys.config.ts';

// The same image as a disk with a partition for changes, which may be encrypted, and a profile that keeps them.
export default defineConfig({
  ...base,
  initramfs: dracut({ encryption: true }),
  profiles: {
    office: { layers: ['probe'], persistence: 'on', default: true },
    // An argument by which a test sees that GRUB knew which profile was chosen.
    rescue: { layers: ['probe'], persistence: 'off', kernelArguments: ['test.profile=rescue'] },
  },
  outputs: [disk({ file: 'dist/stick.img', data: '256M' })],
});
