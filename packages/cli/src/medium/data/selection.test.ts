import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sealed } from '../../../../../test/support/media.ts';
import { formatSelection, grubBlock, parseSelection } from './selection.ts';

const HEAD = 'livesys-selection 1';
const good = sealed([HEAD, 'profile office', 'persistence on']);

describe('a selection', () => {
  it.each([
    [['profile office', 'persistence on'], { profile: 'office', persistence: 'on' }],
    [['profile a.b-c_1'], { profile: 'a.b-c_1' }],
    [['persistence off'], { persistence: 'off' }],
    [[], {}],
  ])('with %j is read', (lines, selection) => {
    expect(parseSelection(sealed([HEAD, ...lines]))).toEqual(selection);
  });

  it.each([
    ['empty', ''],
    ['without an end', `${HEAD}\nprofile office\n`],
    ['with a wrong hash', good.replace(/end ./, (end) => (end === 'end 0' ? 'end 1' : 'end 0'))],
    ['cut in its last line', good.slice(0, -1)],
    ['with a line behind the end', `${good}profile rescue\n`],
    ['of a later version', sealed(['livesys-selection 2', 'profile office'])],
    ['in another order', sealed([HEAD, 'persistence on', 'profile office'])],
    ['with a profile twice', sealed([HEAD, 'profile a', 'profile a'])],
    ['with an unknown line', sealed([HEAD, 'exec reboot'])],
    ['with a path as profile', sealed([HEAD, 'profile ../../etc'])],
    ['with a folder as profile', sealed([HEAD, 'profile ..'])],
    ['with a command as profile', sealed([HEAD, 'profile $(reboot)'])],
    ['with an empty profile', sealed([HEAD, 'profile '])],
    ['with NUL', sealed([HEAD, 'profile off\0ice'])],
    ['with CRLF', good.replaceAll('\n', '\r\n')],
    ['with a long name', sealed([HEAD, `profile ${'x'.repeat(65)}`])],
    ['of a megabyte', sealed([HEAD, `profile ${'x'.repeat(1024 ** 2)}`])],
  ])('%s is refused with a reason', (_, text) => {
    expect(parseSelection(text)).toEqual({ problem: expect.stringMatching(/^its? /) });
  });

  const selections = fc.record(
    {
      profile: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
      persistence: fc.constantFrom('on' as const, 'off' as const),
    },
    { requiredKeys: [] },
  );

  it('survives being written down, and fills one block for GRUB', () => {
    fc.assert(
      fc.property(selections, (selection) => {
        expect(parseSelection(formatSelection(selection))).toEqual(selection);
        expect(grubBlock(selection)).toHaveLength(1024);
      }),
    );
  });

  it('with any character changed is refused', () => {
    fc.assert(
      fc.property(selections, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (one, at, c) => {
        const text = formatSelection(one);
        const place = at % text.length;
        fc.pre(text[place] !== c);
        const changed = text.slice(0, place) + c + text.slice(place + 1);
        expect(parseSelection(changed)).toHaveProperty('problem');
      }),
    );
  });
});

it('GRUB gets the profile and nothing else', () => {
  expect(grubBlock({ profile: 'office', persistence: 'off' })).toMatch(
    /^# GRUB Environment Block\nlivesys_profile=office\n#+$/,
  );
  expect(grubBlock({ persistence: 'off' })).toMatch(/^# GRUB Environment Block\n#+$/);
});
