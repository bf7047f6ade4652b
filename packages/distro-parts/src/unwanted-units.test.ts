import { expect, it } from 'vitest';
import { recordedBy } from '../../../test/support/recorded-ops.ts';
import { maskUnwantedUnits } from './unwanted-units.ts';

it('starts no unit that is wrong on a live system, in the same order however they are told', () => {
  const mask = (...more: readonly string[]) =>
    recordedBy((ops) => maskUnwantedUnits(ops, more)).lines;
  expect(mask('a.timer', 'z.timer')).toEqual(mask('z.timer', 'a.timer'));
  expect(mask('a.timer')).toContain('link /etc/systemd/system/a.timer /dev/null');
  expect(mask()).toContain('link /etc/systemd/system/systemd-hibernate-clear.service /dev/null');
});
