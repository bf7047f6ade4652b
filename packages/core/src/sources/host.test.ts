import { expect, it } from 'vitest';
import type { MountFacts } from '../contract/facts.ts';
import type { PlanBuilder } from '../contract/plan-builder.ts';
import type { Probe } from '../contract/probe.ts';
import { host, type HostOptions } from './host.ts';

interface Planned {
  readonly mounts: readonly MountFacts[];
  readonly excludes: readonly string[];
}

/** What is planned of a machine; `stat` tells what it was asked, and that a path is a file. */
function planned(
  files: Readonly<Record<string, string>>,
  options: HostOptions & { readonly mounts?: readonly MountFacts[] } = {},
  stat: Probe['stat'] = () => undefined,
): Planned {
  const { mounts, ...rest } = options;
  let found: Planned | undefined;
  const plan = {
    mounts(given: Planned) {
      found = given;
      return { tree: 'source:base' };
    },
  } as unknown as PlanBuilder;
  host(rest).plan({
    plan,
    builder: { readText: (path) => files[path], list: () => [], stat, realPath: (path) => path },
    ...(mounts === undefined ? {} : { mounts }),
    architecture: 'x86_64',
    resolvePath: (path) => path,
  });
  if (found === undefined) throw new Error('nothing was planned');
  return found;
}

const MOUNTS = `28 1 0:30 / / rw - btrfs /dev/sda1 rw
29 28 0:40 / /mnt/nas rw - nfs4 nas:/export rw
30 28 0:41 / /home/anna/cloud rw - fuse.sshfs anna@far:/ rw
31 28 0:42 / /home/far rw - autofs systemd-1 rw
32 28 8:9 /x /srv/file rw - ext4 /dev/sdb9 rw
`;

it('does not ask a mount for anything that may wait for ever for its other side', () => {
  const asked: string[] = [];
  const { excludes } = planned(
    { '/proc/self/mountinfo': MOUNTS },
    { exclude: ['/srv/file', '/mnt/nas'] },
    (path) => {
      asked.push(path);
      return { kind: 'file', size: 0, modified: 0 };
    },
  );
  expect(asked).toEqual(['/srv/file']);
  for (const line of ['/mnt/nas/*', '/home/anna/cloud/*', '/home/far/*', '/srv/file'])
    expect(excludes).toContain(line);
});

it.each([
  ['a file', 'file', '/etc/masked'],
  ['a device, as what is masked has it', 'other', '/etc/masked'],
  ['a folder', 'directory', '/etc/masked/*'],
] as const)('leaves what is hidden by %s out', (_, kind, line) => {
  const mounts = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 28 0:5 /null /etc/masked rw - devtmpfs udev rw
`;
  const { excludes } = planned({ '/proc/self/mountinfo': mounts }, {}, () => ({
    ...{ kind, size: 0, modified: 0 },
  }));
  expect(excludes.filter((one) => one.startsWith('/etc/'))).toEqual([line]);
});

it('leaves swap files out, whatever their names', () => {
  const swaps = 'Filename Type\n/home/a\\040[swap] file 1\n/dev/zram0 partition 1\n';
  const { excludes } = planned({ '/proc/self/mountinfo': MOUNTS, '/proc/swaps': swaps });
  expect(excludes).toContain(String.raw`/home/a \[swap\]`);
});

it('takes snapshots only where they are allowed, of facts that were given, too', () => {
  const files = { '/proc/self/mountinfo': MOUNTS };
  const ofRoot = (options: Parameters<typeof planned>[1]) =>
    planned(files, options).mounts[0]?.snapshot;
  const mounts = planned(files, { snapshots: true }).mounts;
  expect(ofRoot({})).toBe(undefined);
  expect(ofRoot({ snapshots: true })).toBe('taken');
  expect(ofRoot({ mounts })).toBe(undefined);
  expect(ofRoot({ mounts, snapshots: true })).toBe('taken');
});

it('refuses to go without a mount that was asked for', () => {
  const files = { '/proc/self/mountinfo': MOUNTS };
  expect(() => planned(files, { include: ['/srv/file', '/data'] })).toThrow(
    expect.objectContaining({
      code: 'LIVESYS_CONFIG_INVALID',
      message: 'host({ include }) asks for /data, where nothing is mounted.',
    }),
  );
});

it('leaves out what lies in a folder of this name where nothing is mounted', () => {
  const { excludes } = planned({ '/proc/self/mountinfo': MOUNTS }, { exclude: ['/srv/[old]'] });
  expect(excludes).toContain(String.raw`/srv/\[old\]/*`);
});

it('refuses options that are none', () => {
  expect(() => host({ snapshots: 'yes' as unknown as boolean })).toThrow(
    expect.objectContaining({ details: ['host.snapshots  must be true or false'] }),
  );
});
