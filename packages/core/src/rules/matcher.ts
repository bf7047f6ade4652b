import type { LeaveOut } from '../plan/model.ts';
import { Names } from './names.ts';
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

export interface Rule {
  /** The line that it was read from. */
  readonly line: string;
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
export interface Position {
  readonly rule: number;
  readonly step: number;
}

/** Where a walk is: what was decided for a folder, and which rules go on below it. */
export type Place = Station;

interface Judgement {
  readonly verdict: Verdict;
  readonly place: Place;
  readonly rule: number;
}

/**
 * Judges paths by rules while a tree is walked from the top. The last rule that matches a path or a
 * folder above it decides, as in .gitignore. Unlike there, a rule with a slash that brings something
 * back is also followed into folders that are left out.
 */
export class Matcher {
  readonly root: Place;
  readonly #rules: readonly Rule[];
  /** Of rules for any depth that are one name. */
  readonly #anywhere: Names;
  /** Few: most folders lie where no rule goes on but those for any depth. */
  readonly #stations = new Map<string, Station>();

  constructor(leaveOut: LeaveOut) {
    this.#rules = rulesOf(leaveOut);
    const all = this.#rules.map((rule, index) => ({ rule, position: { rule: index, step: 0 } }));
    const isAnywhere = ({ anchored, steps }: Rule): boolean =>
      !anchored && steps[0] !== undefined && steps[0].kind !== 'any';
    const here = all.filter(({ rule }) => !isAnywhere(rule));
    const anywhere = all.filter(({ rule }) => isAnywhere(rule));
    this.#anywhere = new Names(
      anywhere.map(({ position }) => position),
      this.#rules,
    );
    this.root = this.#station(
      -1,
      here.map(({ position }) => position),
    );
  }

  /** Judges an entry of a folder. Gives the place for what is below it, and the rule that decided. */
  enter(place: Place, name: string, isFolder: boolean): Judgement {
    const further: Position[] = [];
    let self = place.decided;
    let below = place.decided;
    for (const { rule: index, step } of [...place.names.at(name), ...this.#anywhere.at(name)]) {
      const rule = this.#rules[index] as Rule;
      if (step + 1 < rule.steps.length) further.push({ rule: index, step: step + 1 });
      else if (isFolder || !rule.folders) {
        self = Math.max(self, index);
        if (rule.below !== 'nothing') below = Math.max(below, index);
      }
    }
    const out = this.#rules[self]?.out ?? false;
    if (!isFolder) return { verdict: out ? 'out' : 'in', place, rule: self };
    const clears = below > place.decided && this.#rules[below]?.below === 'clears';
    const next = this.#next(place, clears ? -1 : below, further);
    return { verdict: this.#verdict(out, next), place: next, rule: self };
  }

  /** The line by which an entry, or all that is in it, is left out; undefined for one that stays. */
  lineOf({ verdict, place, rule }: Judgement): string | undefined {
    if (verdict === 'out') return this.#rules[rule]?.line;
    return verdict === 'empty' ? this.#rules[place.all ?? -1]?.line : undefined;
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

  #next({ lasting, decided: before, same }: Place, decided: number, further: readonly Position[]) {
    if (further.length === 0 && decided === before && same !== undefined) return same;
    return this.#station(decided, [...lasting, ...further]);
  }

  #station(decided: number, positions: readonly Position[]): Station {
    const marks = new Set(positions.map(({ rule, step }) => `${rule}:${step}`));
    const key = `${decided} ${[...marks].toSorted().join(' ')}`;
    const known = this.#stations.get(key);
    if (known !== undefined) return known;
    const station = new Station(decided, positions, this.#rules);
    this.#stations.set(key, station);
    station.same = this.#station(decided, station.lasting);
    return station;
  }

  #verdict(out: boolean, below: Place): Verdict {
    const { brings } = below;
    if (out) return brings ? 'way' : 'out';
    return !brings && this.#empties(below) ? 'empty' : 'in';
  }

  /** Whether a rule leaves out every name there is in a folder, and none that decides later. */
  #empties({ decided, all }: Place): boolean {
    if (all === undefined || all < decided) return false;
    return !this.#anywhere.some((rule) => rule > all && !(this.#rules[rule] as Rule).out);
  }
}

/** What is the same for every folder at which the rules stand alike. */
class Station {
  /** The last rule that decided about what is in this folder; -1 for none. */
  readonly decided: number;
  /** What the names in it must be for a rule to go on. */
  readonly names: Names;
  /** Rules that may go on at any depth below. */
  readonly lasting: readonly Position[];
  /** Whether something below may be brought back. */
  readonly brings: boolean;
  /** The last rule that leaves out every name in it. */
  readonly all: number | undefined;
  /** The place of a folder in it that no rule speaks of. */
  same: Station | undefined;

  constructor(decided: number, positions: readonly Position[], rules: readonly Rule[]) {
    const isAny = ({ rule, step }: Position): boolean => rules[rule]?.steps[step]?.kind === 'any';
    const passed = ({ rule, step }: Position): readonly Position[] =>
      isAny({ rule, step }) ? passed({ rule, step: step + 1 }) : [{ rule, step }];
    this.decided = decided;
    this.names = new Names(positions.flatMap(passed), rules);
    this.lasting = positions.filter(isAny);
    this.brings = positions.some(({ rule, step }) => step > 0 && rules[rule]?.out === false);
    this.all = positions
      .flatMap(passed)
      .filter((position) => leavesOutEverything(position, rules))
      .reduce<number | undefined>((last, { rule }) => Math.max(last ?? rule, rule), undefined);
  }
}

function leavesOutEverything({ rule, step }: Position, rules: readonly Rule[]): boolean {
  const { out, folders, steps } = rules[rule] as Rule;
  const last = steps[step];
  return out && !folders && step === steps.length - 1 && last?.kind === 'glob' && last.everything;
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
  return [{ line, out, folders, below, anchored, steps: segments.map(stepOf) }];
}

function stepOf(segment: Segment): Step {
  if (segment.kind !== 'glob') return segment;
  const { source } = segment;
  return { kind: 'glob', test: new RegExp(`^${source}$`, 's'), everything: source === '[^/]*' };
}
