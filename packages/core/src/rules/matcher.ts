import type { LeaveOut } from '../plan/model.ts';
import { parsePattern, type Segment } from './pattern.ts';

/** What becomes of a path. */
export type Verdict =
  /** It stays. */
  | 'in'
  /** A folder that stays with its owner and mode, while nothing in it does, now or later. */
  | 'empty'
  /** A folder that is left out but for something below it. */
  | 'way'
  /** It is left out, with all below it. */
  | 'out';

interface Rule {
  readonly out: boolean;
  readonly folders: boolean;
  /**
   * What it says about what is below a folder that it matches: it decides there as long as no later
   * rule does; whatever left the folder out says nothing more; or nothing.
   */
  readonly below: 'decides' | 'clears' | 'nothing';
  readonly anchored: boolean;
  readonly steps: readonly Step[];
}

type Step =
  | { readonly kind: 'any' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'glob'; readonly test: RegExp; readonly everything: boolean };

/** A rule of which the first names have matched. */
interface Position {
  readonly rule: number;
  readonly step: number;
}

/** Where a walk is: what was decided for a folder, and which rules go on below it. */
export interface Place {
  /** The last rule that decided about what is in this folder; -1 for none. */
  readonly decided: number;
  readonly positions: readonly Position[];
}

/**
 * Judges paths by rules while a tree is walked from the top. The last rule that matches a path or a
 * folder above it decides, as in .gitignore. Unlike there, a rule with a slash that brings something
 * back is also followed into folders that are left out.
 */
export class Matcher {
  readonly root: Place;
  readonly #rules: readonly Rule[];
  /** Rules for any depth that are a plain name, by that name. */
  readonly #names = new Map<string, number[]>();
  /** Other rules for any depth that are one name. */
  readonly #globs: number[] = [];

  constructor(leaveOut: LeaveOut) {
    this.#rules = rulesOf(leaveOut);
    const positions: Position[] = [];
    for (const [index, { anchored, steps }] of this.#rules.entries()) {
      const [first] = steps;
      if (anchored || first === undefined) positions.push({ rule: index, step: 0 });
      else if (first.kind === 'name') {
        this.#names.set(first.name, [...(this.#names.get(first.name) ?? []), index]);
      } else this.#globs.push(index);
    }
    this.root = { decided: -1, positions };
  }

  /** Judges an entry of a folder. Gives the place for what is below it, and the rule that decided. */
  enter(
    place: Place,
    name: string,
    isFolder: boolean,
  ): { readonly verdict: Verdict; readonly place: Place; readonly rule: number } {
    const positions: Position[] = [];
    let self = place.decided;
    let below = place.decided;
    const matched = (index: number): void => {
      const rule = this.#rules[index] as Rule;
      if (rule.folders && !isFolder) return;
      self = Math.max(self, index);
      if (rule.below !== 'nothing') below = Math.max(below, index);
    };
    this.#advance(place.positions, name, positions, matched);
    for (const index of this.#names.get(name) ?? []) matched(index);
    for (const index of this.#globs) if (this.#fits(index, 0, name)) matched(index);
    const clears = below > place.decided && this.#rules[below]?.below === 'clears';
    const next = { decided: clears ? -1 : below, positions };
    return {
      verdict: this.#verdict(this.#leavesOut(self), isFolder, next),
      place: next,
      rule: self,
    };
  }

  /** Judges a path by itself. */
  judge(path: string, isFolder: boolean): Verdict {
    let place = this.root;
    let verdict: Verdict = 'in';
    const names = path.split('/').filter(Boolean);
    for (const [index, name] of names.entries()) {
      const found = this.enter(place, name, isFolder || index < names.length - 1);
      ({ verdict, place } = found);
      if (verdict === 'out') return 'out';
      if (verdict === 'empty' && index < names.length - 1) return 'out';
    }
    return verdict;
  }

  #leavesOut(rule: number): boolean {
    return this.#rules[rule]?.out ?? false;
  }

  #verdict(out: boolean, isFolder: boolean, below: Place): Verdict {
    if (!isFolder) return out ? 'out' : 'in';
    const brought = below.positions.some(
      ({ rule, step }) => step > 0 && !(this.#rules[rule] as Rule).out,
    );
    if (out) return brought ? 'way' : 'out';
    return !brought && this.#emptied(below) ? 'empty' : 'in';
  }

  /** Whether a rule leaves out every name there is in a folder, and none that decides later. */
  #emptied({ decided, positions }: Place): boolean {
    const all = positions.filter(({ rule, step }) => this.#isEverything(rule, step));
    const last = Math.max(...all.map(({ rule }) => rule));
    if (all.length === 0 || last < decided) return false;
    const anywhere = [...this.#names.values()].flat().concat(this.#globs);
    return !anywhere.some((index) => index > last && !(this.#rules[index] as Rule).out);
  }

  #isEverything(index: number, step: number): boolean {
    const { out, folders, steps } = this.#rules[index] as Rule;
    const next = steps[step]?.kind === 'any' ? step + 1 : step;
    const last = steps[next];
    const isLast = next === steps.length - 1 && last?.kind === 'glob';
    return out && !folders && isLast && last.everything;
  }

  /** Takes one name in each rule that is on its way, and tells of those that it ends. */
  #advance(
    from: readonly Position[],
    name: string,
    positions: Position[],
    matched: (rule: number) => void,
  ): void {
    for (const { rule, step } of from) {
      const { steps } = this.#rules[rule] as Rule;
      if (steps[step]?.kind === 'any') {
        add(positions, { rule, step });
        this.#advance([{ rule, step: step + 1 }], name, positions, matched);
      } else if (this.#fits(rule, step, name)) {
        if (step + 1 === steps.length) matched(rule);
        else add(positions, { rule, step: step + 1 });
      }
    }
  }

  #fits(rule: number, at: number, name: string): boolean {
    const step = (this.#rules[rule] as Rule).steps[at];
    if (step?.kind === 'name') return step.name === name;
    return step?.kind === 'glob' && (step.everything || step.test.test(name));
  }
}

function add(positions: Position[], position: Position): void {
  const known = positions.some(
    ({ rule, step }) => rule === position.rule && step === position.step,
  );
  if (!known) positions.push(position);
}

/**
 * The rules in the order in which the last one decides. What is brought back does not bring secrets
 * below it, except where it names them itself.
 */
function rulesOf({ excludes, secrets, include }: LeaveOut): readonly Rule[] {
  return [
    ...excludes.flatMap((line) => ruleOf(line, {})),
    ...include.flatMap((line) => ruleOf(line, { brings: true })),
    ...secrets.flatMap((line) => ruleOf(line, {})),
    ...include.flatMap((line) => ruleOf(line, { brings: true, alone: true })),
  ];
}

function ruleOf(
  line: string,
  { brings = false, alone = false }: { readonly brings?: boolean; readonly alone?: boolean },
): readonly Rule[] {
  const pattern = parsePattern(line);
  if (pattern === undefined) return [];
  const { anchored, folders, segments } = pattern;
  const out = !brings && !pattern.brings;
  const below = alone ? 'nothing' : pattern.brings ? 'clears' : 'decides';
  return [{ out, folders, below, anchored, steps: segments.map(stepOf) }];
}

function stepOf(segment: Segment): Step {
  if (segment.kind !== 'glob') return segment;
  const { source } = segment;
  return { kind: 'glob', test: new RegExp(`^${source}$`, 's'), everything: source === '[^/]*' };
}
