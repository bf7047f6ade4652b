import fc from 'fast-check';
import ignore from 'ignore';
import { describe, expect, it } from 'vitest';
import { NOTHING } from '../plan/keys.ts';
import type { LeaveOut } from '../plan/model.ts';
import { Matcher } from './matcher.ts';
import { bytesOf, literalPattern } from './pattern.ts';
import { prunes } from './prune.ts';

const judge = (leaveOut: Partial<LeaveOut>, path: string): string =>
  new Matcher({ ...NOTHING, ...leaveOut }).judge(bytesOf(path), path.endsWith('/'));

describe('a line', () => {
  it.each([
    ['/swapfile', '/swapfile', 'out'],
    ['/swapfile', '/home/swapfile', 'in'],
    ['swapfile', '/home/swapfile', 'out'],
    ['*.iso', '/home/anna/a.iso', 'out'],
    ['/home/*.iso', '/home/anna/a.iso', 'in'],
    ['/home/*/.cache/*', '/home/anna/.cache/', 'empty'],
    ['/home/*/.cache/*', '/home/anna/.cache/x/y', 'out'],
    ['/home/*/.cache/*', '/home/.cache/x', 'in'],
    ['/tmp/*', '/tmp/.hidden', 'out'],
    ['cache/', '/var/cache/', 'out'],
    ['cache/', '/var/cache', 'in'],
    ['/a/**/b', '/a/b', 'out'],
    ['/a/**/b', '/a/x/y/b', 'out'],
    ['**/b', '/x/b', 'out'],
    ['/a/**', '/a/', 'empty'],
    ['/a/**', '/a/x/y', 'out'],
    ['/a?c', '/abc', 'out'],
    ['/[a-c]', '/b', 'out'],
    ['/[!a-c]', '/b', 'in'],
    ['/[[:digit:]]x', '/5x', 'out'],
    [String.raw`/\*`, '/*', 'out'],
    [String.raw`/\*`, '/x', 'in'],
    ['/ä*', '/äö', 'out'],
    ['# comment', '/# comment', 'in'],
    [String.raw`\#name`, '/#name', 'out'],
    ['/trailing  ', '/trailing', 'out'],
  ])('%s: %s is %s', (line, path, verdict) => {
    expect(judge({ excludes: [line] }, path)).toBe(verdict);
  });

  it('that means one path exactly can be made of any path', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^/\0]{1,8}$/), (name) => {
        const excludes = [literalPattern(`/x/${name}`)];
        expect(judge({ excludes }, `/x/${name}`)).toBe('out');
        expect(judge({ excludes }, `/x/${name}!`)).toBe('in');
      }),
    );
  });
});

describe('the last line that matches decides', () => {
  it('for a path itself', () => {
    const excludes = ['*.log', '!/keep.log'];
    expect(judge({ excludes }, '/a.log')).toBe('out');
    expect(judge({ excludes }, '/keep.log')).toBe('in');
  });

  it('for something below a folder that is left out; the folders that lead there stay', () => {
    const leaveOut = { excludes: ['/home/*'], include: ['/home/anna/projects'] };
    expect(judge(leaveOut, '/home/')).toBe('in');
    expect(judge(leaveOut, '/home/anna/')).toBe('way');
    expect(judge(leaveOut, '/home/anna/letters')).toBe('out');
    expect(judge(leaveOut, '/home/anna/projects/x/y')).toBe('in');
    expect(judge(leaveOut, '/home/bert/')).toBe('out');
  });
});

it('leaves out the files below a folder, and no folder', () => {
  const excludes = ['/var/log/**/*', '!/var/log/**/'];
  expect(judge({ excludes }, '/var/log/')).toBe('in');
  expect(judge({ excludes }, '/var/log/syslog')).toBe('out');
  expect(judge({ excludes }, '/var/log/apt/')).toBe('in');
  expect(judge({ excludes }, '/var/log/apt/deep/')).toBe('in');
  expect(judge({ excludes }, '/var/log/apt/deep/x.log')).toBe('out');
});

describe('what is included', () => {
  it('does not bring secrets with it', () => {
    const leaveOut = { excludes: ['/home/*'], secrets: ['**/.ssh/id_*'], include: ['/home/anna'] };
    expect(judge(leaveOut, '/home/anna/.ssh/config')).toBe('in');
    expect(judge(leaveOut, '/home/anna/.ssh/id_rsa')).toBe('out');
  });

  it('brings a secret that it names itself', () => {
    const secrets = ['**/.ssh/id_*'];
    const include = ['/home/anna/.ssh/id_rsa'];
    expect(judge({ excludes: [], secrets, include }, '/home/anna/.ssh/id_rsa')).toBe('in');
    expect(judge({ excludes: [], secrets, include }, '/home/anna/.ssh/id_dsa')).toBe('out');
  });
});

const name = fc.constantFrom('a', 'b', 'ab', 'a.b');
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const part = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '*.b', '?', '[ab]', '**');
const line = fc
  .tuple(fc.constantFrom('', '/'), fc.array(part, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([start, parts, folder]) => `${start}${parts.join('/')}${folder ? '/' : ''}`)
  .filter((text) => !/^\/?\*\*\/?$/.test(text));

/** Brings back by name: at any depth, but not below a folder that is left out. */
const bringing = fc
  .tuple(fc.constantFrom('a', 'b', 'ab', 'a*', '*.b', '?', '[ab]', '*'), fc.boolean())
  .map(([name, folder]) => `!${name}${folder ? '/' : ''}`);

it('property: it judges as git does, but for paths brought back from folders that are left out', () => {
  const lines = fc.array(fc.oneof({ weight: 3, arbitrary: line }, bringing), { maxLength: 5 });
  fc.assert(
    fc.property(lines, path, (excludes, at) => {
      const expected = ignore()
        .add([...excludes])
        .ignores(at);
      expect([excludes, at, judge({ excludes }, `/${at}`) === 'out']).toEqual([
        excludes,
        at,
        expected,
      ]);
    }),
    { numRuns: 3000 },
  );
});

it('property: nothing stays below a folder that a walk does not enter', () => {
  const brings = fc.tuple(fc.boolean(), line).map(([not, text]) => (not ? `!${text}` : text));
  fc.assert(
    fc.property(
      fc.array(brings, { maxLength: 4 }),
      fc.array(line, { maxLength: 1 }),
      fc.array(line, { maxLength: 2 }),
      path,
      (excludes, include, secrets, at) => {
        const leaveOut = { excludes, include, secrets };
        const found = prunes(leaveOut);
        const matches = (text: string, folder: string) => new RegExp(`^(${text})$`).test(folder);
        const names = at.split('/');
        const above = names
          .slice(0, -1)
          .map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
        const isPruned = (path: string) =>
          found.some(
            ({ folder, but }) => matches(folder, path) && !but.some((text) => matches(text, path)),
          );
        for (const { folder, top = '', name = '' } of found)
          for (const one of above.filter((path) => matches(folder, path)))
            expect(one.startsWith(`/${top}`) && one.endsWith(name)).toBe(true);
        if (!above.some(isPruned)) return;
        expect([leaveOut, at, judge(leaveOut, `/${at}`)]).toEqual([leaveOut, at, 'out']);
      },
    ),
    { numRuns: 3000 },
  );
});

it('a walk does not enter what is left out as a whole, though parts of it are brought back', () => {
  const excludes = ['/*', '!/usr', '/var/*', '!/var/lib'];
  expect(prunes({ ...NOTHING, excludes })).toContainEqual({
    folder: '/[^/]*',
    but: ['/usr(/.*)?', '/var(/.*)?'],
  });
});
