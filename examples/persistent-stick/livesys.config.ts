import debian from '@livesys/distro-debian';
import { bootstrap, defineConfig, disk } from 'livesys';

// A stick for every day: what is changed in the office stays, a repair leaves no trace.
export default defineConfig({
  source: bootstrap(),
  distro: debian({ release: 'trixie' }),

  packages: ['less'],
  layers: {
    repair: { packages: ['gdisk', 'smartmontools'] },
    office: { on: 'repair', packages: ['mc', 'vim-tiny'] },
  },
  profiles: {
    office: { title: 'Office', layers: ['office'], persistence: 'on', default: true },
    rescue: {
      title: 'Rescue',
      layers: ['repair'],
      persistence: 'off',
      // Also when it is started as the profile that was chosen last.
      kernelArguments: ['systemd.unit=multi-user.target'],
    },
  },

  title: 'My stick',
  // Room for changes: what this says in a virtual machine, the whole stick after `livesys write`.
  outputs: [disk({ file: './dist/stick.img', data: '2G' })],
});
