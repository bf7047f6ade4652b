import debian from '@livesys/distro-debian';
import { bootstrap, defineConfig, disk, iso } from 'livesys';

// Two profiles that keep their changes and one that does not, as a disk and as an ISO.
export default defineConfig({
  source: bootstrap(),
  distro: debian({ release: 'trixie' }),
  compression: 'fast',
  layers: {
    extras: { packages: ['attr', 'libcap2-bin'] },
    play: { files: './play' },
    probe: { files: '../../support/probe' },
  },
  profiles: {
    work: { layers: ['extras', 'probe'], persistence: 'on', default: true, title: 'Work' },
    play: { layers: ['extras', 'play', 'probe'], persistence: 'on', title: 'Play' },
    bare: { layers: ['probe'], title: 'Bare' },
  },
  outputs: [disk({ file: 'dist/stick.img', data: '256M' }), iso({ file: 'dist/stick.iso' })],
});
