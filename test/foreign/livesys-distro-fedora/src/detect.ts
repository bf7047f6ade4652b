import type { Architecture, DistroFacts, KernelFacts, Probe } from '@livesys/core/plugin';
import { kernelModules, osReleaseField, systemFacts } from '@livesys/distro-parts';

const STATE = '/usr/lib/sysimage/libdnf5/nevras.toml';
const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  x86_64: 'x86_64',
  aarch64: 'aarch64',
  i686: 'i686',
  riscv64: 'riscv64',
};

/**
 * Reads a root. rpm's own database is SQLite, which a probe cannot read; dnf5 keeps the names and
 * versions of what it installed as text. What rpm alone installed is not seen.
 */
export function detect(probe: Probe): DistroFacts {
  const nevras = [...(probe.readText(STATE) ?? '').matchAll(/^"([^"]+)" *=/gm)].map(
    ([, nevra = '']) => splitNevra(nevra),
  );
  const native = nevras.find(({ name }) => name === 'glibc');
  const packages = Object.fromEntries(
    nevras.map(({ name, version }) => [name, version] as const).sort(byFirst),
  );
  return {
    ...systemFacts(probe, packages),
    release: osReleaseField(probe, 'VERSION_ID') ?? '',
    architecture: ARCHITECTURES[native?.architecture ?? ''] ?? 'x86_64',
    kernels: kernels(probe),
    packages,
    packagesChanged: probe.stat(STATE)?.modified ?? 0,
  };
}

/** `bash-5.2.32-1.fc41.x86_64`: name, version with release, architecture. */
function splitNevra(nevra: string): { name: string; version: string; architecture: string } {
  const [, name = nevra, version = '', architecture = ''] =
    /^(.+)-([^-]+-[^-]+)\.([^.]+)$/.exec(nevra) ?? [];
  return { name, version, architecture };
}

function kernels(probe: Probe): readonly KernelFacts[] {
  const folder = probe.realPath('/lib/modules') ?? '/usr/lib/modules';
  return probe
    .list(folder)
    .filter((release) => probe.stat(`${folder}/${release}/vmlinuz`)?.kind === 'file')
    .sort((a, b) => compareReleases(b, a))
    .map((release) => ({
      release,
      image: `${folder}/${release}/vmlinuz`,
      ...kernelModules(probe, `${folder}/${release}`),
      package: 'kernel-core',
    }));
}

/** Numbers by size, words by letters: 6.9 comes before 6.11. */
function compareReleases(one: string, other: string): number {
  const [left, right] = [one, other].map((release) => release.match(/\d+|[a-z]+/g) ?? []);
  for (const [index, part] of (left ?? []).entries()) {
    const against = right?.[index] ?? '';
    const difference = Number(part) - Number(against);
    if (Number.isNaN(difference) ? part !== against : difference !== 0) {
      return Number.isNaN(difference) ? (part < against ? -1 : 1) : difference;
    }
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
}

const byFirst = ([one]: readonly [string, string], [other]: readonly [string, string]) =>
  one < other ? -1 : one > other ? 1 : 0;
