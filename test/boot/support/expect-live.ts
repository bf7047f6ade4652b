import { expect } from 'vitest';

import type { GuestReport } from './guest.ts';

export interface ExpectedSystem {
  readonly profile: string;
  /** Lowest first. */
  readonly layers: readonly string[];
  /** Default: `off`. */
  readonly persistence?: 'on' | 'off';
  /** The size of the temporary layer. Default: half of the memory. */
  readonly overlay?: { readonly asked: string; readonly kib: number };
}

const UPPER = '/run/initramfs/livesys/upper-tmp';
const TROUBLE =
  /Timed out waiting|No changes allowed|\[FAILED\]|emergency mode|Kernel panic|I\/O error/;

/** What is true of every live system that came up as it should. */
export function expectLive(
  report: Pick<GuestReport, 'facts' | 'console'>,
  expected: ExpectedSystem,
): void {
  const { facts, console } = report;
  const { persistence = 'off' } = expected;
  expect(Object.fromEntries(facts)).toMatchObject({
    'target.active': 'active',
    'units.failed': '',
    'root.type': 'overlay',
    'root.lowers': String(expected.layers.length),
    'root.writable': 'yes',
    'mounts.twice': '',
    // no file system of another disk is mounted, nothing is built upon one, and none is swapped to
    'mounts.virtio': '0',
    'holders.virtio': '',
    swaps: '0',
    'state.ready': 'yes',
    'state.profile': expected.profile,
    'state.layers': expected.layers.join(','),
    'state.persistence': persistence,
    'state.overlay_size': expected.overlay?.asked ?? '50%',
  });
  // With changes on a disk there is no layer in memory.
  expect(facts.has(`tmpfs.${UPPER}`)).toBe(persistence === 'off');
  if (persistence === 'off') expectUpper(facts, expected);
  expect(console).not.toMatch(TROUBLE);
}

function expectUpper(facts: GuestReport['facts'], { overlay }: ExpectedSystem): void {
  const kib = overlay?.kib ?? Number(facts.get('memory')) / 2;
  const size = facts.get(`tmpfs.${UPPER}`);
  // The kernel names no size where it is its own default, which is half of the memory.
  const actual = size === 'default' ? Number(facts.get('memory')) / 2 : Number(size);
  expect(actual / kib).toBeCloseTo(1, 1);
}
