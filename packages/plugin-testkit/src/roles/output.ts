import type { Bootloader, OutputFormat } from '@livesys/core/plugin';
import { planWith } from '../plan-with.ts';
import { ingredients, textsOf } from '../reading-plans.ts';
import { sampleBootloader } from '../samples/parts.ts';
import type { Recorded, Subject } from '../subject.ts';
import { registerRules, type SuiteOptions } from '../suite.ts';

type Firmware = OutputFormat['firmware'][number];

/** Tests an output with boot loaders for each firmware that it declares, and for all of them. */
export function testOutput(output: OutputFormat, options: SuiteOptions): void {
  const subject = (): Subject => ({
    plugin: output,
    role: 'output',
    needs: output.needs ?? [],
    cases: firmwares(output).map((firmware) => ({
      name: firmware.join(' and '),
      record: () => planWith({ outputs: [output], bootloader: loaderFor(firmware) }),
      misses: (recorded) => misses(output, recorded),
    })),
  });
  registerRules(subject, output.name, options);
}

function firmwares({ firmware }: OutputFormat): readonly (readonly Firmware[])[] {
  // What is never booted from takes whatever loader there is.
  if (firmware.length === 0) return [['bios', 'uefi']];
  return [...firmware.map((one) => [one]), ...(firmware.length > 1 ? [firmware] : [])];
}

function loaderFor(firmware: readonly Firmware[]): Bootloader {
  return {
    ...sampleBootloader,
    supports: { ...sampleBootloader.supports, firmware },
    assets: (context) => {
      const { esp, medium, elTorito, raw } = sampleBootloader.assets(context);
      return {
        firmware,
        ...(medium === undefined ? {} : { medium }),
        ...(firmware.includes('uefi') && esp !== undefined ? { esp } : {}),
        ...(firmware.includes('bios') && elTorito && raw ? { elTorito, raw } : {}),
      };
    },
  };
}

function misses({ format }: OutputFormat, { plan, entries = [] }: Recorded): readonly string[] {
  const task = plan.tasks.find(({ id }) => id === `output:${format}`);
  if (task?.result.kind !== 'output')
    return [`there is no task output:${format}; call context.output()`];
  const inputs = task.inputs.flatMap((input) =>
    input.kind === 'artifact' ? [{ artifact: `${input.task}/${input.output}` }] : [],
  );
  const all = ingredients(plan, inputs);
  const texts = textsOf(task).join('\n');
  const wanted = entries.flatMap((entry) =>
    entry.kind === 'linux' ? [entry.kernel, ...entry.initrds] : [],
  );
  const layers = plan.tasks
    .filter(({ id }) => id.startsWith('layer:'))
    .map(({ id }) => ({ artifact: `${id}/squashfs` }));
  const missing = [...wanted, ...layers].filter(({ artifact }) => !all.has(artifact));
  return [
    ...(texts.includes('/tmp/livesys/out/image') ? [] : ["nothing writes ops.output('image')"]),
    ...(texts.includes('/livesys/manifest') ? [] : ['/livesys/manifest is not on it']),
    ...new Set(missing.map(({ artifact }) => `${artifact} is not on it`)),
  ];
}
