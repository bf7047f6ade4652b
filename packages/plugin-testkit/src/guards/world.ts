import { Patches } from './patches.ts';

const ENVIRONMENT = {
  HOME: '/home/elsewhere',
  LANG: 'tr_TR.UTF-8',
  LC_ALL: 'tr_TR.UTF-8',
  PATH: '/opt/elsewhere/bin',
  PWD: '/opt/elsewhere',
  TMPDIR: '/opt/elsewhere/tmp',
  TZ: 'Pacific/Kiritimati',
  USER: 'elsewhere',
};

/** Ten years and a bit: another year, month, day and hour. */
const LATER = 320_000_000_123;

/** Runs `body` as if on another machine: folder, environment, time zone, locale, time and chance. */
export async function inAnotherWorld<T>(body: () => Promise<T>): Promise<T> {
  const patches = new Patches();
  const environment = { ...process.env };
  setEnvironment(ENVIRONMENT);
  patches.replace(process, 'cwd', () => '/opt/elsewhere');
  patches.replace(process, 'pid', 4242);
  patches.replace(process, 'arch', 's390x');
  patches.replace(process, 'platform', 'freebsd');
  patches.replace(process, 'getuid', () => 4242);
  patches.replace(Math, 'random', () => 0.424_242);
  patches.replace(globalThis, 'Date', laterDate());
  otherLocale(patches);
  try {
    return await body();
  } finally {
    patches.restore();
    setEnvironment(environment);
  }
}

/** Changed in place: V8 learns of another time zone only through the real object. */
function setEnvironment(values: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) {
    if (values[name] === undefined) Reflect.deleteProperty(process.env, name);
  }
  Object.assign(process.env, values);
}

function laterDate(): DateConstructor {
  const RealDate: DateConstructor = Date;
  return new Proxy(RealDate, {
    construct: (target, given: [], newTarget): object =>
      given.length === 0
        ? new RealDate(RealDate.now() + LATER)
        : (Reflect.construct(target, given, newTarget) as Date),
    get: (target, member): unknown =>
      member === 'now' ? () => RealDate.now() + LATER : Reflect.get(target, member),
  });
}

/** The locale of a process is settled when it starts, so what depends on it is replaced. */
function otherLocale(patches: Patches): void {
  const compare = (one: string, other: string): number =>
    one === other ? 0 : one < other ? 1 : -1;
  patches.replace(
    String.prototype,
    'localeCompare',
    function compareBackwards(this: string, other: string) {
      return compare(this, other);
    },
  );
  patches.replace(String.prototype, 'toLocaleUpperCase', function upper(this: string) {
    return this.replaceAll('i', 'İ').toUpperCase();
  });
  patches.replace(String.prototype, 'toLocaleLowerCase', function lower(this: string) {
    return this.replaceAll('I', 'ı').toLowerCase();
  });
  for (const owner of [Date.prototype, Number.prototype]) {
    for (const member of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']) {
      if (member in owner) patches.replace(owner, member, () => 'elsewhere');
    }
  }
}
