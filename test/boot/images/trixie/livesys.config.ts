import debian from '@livesys/distro-debian';
import { bootstrap, defineConfig, iso } from 'livesys';

// What examples/minimal has, and the probe.
export default defineConfig({
  source: bootstrap(),
  distro: debian({ release: 'trixie' }),
  layers: { probe: { files: '../../support/probe' } },
  outputs: [iso({ file: 'dist/trixie.iso' })],
});
