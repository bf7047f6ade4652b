export interface Symbols {
  readonly done: string;
  readonly failed: string;
  readonly running: string;
  readonly waiting: string;
  readonly full: string;
  readonly empty: string;
  readonly arrow: string;
  readonly dot: string;
}

const UNICODE: Symbols = {
  done: '✓',
  failed: '✗',
  running: '▸',
  waiting: '·',
  full: '█',
  empty: '░',
  arrow: '→',
  dot: '·',
};

const ASCII: Symbols = {
  done: '+',
  failed: 'x',
  running: '>',
  waiting: '-',
  full: '#',
  empty: '.',
  arrow: '->',
  dot: '-',
};

/** Plain ASCII where the locale is not UTF-8, such as `LC_ALL=C` on a serial console. */
export function symbolsFor(env: Readonly<Record<string, string | undefined>>): Symbols {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale) ? UNICODE : ASCII;
}
