import {
  type Artifact,
  type BootAssets,
  type Bootloader,
  type Facts,
  isArtifact,
} from '@livesys/core/plugin';
import { planWith } from '../plan-with.ts';
import { ingredients, makerOf } from '../reading-plans.ts';
import { sampleFacts } from '../samples/facts.ts';
import { sampleOutput } from '../samples/parts.ts';
import type { Recorded, Subject } from '../subject.ts';
import { registerRules, type SuiteOptions } from '../suite.ts';

export interface BootloaderSuiteOptions extends SuiteOptions {
  /** Systems to plan for. Default: a sample for each architecture that it supports. */
  readonly facts?: readonly Facts[];
}

/**
 * Tests a boot loader by what it declares in `supports`.
 *
 * @example
 * import { test } from 'vitest';
 * testBootloader(limine(), { test });
 */
export function testBootloader(bootloader: Bootloader, options: BootloaderSuiteOptions): void {
  const subject = (): Subject => ({
    plugin: bootloader,
    role: 'bootloader',
    needs: bootloader.needs ?? [],
    cases: factsOf(bootloader, options).map((facts) => ({
      name: `${facts.osRelease.id} ${facts.architecture}`,
      record: () => planWith({ bootloader, facts, outputs: [outputFor(bootloader)] }),
      misses: (recorded) => misses(bootloader, recorded),
    })),
  });
  registerRules(subject, bootloader.name, options);
}

function factsOf({ supports }: Bootloader, { facts }: BootloaderSuiteOptions): readonly Facts[] {
  return facts ?? supports.architecture.map((architecture) => sampleFacts(architecture));
}

function outputFor({ supports }: Bootloader): typeof sampleOutput {
  return { ...sampleOutput, firmware: supports.firmware };
}

function misses(
  { supports }: Bootloader,
  { plan, assets, entries = [] }: Recorded,
): readonly string[] {
  if (assets === undefined) return ['it gives no boot assets'];
  const made = ingredients(plan, Object.values(assets.esp ?? {}).filter(isArtifact));
  const kernels = entries.flatMap((entry) =>
    entry.kind === 'linux' ? [entry.kernel, ...entry.initrds] : [],
  );
  const onEsp = kernels.every(({ artifact }) => made.has(artifact));
  return [
    ...firmwareMisses(supports.firmware, assets),
    ...pathMisses(assets),
    ...artifactsOf(assets)
      .filter((artifact) => makerOf(plan, artifact) === undefined)
      .map(({ artifact }) => `no task makes ${artifact}`),
    ...(supports.kernelsOn === 'esp' && !onEsp
      ? ["supports.kernelsOn is 'esp', but a kernel or initramfs of an entry is not in it"]
      : []),
    ...(namesImage({ plan, assets })
      ? []
      : ['no boot file holds the id of the image, so nothing finds it']),
  ];
}

function firmwareMisses(firmware: readonly string[], assets: BootAssets): readonly string[] {
  const bios = assets.elTorito?.bios !== undefined || (assets.raw ?? []).length > 0;
  const uefi = Object.keys(assets.esp ?? {}).some((path) =>
    /^\/efi\/boot\/boot\w+\.efi$/i.test(path),
  );
  const given = assets.firmware;
  return [
    ...firmware
      .filter((one) => !given.some((two) => one === two))
      .map((one) => `it supports ${one}, but its assets do not start from it`),
    ...given
      .filter((one) => !firmware.includes(one))
      .map((one) => `its assets say ${one}, which supports.firmware does not`),
    ...(given.includes('bios') && !bios
      ? ['a BIOS finds nothing: no elTorito.bios and no raw bytes']
      : []),
    ...(given.includes('uefi') && !uefi
      ? ['a UEFI finds nothing: no /EFI/BOOT/BOOT<arch>.EFI on the esp']
      : []),
  ];
}

function pathMisses(assets: BootAssets): readonly string[] {
  return Object.keys({ ...assets.esp, ...assets.medium })
    .filter((path) => !path.startsWith('/') || path.endsWith('/') || path.split('/').includes('..'))
    .map((path) => `${path} is not the absolute path of a file`);
}

function artifactsOf({ esp, medium, elTorito, raw }: BootAssets): readonly Artifact[] {
  const files = Object.values({ ...esp, ...medium }).filter(isArtifact);
  const bios = elTorito?.bios === undefined ? [] : [elTorito.bios];
  return [...files, ...bios, ...(raw ?? []).map(({ bytes }) => bytes)];
}

/** Whether the image id reaches a boot file, as text on the medium or inside something built. */
function namesImage({ plan, assets }: { plan: Recorded['plan']; assets: BootAssets }): boolean {
  const makers = [...ingredients(plan, artifactsOf(assets))].flatMap(
    (artifact) => makerOf(plan, { artifact }) ?? [],
  );
  const output = plan.tasks.filter(({ result }) => result.kind === 'output');
  const inBuilt = makers.some(({ operations }) =>
    JSON.stringify(operations).includes('"output":"id"'),
  );
  const written = output
    .flatMap(({ operations }) => operations)
    .filter(({ kind }) => kind === 'write');
  // The content alone: the marker of the medium has the id in its path.
  return (
    inBuilt ||
    written.some(
      (one) => one.kind === 'write' && JSON.stringify(one.content).includes('"output":"id"'),
    )
  );
}
