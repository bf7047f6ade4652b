import { LivesysError } from '../errors/livesys-error.ts';
import type { ErrorCode } from '../errors/table.ts';

/** One thing to mend in a config. */
export interface Problem {
  readonly path: KeyPath;
  /** What is wrong and, where it is known, what to write instead. */
  readonly text: string;
  /** Default: a key or name of the config. */
  readonly kind?: ProblemKind;
}

export type KeyPath = readonly PropertyKey[];
export type ProblemKind = 'config' | 'plugin-missing' | 'plugin-api';

const CODES: Readonly<Record<ProblemKind, ErrorCode>> = {
  config: 'LIVESYS_CONFIG_INVALID',
  'plugin-missing': 'LIVESYS_PLUGIN_NOT_FOUND',
  'plugin-api': 'LIVESYS_PLUGIN_INCOMPATIBLE',
};

/** All problems as one error. Its code is a special one only when every problem is of that kind. */
export function problemsError(label: string, problems: readonly Problem[]): LivesysError {
  const kinds = new Set(problems.map((problem) => problem.kind ?? 'config'));
  const [only] = kinds;
  const code = kinds.size === 1 && only !== undefined ? CODES[only] : CODES.config;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new LivesysError(code, `${label}: ${count}`, { details: columns(problems) });
}

/** `profiles.office.layers[1]`, as one would write it in code. */
export function keyPath(path: KeyPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

function columns(problems: readonly Problem[]): readonly string[] {
  const rows = problems.map(({ path, text }) => ({ key: keyPath(path), text }));
  const width = Math.max(...rows.map(({ key }) => key.length));
  return rows.map(({ key, text }) => (width === 0 ? text : `${key.padEnd(width)}   ${text}`));
}
