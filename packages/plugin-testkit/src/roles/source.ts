import type { Probe, Source } from '@livesys/core/plugin';
import { recordSource } from '@livesys/core/testing';
import { sampleFacts } from '../samples/facts.ts';
import { memoryProbe } from '../samples/memory-probe.ts';
import { sampleDistro } from '../samples/parts.ts';
import type { Recorded, Subject } from '../subject.ts';
import { registerRules, type SuiteOptions } from '../suite.ts';

export interface SourceSuiteOptions extends SuiteOptions {
  /** The builder's root. Default: an empty one. */
  readonly builder?: Probe;
}

/** Tests a source, with a sample distribution if it says that it needs one. */
export function testSource(source: Source, options: SourceSuiteOptions): void {
  const facts = sampleFacts();
  const distro = sampleDistro(facts);
  const subject = (): Subject => ({
    plugin: source,
    role: 'source',
    needs: source.needs ?? [],
    cases: [
      {
        name: source.label,
        record: () => ({
          plan: recordSource({
            source,
            distro: source.needsDistro === true ? distro : undefined,
            builder: options.builder ?? memoryProbe({ files: {} }),
            architecture: facts.architecture,
          }),
        }),
        misses: sourceMisses,
      },
    ],
  });
  registerRules(subject, source.name, options);
}

/** What holds for every plan of a source tree. */
export function sourceMisses({ plan }: Recorded): readonly string[] {
  const tree = plan.trees['source:base'];
  if (tree === undefined) return ['it makes no tree source:base'];
  const made = plan.tasks.some(
    ({ id, result }) => id === 'source:base' && result.kind !== 'artifacts',
  );
  const there = tree.layers.some(({ kind }) => kind === 'directory' || kind === 'mounts');
  const relative = [
    ...tree.layers.flatMap((layer) => (layer.kind === 'directory' ? [layer.path] : [])),
    ...plan.tasks.flatMap(({ inputs }) =>
      inputs.flatMap((input) => (input.kind === 'builderPath' ? [input.path] : [])),
    ),
  ].filter((path) => !path.startsWith('/'));
  return [
    ...(made || there ? [] : ['no task makes the tree source:base']),
    ...relative.map((path) => `${path} is relative; use resolvePath()`),
  ];
}
