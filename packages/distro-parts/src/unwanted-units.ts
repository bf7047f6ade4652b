import type { Ops } from '@livesys/core/plugin';
import { UNITS } from './units.ts';

/**
 * Units that are wrong on a live system: they ask at the console, unpack another program than ours
 * to switch off by, look after disks that are not ours, or make the machine forget that another
 * system of it is hibernated.
 */
const UNWANTED = [
  'dracut-shutdown.service',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'systemd-firstboot.service',
  'systemd-hibernate-clear.service',
];

/**
 * Records that units never start that are wrong on every live system, and `more`, which are so on this
 * distribution. None of them need be there.
 */
export function maskUnwantedUnits(ops: Ops, more: readonly string[]): void {
  for (const unit of [...UNWANTED, ...more].sort()) ops.link('/dev/null', `${UNITS}/${unit}`);
}
