import grub from '@livesys/bootloader-grub';
import debian from '@livesys/distro-debian';
import { bootstrap, defineConfig, iso } from 'livesys';

// One medium, two systems on it that share the base: a small one for repairs, and an office.
export default defineConfig({
  source: bootstrap(),
  distro: debian({ release: 'bookworm' }),
  bootloader: grub({ timeout: 10 }),

  packages: ['locales', 'less'],
  layers: {
    repair: { packages: ['gdisk', 'testdisk', 'smartmontools'] },
    desktop: {
      on: 'repair',
      packages: ['xfce4', 'lightdm'],
      commands: [['systemctl', 'set-default', 'graphical.target']],
    },
    site: { files: './overlay' },
  },
  profiles: {
    office: { title: 'Office', layers: ['desktop', 'site'], default: true },
    rescue: {
      title: 'Rescue',
      layers: ['repair'],
      kernelArguments: ['systemd.unit=multi-user.target'],
    },
  },

  title: 'Office and rescue',
  hostname: 'office',
  user: { name: 'guest', sudo: false },
  compression: 'small',
  outputs: [iso({ file: './dist/office.iso' })],
});
