import type { MountFacts } from '../contract/facts.ts';
import type { Probe } from '../contract/probe.ts';
import type { Observation } from '../plan/model.ts';
import { digestOf } from '../plan/canonical.ts';
import { visibleMounts } from './mount-table.ts';
import { rootReader } from './root-reader.ts';

type Kind = Observation['kind'];

/** Reads again what an observation read and gives its hash. */
export function observe(root: string, kind: Kind, path: string): string {
  return digestOf(READ[kind](rootReader(root), path) ?? null);
}

/** What the mounts of the running system looked like of which a base is made. */
export function observeMounts(mounts: readonly MountFacts[]): Observation {
  const own = mounts.filter(({ is }) => is === 'in').map(({ at }) => at);
  const path = own.join('\n');
  return { kind: 'mounts', path, sha256: observe('/', 'mounts', path) };
}

/** Numbers of devices, options and what else is mounted may change without changing the base. */
function describeMounts(probe: Probe, path: string): unknown {
  const own = path.split('\n');
  return visibleMounts(probe)
    .filter(({ at }) => own.includes(at))
    .map(({ at, type, device, root }) => [at, type, device, root]);
}

const READ: Readonly<Record<Kind, (probe: Probe, path: string) => unknown>> = {
  text: (probe, path) => probe.readText(path),
  list: (probe, path) => probe.list(path),
  stat: (probe, path) => probe.stat(path),
  realPath: (probe, path) => probe.realPath(path),
  mounts: describeMounts,
};

/** A probe that remembers everything it was asked, with what it answered. */
export interface Recording {
  readonly probe: Probe;
  observations(): readonly Observation[];
}

/** Wraps a probe so that what it reads is remembered by hash. */
export function recordProbe(inner: Probe): Recording {
  const seen = new Map<string, Observation>();
  const remember = <T>(kind: Kind, path: string, answer: T): T => {
    seen.set(`${kind} ${path}`, { kind, path, sha256: digestOf(answer ?? null) });
    return answer;
  };
  return {
    probe: {
      readText: (path) => remember('text', path, inner.readText(path)),
      list: (path) => remember('list', path, inner.list(path)),
      stat: (path) => remember('stat', path, inner.stat(path)),
      realPath: (path) => remember('realPath', path, inner.realPath(path)),
    },
    observations: () => [...seen.values()],
  };
}
