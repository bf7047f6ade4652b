import { expect, it } from 'vitest';
import { chooseFlow } from './options.ts';

it.each([
  [undefined, 'image', 'systemd'],
  [undefined, 'other', 'plain'],
  ['plain', 'image', 'plain'],
  ['plain', 'other', 'plain'],
  ['systemd', 'image', 'systemd'],
] as const)('flow %s with programs of %s is %s', (flow, programs, expected) => {
  expect(chooseFlow({ flow }, programs)).toBe(expected);
});

it('lets no systemd of another version hand over to that of the image', () => {
  expect(() => chooseFlow({ flow: 'systemd' }, 'other')).toThrow(
    expect.objectContaining({ code: 'LIVESYS_PARTS_DO_NOT_FIT' }),
  );
});
