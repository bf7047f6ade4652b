import type { MountFacts, MountReason, MountSnapshot } from '../contract/facts.ts';

/** How large a mount is, in bytes, as far as that is known. */
interface Size {
  readonly used?: number;
  readonly stays?: number;
}

export interface MountTextOptions {
  readonly sizes: ReadonlyMap<string, Size>;
  /** Shows also those that every system has and nobody would expect in an image. */
  readonly all: boolean;
  formatBytes(bytes: number): string;
}

const REASONS: Readonly<Record<MountReason, string>> = {
  root: '',
  system: '',
  'part-of-root': 'part of the same file system',
  asked: 'the config says so',
  inside: 'inside of one that is out',
  kernel: 'of the kernel',
  memory: 'in memory',
  automount: 'mounted when it is used; to take it, use it before',
  network: 'on the network',
  fuse: 'shown by a program',
  image: 'an image that can only be read',
  container: 'of a container',
  snapshot: 'a snapshot',
  name: 'its path is not UTF-8; to take it, mount it at one that is',
  removable: 'on a removable disk',
  twice: 'in already, at another place',
  elsewhere: 'at a place that no system has; host({ include: […] }) takes it',
  unknown: 'of an unknown type',
};
const SNAPSHOTS: Readonly<Record<MountSnapshot, string>> = {
  taken: 'read from a snapshot',
  volume: 'read from a snapshot of its LVM volume',
  'read-only': 'no snapshot: nothing can change in it',
  swap: 'no snapshot: a swap file in use lies on it',
  lvm: 'no snapshot: on LVM only ext and xfs are supported',
  type: 'no snapshot: only btrfs and LVM are supported',
};
const EXPECTED: readonly MountReason[] = ['kernel', 'memory', 'inside'];

/** The mounts of the running system: what is in, what is out, and why, with sizes. */
export function renderMounts(
  mounts: readonly MountFacts[],
  options: MountTextOptions,
): readonly string[] {
  const own = mounts.filter(({ is }) => is === 'in');
  const others = mounts.filter(({ is }) => is === 'out');
  const told = others.filter(({ why }) => options.all || !EXPECTED.includes(why));
  const width = (of: (mount: MountFacts) => string, least: number): number =>
    Math.max(least, ...[...own, ...told].map((mount) => of(mount).length + 2));
  const [first, second] = [width(({ at }) => oneLine(at), 0), width(({ type }) => type, 9)];
  const line = (mount: MountFacts): string =>
    `${oneLine(mount.at).padEnd(first)}${mount.type.padEnd(second)}${about(mount, options)}`.trimEnd();
  const hidden = others.length - told.length;
  const rest = `${hidden} ${told.length > 0 ? 'more ' : ''}of the kernel and in memory (livesys plan --excludes)`;
  return [
    ...labelled('in:', own.map(line)),
    ...labelled('out:', [...told.map(line), ...(hidden > 0 ? [rest] : [])]),
  ];
}

/** Names may hold line breaks, and what a terminal obeys. */
function oneLine(path: string): string {
  return path.replaceAll(
    /\p{Cc}/gu,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

function about(mount: MountFacts, options: MountTextOptions): string {
  const { why, snapshot } = mount;
  const words = [
    sizeOf(mount, options),
    REASONS[why],
    snapshot === undefined ? '' : SNAPSHOTS[snapshot],
  ];
  return words.filter(Boolean).join(', ');
}

function sizeOf({ at, is }: MountFacts, options: MountTextOptions): string {
  const { used, stays } = options.sizes.get(at) ?? {};
  const formatBytes = (bytes: number): string => options.formatBytes(bytes);
  if (is === 'out') return used === undefined ? '' : `${formatBytes(used)} used`;
  if (stays === undefined) return '';
  return `${formatBytes(stays)}${used === undefined ? '' : ` of ${formatBytes(used)} used`}`;
}

function labelled(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `            ${(index === 0 ? label : '').padEnd(5)}${line}`);
}
