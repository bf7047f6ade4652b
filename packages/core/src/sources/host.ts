import { checkOptions } from '../contract/options.ts';
import type { MountFacts } from '../contract/facts.ts';
import type { Probe } from '../contract/probe.ts';
import type { Source } from '../contract/roles.ts';
import { judgeMounts, mayWait, mountPointPattern } from '../facts/judge-mounts.ts';
import { judgeSnapshots } from '../facts/judge-snapshots.ts';
import { swapFiles } from '../facts/swap-files.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import { API_VERSION } from '../plugins/api-version.ts';
import { literalPattern } from '../rules/pattern.ts';

/** What of the running system belongs to the base, beyond what livesys finds out. */
export interface HostOptions {
  /** Mount points that livesys would leave out, such as `/data`. Default: none. */
  readonly include?: readonly string[];
  /** Mount points that livesys would take, such as `/srv`; a folder is left empty, too. Default: none. */
  readonly exclude?: readonly string[];
  /**
   * Allows a build to read mounts from snapshots, which it takes of subvolumes of btrfs and of logical
   * volumes of LVM, and removes when it ends, so that each is packed as it was at one moment.
   * Default: false.
   */
  readonly snapshots?: boolean;
}

/**
 * The source is the system that runs on this machine. Its mounts are read one by one; `livesys plan`
 * lists which of them are in, which are out, and why. Only root can read all of a system.
 */
export function host(options: HostOptions = {}): Source {
  checkOptions<HostOptions>('host', options, {
    include: [isPaths, 'a list of absolute mount points'],
    exclude: [isPaths, 'a list of absolute mount points'],
    snapshots: [(value) => typeof value === 'boolean', 'true or false'],
  });
  const { include = [], exclude = [], snapshots = false } = options;
  const judged = (probe: Probe): readonly MountFacts[] => {
    const mounts = judgeMounts(probe, { include, exclude });
    return snapshots ? judgeSnapshots(probe, mounts) : mounts;
  };
  return {
    role: 'source',
    name: '@livesys/core/host',
    version: API_VERSION,
    apiVersion: `^${API_VERSION}`,
    label: '/',
    plan({ plan, builder, mounts: given }) {
      const mounts = given?.map((mount) => allowed(mount, snapshots)) ?? judged(builder);
      const swap = swapFiles(builder).map(literalPattern);
      assertMounted(include, mounts);
      const folders = exclude.filter((path) => !isMounted(path, mounts));
      const excludes = [
        ...beneath(mounts, builder),
        ...folders.map((path) => `${literalPattern(path)}/*`),
        ...swap,
        ...LEFT_OUT,
      ];
      return plan.mounts({ id: 'source:base', mounts, excludes });
    },
  };
}

const isMounted = (path: string, mounts: readonly MountFacts[]): boolean =>
  mounts.some(({ at }) => at === path);

/** An image without what was asked for would be found out about when it is needed. */
function assertMounted(include: readonly string[], mounts: readonly MountFacts[]): void {
  const missing = include.filter((path) => !isMounted(path, mounts));
  if (missing.length === 0) return;
  throw new LivesysError(
    'LIVESYS_CONFIG_INVALID',
    `host({ include }) asks for ${missing.join(', ')}, where nothing is mounted.`,
    { hint: 'Mount it before, or leave it out of the list: folders of what is in are in anyway.' },
  );
}

/** Facts may come from a config that allowed more. */
function allowed({ snapshot, ...mount }: MountFacts, snapshots: boolean): MountFacts {
  return snapshots && snapshot !== undefined ? { ...mount, snapshot } : mount;
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
    .map((mount) => {
      const { at } = mount;
      const found = mayWait(mount) ? undefined : probe.stat(at);
      const isFolder = found === undefined || found.kind === 'directory';
      return isFolder ? `${mountPointPattern(at)}/*` : mountPointPattern(at);
    });
}

function isPaths(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((path) => typeof path === 'string' && /^\/.*[^/]$/.test(path))
  );
}
