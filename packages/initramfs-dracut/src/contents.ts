import type { InitramfsContext } from '@livesys/core/plugin';
import { USUAL } from './drivers.ts';
import { ENCRYPTION } from './encryption.ts';
import type { ResolvedDracutOptions } from './options.ts';

const HOOKS = [
  ['cmdline', '30', 'parse-livesys.sh'],
  ['pre-mount', '50', 'premount-livesys.sh'],
  ['mount', '50', 'mount-livesys.sh'],
  ['pre-pivot', '50', 'prepivot-livesys.sh'],
  ['emergency', '50', 'emergency-livesys.sh'],
] as const;

/**
 * Rules of udev for devices that have no part in finding a medium, for programs of systemd, and for
 * names that nobody asks for there: each rule is judged for each device. Those that are not named
 * here are in force.
 */
const NEEDLESS_RULES = [
  ...['60-autosuspend', '60-cdrom_id', '60-drm', '60-evdev', '60-fido-id', '60-infiniband'],
  ...['60-input-id', '60-persistent-alsa', '60-persistent-input', '60-persistent-storage-tape'],
  ...['60-persistent-v4l', '60-sensor', '60-serial', '70-camera', '70-joystick', '70-memory'],
  ...['70-mouse', '70-touchpad', '70-uaccess', '71-seat', '73-seat-late', '75-net-description'],
  ...['75-probe_mtd', '78-sound-card', '80-net-setup-link', '81-net-dhcp', '99-systemd'],
];

/** What the dracut module installs, in the line format that module-setup.sh reads. */
export function listContents(
  { runtime, contents }: Pick<InitramfsContext, 'runtime' | 'contents'>,
  { encryption }: Pick<ResolvedDracutOptions, 'encryption'>,
): string {
  const { files, binaries, kernelModules } = runtime.initramfs;
  const lines = [
    ...[...files, ...contents.files].map(({ path, blob }) => `file ${octal(blob.mode)} ${path}`),
    ...[...binaries.required, ...contents.binaries].map((name) => `binary required ${name}`),
    ...binaries.optional.map((name) => `binary optional ${name}`),
    ...[...kernelModules.required, ...contents.kernelModules].map(
      (name) => `module required ${name}`,
    ),
    ...kernelModules.optional.map((name) => `module optional ${name}`),
    ...(encryption ? listEncryption() : []),
    ...HOOKS.map((hook) => `hook ${hook.join(' ')}`),
    'generator livesys-generator',
    ...USUAL.map((name) => `usual ${name}`),
    ...NEEDLESS_RULES.map((name) => `needless-rules ${name}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function listEncryption(): string[] {
  const { binaries, libraries, kernelModules } = ENCRYPTION;
  return [
    ...binaries.map((name) => `binary required ${name}`),
    ...libraries.map((name) => `library ${name}`),
    ...kernelModules.required.map((name) => `module required ${name}`),
    ...kernelModules.optional.map((name) => `module optional ${name}`),
  ];
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
