import type { Position, Rule } from './matcher.ts';

const NONE: readonly Position[] = [];

/** Finds which rules take a name as their next one, without asking each of them. */
export class Names {
  readonly #exact = new Map<string, Position[]>();
  readonly #globs: { readonly position: Position; readonly test: RegExp | undefined }[] = [];
  /** Whether any of the globs takes a name. */
  readonly #some: RegExp | undefined;

  /** The step of each position is a name or a glob. */
  constructor(positions: readonly Position[], rules: readonly Rule[]) {
    const sources: string[] = [];
    for (const position of positions) {
      const step = rules[position.rule]?.steps[position.step];
      if (step?.kind === 'name') {
        const same = this.#exact.get(step.name);
        if (same === undefined) this.#exact.set(step.name, [position]);
        else same.push(position);
      } else if (step?.kind === 'glob') {
        this.#globs.push({ position, test: step.everything ? undefined : step.test });
        sources.push(step.test.source);
      }
    }
    this.#some = sources.length === 0 ? undefined : new RegExp(sources.join('|'), 's');
  }

  at(name: string): readonly Position[] {
    const exact = this.#exact.get(name) ?? NONE;
    if (this.#some?.test(name) !== true) return exact;
    const globs = this.#globs.filter(({ test }) => test === undefined || test.test(name));
    return [...exact, ...globs.map(({ position }) => position)];
  }

  /** Whether one of the rules, by its number, is such a one. */
  some(isOne: (rule: number) => boolean): boolean {
    const positions = [...this.#exact.values()].flat();
    return [...positions, ...this.#globs.map(({ position }) => position)].some(({ rule }) =>
      isOne(rule),
    );
  }
}
