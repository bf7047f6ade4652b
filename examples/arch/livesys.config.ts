import arch from '@livesys/distro-arch';
import { bootstrap, defineConfig, iso } from 'livesys';

// An Arch with the kernel of long support and what repairs disks. Packages must be signed.
export default defineConfig({
  source: bootstrap(),
  distro: arch({ kernel: 'linux-lts', variant: 'standard' }),
  layers: { repair: { packages: ['gptfdisk', 'testdisk'] } },
  outputs: [iso({ file: './dist/arch.iso' })],
});
