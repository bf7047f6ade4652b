import { checkOptions } from '../contract/options.ts';
import type { MountFacts } from '../contract/facts.ts';
import type { Probe } from '../contract/probe.ts';
import type { Source } from '../contract/roles.ts';
import { judgeMounts } from '../facts/judge-mounts.ts';
import { API_VERSION } from '../plugins/api-version.ts';
import { literalPattern } from '../rules/pattern.ts';

/** What of the running system belongs to the base, beyond what livesys finds out. */
export interface HostOptions {
  /** Mount points that livesys would leave out, such as `/data`. Default: none. */
  readonly include?: readonly string[];
  /** Mount points that livesys would take, such as `/srv`. Default: none. */
  readonly exclude?: readonly string[];
}

/**
 * The source is the system that runs on this machine. Its mounts are read one by one; `livesys plan`
 * lists which of them are in, which are out, and why. Only root can read all of a system.
 */
export function host(options: HostOptions = {}): Source {
  checkOptions<HostOptions>('host', options, {
    include: [isPaths, 'a list of absolute mount points'],
    exclude: [isPaths, 'a list of absolute mount points'],
  });
  const { include = [], exclude = [] } = options;
  return {
    role: 'source',
    name: '@livesys/core/host',
    version: API_VERSION,
    apiVersion: `^${API_VERSION}`,
    label: '/',
    plan({ plan, builder, mounts = judgeMounts(builder, { include, exclude }) }) {
      const excludes = [...beneath(mounts, builder), ...swapFiles(builder), ...LEFT_OUT];
      return plan.mounts({ id: 'source:base', mounts, excludes });
    },
  };
}

/**
 * What a system in use has gathered and can make again, and what was deleted. Snapshots are whole
 * systems beside the one that runs.
 */
const LEFT_OUT = [
  '.snapshots/*',
  '/timeshift/*',
  '/timeshift-btrfs/*',
  '/home/*/.cache/*',
  '/home/*/.local/share/Trash/*',
  '/root/.cache/*',
  '/root/.local/share/Trash/*',
  'lost+found/',
  '.Trash-[0-9]*/',
];

/** Below a mount that is out there may be something that it hides, which nobody has seen for long. */
function beneath(mounts: readonly MountFacts[], probe: Probe): readonly string[] {
  return mounts
    .filter(({ is, why }) => is === 'out' && why !== 'inside')
    .map(({ at }) => {
      const isFolder = probe.stat(at)?.kind !== 'file';
      return isFolder ? `${literalPattern(at)}/*` : literalPattern(at);
    });
}

/** Source: man proc(5). */
function swapFiles(probe: Probe): readonly string[] {
  const lines = (probe.readText('/proc/swaps') ?? '').split('\n').slice(1);
  return lines
    .map((line) => /^(\S+)\s+file\s/.exec(line)?.[1])
    .filter((path) => path !== undefined)
    .map((path) =>
      literalPattern(
        path.replaceAll(/\\(\d{3})/g, (_, octal: string) =>
          String.fromCharCode(Number.parseInt(octal, 8)),
        ),
      ),
    );
}

function isPaths(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((path) => typeof path === 'string' && /^\/.*[^/]$/.test(path))
  );
}
