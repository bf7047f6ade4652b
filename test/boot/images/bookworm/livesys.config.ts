import debian from '@livesys/distro-debian';
import { bootstrap, defineConfig, iso } from 'livesys';

const TOOLS = '/usr/local/lib/livesys-test';

// Two branches of what a profile can show, with a test tree that the upper layer changes in every way.
export default defineConfig({
  source: bootstrap(),
  distro: debian({ release: 'bookworm' }),
  compression: 'fast',
  layers: {
    repair: { packages: ['gdisk'], files: './repair', commands: [[`${TOOLS}/make-tree`]] },
    desktop: { on: 'repair', commands: [[`${TOOLS}/change-tree`]] },
    site: { files: './site' },
    probe: { files: '../../support/probe' },
  },
  profiles: {
    live: { layers: ['desktop', 'site', 'probe'], default: true },
    // An argument of its own makes GRUB look for what was chosen last, on every kind of medium.
    rescue: { layers: ['repair', 'probe'], kernelArguments: ['test.profile=rescue'] },
  },
  outputs: [iso({ file: 'dist/bookworm.iso' })],
});
