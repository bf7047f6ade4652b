import { readFileSync } from 'node:fs';
import type { Facts } from '@livesys/core/plugin';
import { type PlanParts, planWith } from '@livesys/plugin-testkit';
import { runtime } from '@livesys/runtime';
import systemdBoot from './livesys-bootloader-systemd-boot/src/index.ts';
import fedora from './livesys-distro-fedora/src/index.ts';
import initramfsTools from './livesys-initramfs-tools/src/index.ts';
import tar from './livesys-output-tar/src/index.ts';
import wifi from './livesys-wifi/src/index.ts';

// Plans with each plugin, from facts alone, and prints the plans as JSON by the name of the plugin.

const facts = (name: string): Facts =>
  JSON.parse(readFileSync(new URL(`facts/${name}.json`, import.meta.url), 'utf8')) as Facts;
const debian = facts('debian-trixie');

const cases: Readonly<Record<string, PlanParts>> = {
  'systemd-boot': { facts: debian, bootloader: systemdBoot() },
  'initramfs-tools': { facts: debian, initramfs: initramfsTools() },
  fedora: { facts: facts('fedora-41'), distro: fedora() },
  tar: { facts: debian, outputs: [tar({ file: 'live.tar' })] },
  wifi: { facts: debian, plugins: [wifi({ country: 'DE' })] },
  together: {
    facts: debian,
    bootloader: systemdBoot(),
    initramfs: initramfsTools(),
    outputs: [tar()],
    plugins: [wifi({ country: 'DE' })],
  },
};

const plans = Object.entries(cases).map(([name, parts]) => {
  const { plan, assets } = planWith({ ...parts, runtime: runtime() });
  return [name, { plan, esp: Object.keys(assets.esp ?? {}) }];
});
process.stdout.write(JSON.stringify(Object.fromEntries(plans)));
