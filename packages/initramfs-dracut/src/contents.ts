import type { InitramfsContext } from '@livesys/core/plugin';
import { ENCRYPTION } from './encryption.ts';
import type { ResolvedDracutOptions } from './options.ts';

const HOOKS = [
  ['cmdline', '30', 'parse-livesys.sh'],
  ['pre-mount', '50', 'premount-livesys.sh'],
  ['mount', '50', 'mount-livesys.sh'],
  ['pre-pivot', '50', 'prepivot-livesys.sh'],
  ['emergency', '50', 'emergency-livesys.sh'],
] as const;

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
