import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planText, showText, textRefs } from '../plan/text.ts';
import { isRef, joinText, makeRef, refTarget, text, textParts, type Text } from './values.ts';
import { secret } from './secret.ts';

const target = { kind: 'content', task: 'image:manifest', output: 'id' } as const;
const ref = makeRef(target);
/** As JavaScript sees it, where no type keeps a mistake away. */
const string = ref as unknown as string;

describe('a Ref cannot be read while planning', () => {
  it.each<[string, () => unknown]>([
    ['a template string', () => `x${string}`],
    ['a sum', () => 'x'.concat(string)],
    ['a comparison', () => (ref as unknown as number) < 1],
    ['join', () => [string, 'x'].join('-')],
    ['JSON', () => JSON.stringify({ inner: [ref] })],
    ['a property key', () => ({})[string]],
  ])('%s throws', (_, read) => {
    expect(read).toThrow(/known only while applying/);
  });

  it('shows nothing to those who look inside, and cannot be changed', () => {
    expect(Object.keys(ref)).toEqual([]);
    expect(Object.isFrozen(ref)).toBe(true);
    expect(() => Object.assign(ref, { x: 1 })).toThrow(TypeError);
  });
});

it('a Ref of another copy of this package is one, and other values are not', () => {
  const foreign = { [Symbol.for('livesys.ref')]: target };
  expect(isRef(foreign)).toBe(true);
  for (const value of [undefined, null, 'x', {}, [], [ref], { ref }]) {
    expect(isRef(value)).toBe(false);
  }
});

it('text keeps strings and references in their order', () => {
  expect(planText(text`root=livesys:${ref}, again ${text`<${ref}>`}.`)).toEqual([
    'root=livesys:',
    { ref: target },
    ', again <',
    { ref: target },
    '>.',
  ]);
  expect(planText(text`plain ${'text'}`)).toBe('plain text');
  expect(planText(text``)).toBe('');
});

it('a secret is named by its source and shown as nothing else', () => {
  const shown = planText(text`password=${secret({ env: 'PASSWORD' })}`);
  expect(showText(shown)).toBe('password=${secret}');
  expect(textRefs(shown)).toEqual([{ kind: 'secret', name: 'env:PASSWORD' }]);
});

const arbitraryText: fc.Arbitrary<Text> = fc.oneof(
  fc.string(),
  fc.constant(ref),
  fc.array(fc.oneof(fc.string(), fc.constant(ref))),
);

describe('properties', () => {
  const shown = (value: Text): string =>
    textParts(value)
      .map((part) => (typeof part === 'string' ? part : `\${${refTarget(part).kind}}`))
      .join('');

  it('joinText is join', () => {
    fc.assert(
      fc.property(fc.array(arbitraryText), fc.string(), (values, separator) => {
        expect(shown(joinText(values, separator))).toBe(values.map(shown).join(separator));
      }),
    );
  });

  it('planText has the same content and never two strings in a row', () => {
    fc.assert(
      fc.property(arbitraryText, (value) => {
        const planned = planText(value);
        const parts = typeof planned === 'string' ? [planned] : planned;
        const strings = parts.map((part) => typeof part === 'string');
        expect(strings.some((is, index) => is && strings[index + 1] === true)).toBe(false);
        expect(textRefs(planned)).toHaveLength(textParts(value).filter(isRef).length);
        expect(showText(planned).replaceAll('${image:manifest/id}', '${content}')).toBe(
          shown(value),
        );
      }),
    );
  });
});
