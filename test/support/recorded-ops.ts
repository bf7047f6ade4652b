import {
  isRef,
  type DistroAdapter,
  type Facts,
  type LiveUser,
  type Ops,
  type Text,
} from '@livesys/core/plugin';

/** A text as a plan would hold it, with a sign in place of values that are known later. */
export const textOf = (value: Text): string =>
  typeof value === 'string' ? value : isRef(value) ? '<ref>' : value.map(textOf).join('');

/** What a part of an adapter records. */
export interface Recorded {
  /** In order: a command and `<` with its input, `link PATH TARGET`, `remove PATH`. */
  readonly lines: readonly string[];
  /** Written files by path. */
  readonly contents: ReadonlyMap<string, string>;
}

export function recordedBy(body: (ops: Ops) => void): Recorded {
  const lines: string[] = [];
  const contents = new Map<string, string>();
  const ops: Partial<Ops> = {
    exec: (argv, options) =>
      void lines.push([...argv.map(textOf), '<', textOf(options?.stdin ?? '')].join(' ')),
    write: (path, content) => void contents.set(textOf(path), textOf(content)),
    link: (target, path) => void lines.push(`link ${textOf(path)} ${textOf(target)}`),
    input: () => '/in',
    copy: (from, to) => void lines.push(`copy ${textOf(from)} ${textOf(to)}`),
    remove: (path) => void lines.push(`remove ${textOf(path)}`),
  };
  body(ops as Ops);
  return { lines, contents };
}

/** How an adapter makes a system live: for a user, with packages installed, as another machine or not. */
export const generalizationBy =
  (generalize: DistroAdapter['generalize']) =>
  (
    user: LiveUser | undefined,
    packages: Readonly<Record<string, string>> = {},
    identity: 'reset' | 'keep' = 'reset',
  ): Recorded => {
    const facts = { distro: { packages } } as unknown as Facts;
    return recordedBy((ops) => generalize(ops, { facts, identity, user, hostname: 'box' }));
  };
