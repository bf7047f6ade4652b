import type { Facts, InitramfsBuilder, InitramfsContents, Plugin } from '@livesys/core/plugin';
import { blob } from '@livesys/core/plugin';
import { planWith } from '../plan-with.ts';
import { makerOf, wordsOf } from '../reading-plans.ts';
import { sampleFacts } from '../samples/facts.ts';
import { sampleRuntime } from '../samples/runtime.ts';
import type { Recorded, Subject } from '../subject.ts';
import { registerRules, type SuiteOptions } from '../suite.ts';

export interface InitramfsSuiteOptions extends SuiteOptions {
  /** Systems to plan for. Default: the sample. */
  readonly facts?: readonly Facts[];
}

/** What a plugin would add through the hook `initramfsContents`. */
const ADDED: InitramfsContents = {
  kernelModules: ['sample_driver'],
  binaries: ['sample-binary'],
  files: [{ path: '/etc/sample.conf', blob: blob('added by a plugin\n') }],
};

/** Tests an initramfs builder: what the runtime and plugins bring must get into what it builds. */
export function testInitramfs(initramfs: InitramfsBuilder, options: InitramfsSuiteOptions): void {
  const subject = (): Subject => ({
    plugin: initramfs,
    role: 'initramfs',
    needs: initramfs.needs ?? [],
    cases: (options.facts ?? [sampleFacts()]).map((facts) => ({
      name: facts.osRelease.id,
      record: () => planWith({ initramfs, facts, plugins: [adding] }),
      misses: (recorded) => misses(initramfs, facts, recorded),
    })),
  });
  registerRules(subject, initramfs.name, options);
}

const adding: Plugin = {
  name: 'sample-contents',
  version: '1.0.0',
  apiVersion: '^1.0.0',
  apply: (hooks) => {
    hooks.initramfsContents.tap('sample-contents', () => ADDED);
  },
};

function misses(
  initramfs: InitramfsBuilder,
  facts: Facts,
  { plan, entries = [] }: Recorded,
): readonly string[] {
  const [kernel] = facts.distro.kernels;
  const linux = entries.find((entry) => entry.kind === 'linux');
  const initrd = linux?.kind === 'linux' ? linux.initrds[0] : undefined;
  const task = initrd === undefined ? undefined : makerOf(plan, initrd);
  if (kernel === undefined || linux?.kind !== 'linux' || task === undefined)
    return ['no task makes the initramfs that it returns'];
  const words = wordsOf(plan, task);
  const packed = new Set(
    task.inputs.flatMap((input) => (input.kind === 'blob' ? [input.sha256] : [])),
  );
  const { files, binaries, kernelModules } = sampleRuntime.initramfs;
  const names = [
    ...binaries.required,
    ...kernelModules.required,
    ...ADDED.binaries,
    ...ADDED.kernelModules,
  ];
  const absent = initramfs.kernelArguments.filter(
    (argument) => !linux.arguments.includes(argument),
  );
  return [
    ...(task.id === `initramfs:${kernel.release}`
      ? []
      : [`the task is ${task.id}, not the id that it was given`]),
    ...(words.includes(kernel.release)
      ? []
      : [`nothing in its task names the kernel ${kernel.release}`]),
    ...[...files, ...ADDED.files]
      .filter(({ blob: file }) => !packed.has(file.sha256))
      .map(({ path }) => `${path} is not packed`),
    ...names.filter((name) => !words.includes(name)).map((name) => `${name} is not packed`),
    ...absent.map((argument) => `the kernel argument ${argument} is not on an entry`),
  ];
}
