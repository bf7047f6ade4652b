import { appendFileSync, existsSync } from 'node:fs';

import type { Bootloader, DistroAdapter, InitramfsBuilder } from '@livesys/core/plugin';
import { defineConfig, directory, iso } from 'livesys';

// The parts of a build whose source is a handful of programs: every step and every kind of task is
// there, and none of them needs the network. Tests copy it beside a source of that kind.

/** Writes down who it is that runs this, where the test has made a folder for it. */
function note(what: string): void {
  const folder = new URL('../seen/', import.meta.url);
  if (existsSync(folder)) appendFileSync(new URL(what, folder), `${process.getuid?.()}\n`);
}

note('config');

/** A folder of the cache through which a test and a running task can talk. */
const TALK = { name: 'talk', at: '/talk' };
const HELD = `if [ -e /talk/stubborn ]; then trap '' TERM; fi
touch /talk/running
while [ -e /talk/hold ]; do sleep 0.05; done
rm /talk/running`;
/** Prints percentages, and takes its time where a test asks for it. */
const COUNTED = `for percent in 0 30 60 90; do
  echo "$percent %"
  if [ -e /talk/slow ]; then sleep 0.4; fi
done
echo initrd >"$1"`;

const plugin = { version: '1.0.0', apiVersion: '^1.0.0' };

const distro: DistroAdapter = {
  ...plugin,
  role: 'distro',
  name: 'tiny-distro',
  ids: ['tiny'],
  detect() {
    note('plugin');
    return {
      release: '1',
      architecture: 'x86_64',
      kernels: [
        {
          release: '1.0',
          image: '/boot/vmlinuz',
          modules: '/lib/modules/1.0',
          moduleNames: [],
          builtinNames: ['erofs', 'loop', 'overlay', 'squashfs'],
        },
      ],
      initSystem: 'systemd',
      securityModules: [],
      packages: {},
      packagesChanged: 1_700_000_000,
    };
  },
  packagesFor: () => [],
  packagePaths: ['/bin'],
  installPackages: (ops) => ops.exec(['sh', '-c', HELD]),
  downloads: () => [TALK],
  excludes: () => [],
  volatile: () => [],
  generalize: (ops, { hostname }) => ops.write('/etc/hostname', `${hostname}\n`),
};

const initramfs: InitramfsBuilder = {
  ...plugin,
  role: 'initramfs',
  name: 'tiny-initramfs',
  supports: { phases: ['parse', 'assemble', 'publish', 'emergency'] },
  kernelArguments: [],
  build: ({ plan, id }) =>
    plan.task(
      {
        id,
        title: 'boot image',
        place: { on: 'tools', mounts: {} },
        outputs: ['initrd'],
        downloads: [TALK],
      },
      (ops) => ops.exec(['sh', '-c', COUNTED, 'sh', ops.output('initrd')], { progress: 'percent' }),
    ).initrd,
};

const bootloader: Bootloader = {
  ...plugin,
  role: 'bootloader',
  name: 'tiny-bootloader',
  supports: { firmware: ['bios', 'uefi'], architecture: ['x86_64'], kernelsOn: 'medium' },
  assets: ({ menu }) => ({ firmware: ['bios', 'uefi'], medium: { '/boot/menu': menu.title } }),
};

export default defineConfig({
  source: directory('../root'),
  ...{ distro, initramfs, bootloader },
  outputs: [iso()],
  compression: 'fast',
  hardware: 'virtual',
  layers: { site: { commands: [['sh', '-c', 'echo site >/etc/site']] } },
});
