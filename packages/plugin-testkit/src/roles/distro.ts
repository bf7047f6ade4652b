import type { DistroAdapter, Facts, Probe } from '@livesys/core/plugin';
import { collectFacts, recordSource } from '@livesys/core/testing';
import { planWith } from '../plan-with.ts';
import { textsOf } from '../reading-plans.ts';
import { memoryProbe, type SampleRoot } from '../samples/memory-probe.ts';
import { bootstrapSource, LIVE_USERS } from '../samples/parts.ts';
import type { Case, Recorded, Subject } from '../subject.ts';
import { registerRules, type SuiteOptions } from '../suite.ts';
import { sourceMisses } from './source.ts';

export interface DistroSuiteOptions extends SuiteOptions {
  /**
   * Roots that it serves, at least one: os-release, package database, and a kernel with the lists of
   * its modules. Everything is planned from what `detect` finds in them.
   */
  readonly roots: readonly SampleRoot[];
  /** The builder's root. Default: an empty one. */
  readonly builder?: Probe;
}

/** Tests a distribution adapter on roots that are data. */
export function testDistro(distro: DistroAdapter, options: DistroSuiteOptions): void {
  const subject = (): Subject => ({
    plugin: distro,
    role: 'distro',
    needs: [...(distro.needs ?? []), ...(distro.bootstrapNeeds ?? [])],
    cases: [
      ...options.roots.flatMap((root) => imageCases(distro, root, options.builder)),
      ...(distro.bootstrap === undefined ? [] : [bootstrapCase(distro, options)]),
    ],
  });
  registerRules(subject, distro.name, options);
}

function imageCases(
  distro: DistroAdapter,
  root: SampleRoot,
  builder: Probe = memoryProbe({ files: {} }),
): readonly Case[] {
  const probe = memoryProbe(root);
  return Object.entries(LIVE_USERS).map(([name, user]) => ({
    name: `${root.name}, ${name}`,
    record: () => {
      const { facts } = collectFacts(probe, root.name, [distro]);
      return {
        ...planWith({ distro, facts, user, builder }),
        facts,
        lists: listsOf(distro, facts),
      };
    },
    misses: (recorded) => [
      ...(recorded.facts === undefined ? [] : factMisses(recorded.facts, probe)),
      ...listMisses(recorded.lists ?? {}),
      ...planMisses(recorded),
    ],
  }));
}

function bootstrapCase(distro: DistroAdapter, options: DistroSuiteOptions): Case {
  const builder = options.builder ?? memoryProbe({ files: {} });
  return {
    name: 'bootstrap',
    record: () => ({
      plan: recordSource({ source: bootstrapSource, distro, builder, architecture: 'x86_64' }),
    }),
    misses: (recorded) => [
      ...sourceMisses(recorded),
      ...(distro.bootstrapLabel === undefined ? ['it bootstraps, but has no bootstrapLabel'] : []),
    ],
  };
}

function listsOf(distro: DistroAdapter, facts: Facts): Readonly<Record<string, readonly string[]>> {
  return {
    packagePaths: distro.packagePaths,
    excludes: distro.excludes(facts),
    volatile: distro.volatile(facts),
  };
}

function listMisses(lists: NonNullable<Recorded['lists']>): readonly string[] {
  const relative = Object.entries(lists).flatMap(([name, paths]) =>
    paths.filter((path) => !path.startsWith('/')).map((path) => `${name}: ${path} is not absolute`),
  );
  const empty = lists['packagePaths']?.length === 0;
  return [
    ...relative,
    ...(empty ? ['packagePaths is empty, so a tools tree would never be rebuilt'] : []),
  ];
}

function factMisses({ distro }: Facts, probe: Probe): readonly string[] {
  const sorted = (names: readonly string[]): boolean =>
    names.join('\n') === names.toSorted().join('\n');
  return [
    ...(distro.kernels.length === 0 ? ['detect finds no kernel'] : []),
    ...(distro.packagesChanged > 0
      ? []
      : ['detect does not tell when the package database changed']),
    ...(sorted(Object.keys(distro.packages)) ? [] : ['packages are not sorted by name']),
    ...(Object.keys(distro.packages).length > 0 ? [] : ['detect finds no packages']),
    ...distro.kernels.flatMap(({ release, image, modules, moduleNames, builtinNames }) => [
      ...(probe.stat(probe.realPath(image) ?? image)?.kind === 'file'
        ? []
        : [`${release}: there is no kernel at ${image}`]),
      ...(probe.list(modules).length > 0 ? [] : [`${release}: there are no modules in ${modules}`]),
      ...(moduleNames.length > 0 ? [] : [`${release}: it has no module names`]),
      ...(sorted(moduleNames) && sorted(builtinNames)
        ? []
        : [`${release}: module names are not sorted`]),
      ...[...moduleNames, ...builtinNames]
        .filter((name) => /[-./]/.test(name))
        .map((name) => `${release}: ${name} is no module name`),
    ]),
  ];
}

function planMisses({ plan }: Recorded): readonly string[] {
  const words = (id: string): string =>
    plan.tasks
      .filter((task) => task.id === id)
      .flatMap(textsOf)
      .join('\n');
  return [
    ...(words('tree:tools').includes('squashfs')
      ? []
      : ['installPackages installs nothing into the tools tree']),
    ...(words('tree:desktop').includes('editor')
      ? []
      : ['installPackages does not name the package it was asked for']),
    ...(words('tree:fixups').includes('livesys') ? [] : ['generalize does not set the host name']),
    ...(words('tree:fixups').includes('/etc/fstab')
      ? []
      : ['generalize leaves the fstab of the source in place']),
  ];
}
