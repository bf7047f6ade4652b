import debian from '@livesys/distro-debian';
import { bootstrap, defineConfig, iso } from 'livesys';
import { wifi } from './wifi.ts';

export default defineConfig({
  source: bootstrap(),
  distro: debian({ release: 'bookworm', components: ['main', 'non-free-firmware'] }),
  packages: ['firmware-iwlwifi'],
  outputs: [iso()],
  plugins: [wifi({ country: 'DE' })],
});
