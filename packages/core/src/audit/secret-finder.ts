import type { SecretRule } from '../contract/secret-rule.ts';
import { NOTHING } from '../plan/keys.ts';
import { Matcher, type Place } from '../rules/matcher.ts';

/** Something secret: where it is and what, never what is in it. */
export interface Finding {
  readonly path: string;
  readonly kind: string;
}

/** A folder on the way to the last path. */
interface Step {
  readonly name: string;
  readonly place: Place;
  /** What was found at it or above it; the folder that is told in place of all that lies in it. */
  readonly found: Finding | undefined;
  /** Whether all that comes into it is secret. */
  readonly isFull: boolean;
}

/** Finds what is secret among the paths of a tree. A folder of secrets is told once, as a whole. */
export class SecretFinder {
  readonly #matcher: Matcher;
  /** By number of a rule. */
  readonly #kinds: readonly string[];
  readonly #findings = new Map<string, Finding>();
  #steps: readonly Step[] = [];

  constructor(rules: readonly SecretRule[]) {
    this.#matcher = new Matcher({ ...NOTHING, excludes: rules.flatMap(({ paths }) => paths) });
    this.#kinds = rules.flatMap(({ kind, paths }) => paths.map(() => kind));
  }

  /** Takes a path, absolute, as bytes, one character each. Quick where it follows a path beside it. */
  add(path: string, isFolder: boolean): void {
    const names = path.split('/').filter(Boolean);
    const steps: Step[] = [];
    for (const [index, name] of names.entries()) {
      const known = this.#steps[index];
      const isInner = index < names.length - 1;
      const above = steps.at(-1);
      if (known?.name === name && isInner && this.#steps[index - 1] === above) steps.push(known);
      else steps.push(this.#enter(above, names.slice(0, index + 1), isFolder || isInner));
    }
    this.#steps = steps;
    const found = steps.at(-1)?.found;
    if (found !== undefined) this.#findings.set(found.path, found);
  }

  /** What was found, by path. */
  findings(): readonly Finding[] {
    return [...this.#findings.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  #enter(above: Step | undefined, names: readonly string[], isFolder: boolean): Step {
    const name = names.at(-1) ?? '';
    const found = this.#matcher.enter(above?.place ?? this.#matcher.root, name, isFolder);
    const { place, verdict, rule } = found;
    const told = above?.found ?? this.#tell(above, names, { isFolder, verdict, rule });
    return { name, place, found: told, isFull: verdict === 'empty' };
  }

  #tell(
    above: Step | undefined,
    names: readonly string[],
    { isFolder, verdict, rule }: { isFolder: boolean; verdict: string; rule: number },
  ): Finding | undefined {
    const kind = this.#kinds[rule] ?? '';
    const shown = (parts: readonly string[]): string =>
      `/${Buffer.from(parts.join('/'), 'latin1').toString()}`;
    if (above?.isFull === true) return { path: `${shown(names.slice(0, -1))}/`, kind };
    if (verdict !== 'out') return undefined;
    return { path: `${shown(names)}${isFolder ? '/' : ''}`, kind };
  }
}
