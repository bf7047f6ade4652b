import type { Ops } from '@livesys/core/plugin';

/** Where an administrator's units lie, which come before those of packages. */
export const UNITS = '/etc/systemd/system';

/** Records a unit and starts it with the system, as `systemctl enable` would: `multi-user.target`. */
export function enableUnit(ops: Ops, unit: string, content: string): void {
  ops.write(`${UNITS}/${unit}`, content);
  ops.link(`${UNITS}/${unit}`, `${UNITS}/multi-user.target.wants/${unit}`);
}

/** Records settings above those of a unit, in a file of its own: `50-livesys-NAME.conf`. */
export function extendUnit(ops: Ops, unit: string, name: string, content: string): void {
  ops.write(`${UNITS}/${unit}.d/50-livesys-${name}.conf`, content);
}
