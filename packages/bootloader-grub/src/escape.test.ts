import { secret } from '@livesys/core/plugin';
import { describe, expect, it } from 'vitest';
import { cannotPass, entryId, quoteTitle, quoteWord } from './escape.ts';

const joined = (word: unknown): string => (Array.isArray(word) ? word.join('') : String(word));

describe('quoteWord', () => {
  it('leaves ordinary arguments readable', () => {
    expect(joined(quoteWord('console=ttyS0,115200'))).toBe('console=ttyS0,115200');
  });

  it.each([
    ['a space', "'a space'"],
    ['x=$y;&{}#', "'x=$y;&{}#'"],
    ["it's", String.raw`'it'\''s'`],
    ['', "''"],
  ])('makes %j one literal word', (word, expected) => {
    expect(joined(quoteWord(word))).toBe(expected);
  });

  it('keeps references as they are', () => {
    const id = secret({ env: 'ID' });
    expect(quoteWord(['root=livesys:', id])).toEqual(['root=livesys:', id]);
    expect(quoteWord(['a b', id])).toEqual(["'", 'a b', id, "'"]);
  });
});

describe('quoteTitle', () => {
  it.each([
    ['Debian "12" $HOME \\ {x}', String.raw`'Debian "12" $HOME \ {x}'`],
    ["'; halt; '", String.raw`''\''; halt; '\'''`],
    ['two\nlines\u0000\u2028three', "'two lines three'"],
    ['Büro', "'Büro'"],
  ])('shows %j on one line and nothing of it is a command', (title, expected) => {
    expect(quoteTitle(title)).toBe(expected);
  });
});

describe('entryId', () => {
  it('is never a position or a path of submenus', () => {
    expect(entryId('1')).toBe('livesys-1');
    expect(entryId('office>verbose')).not.toContain('>');
  });

  it('keeps different ids apart', () => {
    const ids = ['a b', 'a_b', 'a>b', 'a=32=b'].map((id) => entryId(id));
    expect(new Set(ids).size).toBe(4);
  });
});

describe('cannotPass', () => {
  it.each(['a="b"', "a='b'", String.raw`a\b`, 'a\nb'])('refuses %j', (argument) => {
    expect(cannotPass(argument)).toBe(true);
  });

  it.each(['a=b c', 'x=$y', 'root=livesys:7f3c'])('allows %j', (argument) => {
    expect(cannotPass(argument)).toBe(false);
  });
});
