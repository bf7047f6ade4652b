import type { ResolvedConfig } from '../config/resolved.ts';
import type { Facts } from '../contract/facts.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import type { Parts } from './context.ts';

const PHASES = ['parse', 'assemble', 'publish', 'emergency'] as const;

/** Refuses parts that do not fit together, naming both sides. All misfits are reported at once. */
export function assertPartsFit(config: ResolvedConfig, parts: Parts, facts: Facts): void {
  const { bootloader, initramfs, distro } = parts;
  const misfits: string[] = [];
  if (!bootloader.supports.architecture.includes(facts.architecture)) {
    misfits.push(
      `${bootloader.name} boots ${bootloader.supports.architecture.join(', ')}; ${facts.osRelease.prettyName} is for ${facts.architecture}`,
    );
  }
  for (const phase of PHASES) {
    if (!initramfs.supports.phases.includes(phase))
      misfits.push(`${initramfs.name} has no place for the phase "${phase}" of the runtime`);
  }
  for (const output of config.outputs) {
    const starts = output.firmware.length > 0;
    if (starts && !output.firmware.some((one) => bootloader.supports.firmware.includes(one))) {
      misfits.push(
        `${output.name} starts from ${output.firmware.join(', ')}; ${bootloader.name} serves ${bootloader.supports.firmware.join(', ')}`,
      );
    }
  }
  const formats = config.outputs.map((output) => output.format);
  const twice = formats.find((format, index) => formats.indexOf(format) !== index);
  if (twice !== undefined)
    misfits.push(`two outputs have the format "${twice}"; one build makes one of each`);
  const ids = [facts.osRelease.id, ...facts.osRelease.idLike];
  if (!distro.ids.some((id) => ids.includes(id))) {
    misfits.push(
      `${distro.name} serves ${distro.ids.join(', ')}; the source is ${facts.osRelease.prettyName} (${ids.join(', ')})`,
    );
  }
  if (facts.distro.initSystem !== 'systemd')
    misfits.push(`${initramfs.name} starts systemd; the source has another init system`);
  if (misfits.length > 0)
    throw new LivesysError('LIVESYS_PARTS_DO_NOT_FIT', 'Parts of this build do not fit together.', {
      details: misfits,
    });
}
