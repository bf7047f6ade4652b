import debian from '@livesys/distro-debian';
import { bootstrap, defineConfig, iso } from 'livesys';

// A minimal Debian that comes up on a temporary layer: what it writes is gone at power-off.
export default defineConfig({
  source: bootstrap(),
  distro: debian({ release: 'trixie' }),
  outputs: [iso({ file: './dist/minimal.iso' })],
});
