import { describe, expect, it } from 'vitest';
import { isLivesysError } from '../errors/livesys-error.ts';
import { archive } from '../sources/archive.ts';
import { bootstrap } from '../sources/bootstrap.ts';
import { directory } from '../sources/directory.ts';
import { disk } from '../outputs/disk.ts';
import { iso } from '../outputs/iso.ts';
import { checkOptions, isText, oneOf } from './options.ts';

interface Options {
  readonly country?: string;
  readonly band?: 'low' | 'high';
}

function problemsOf(check: () => unknown): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!isLivesysError(error) || error.code !== 'LIVESYS_CONFIG_INVALID') throw error;
    return error.details;
  }
}

const wifi = (given: unknown) =>
  problemsOf(() =>
    checkOptions<Options>('wifi', given, {
      country: [isText, 'a country such as "DE"'],
      band: oneOf('low', 'high'),
    }),
  );

describe('options of a part', () => {
  it.each([[undefined], [{}], [{ country: 'DE', band: 'low' }], [{ country: undefined }]])(
    'that fit are nothing to say about: %j',
    (given) => expect(wifi(given)).toEqual([]),
  );

  it('that do not fit are named, all of them', () => {
    expect(wifi({ contry: 'DE', country: 3, band: 'both', x: 1 })).toEqual([
      'wifi.contry  is no option; did you mean "country"?',
      'wifi.country  must be a country such as "DE"',
      'wifi.band  must be "low" or "high"',
      'wifi.x  is no option; there are country, band',
    ]);
  });

  it.each([[null], ['DE'], [['DE']], [3]])('are an object, not %j', (given) =>
    expect(wifi(given)).toEqual(['they must be an object with country, band']),
  );
});

describe('built-in parts refuse what they do not know', () => {
  it.each<[string, () => unknown]>([
    ['iso.fiel', () => iso({ fiel: 'x.iso' } as never)],
    ['iso.file', () => iso({ file: 3 } as never)],
    ['an object with file', () => iso('x.iso' as never)],
    ['disk.dta', () => disk({ dta: '2G' } as never)],
    ['disk.data', () => disk({ data: 3 } as never)],
    ['bootstrap.release', () => bootstrap({ release: 'x' } as never)],
    ['directory', () => directory(undefined as never)],
    ['directory', () => directory('')],
    ['archive', () => archive(3 as never)],
  ])('%s', (named, make) => expect(problemsOf(make).join('\n')).toContain(named));
});
