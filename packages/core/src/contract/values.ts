/**
 * The values a plugin plans with. All of them are handles: none says anything about what will be
 * found while the plan is carried out, so planning cannot branch on it.
 */

const REF = Symbol.for('livesys.ref');

/**
 * A value that is known only while applying, such as the image id or a secret. It can be placed in
 * a {@link Text} and nowhere else: turning it into a string while planning throws.
 */
export interface Ref {
  readonly [REF]: RefTarget;
}

/** What a reference points to: the text content of an artifact, or a secret by name. */
export type RefTarget =
  | { readonly kind: 'content'; readonly task: string; readonly output: string }
  | { readonly kind: 'secret'; readonly name: string };

/** Text that may hold values known only while applying. Build it with {@link text}. */
export type Text = string | Ref | readonly (string | Ref)[];

/** An immutable stack of layers seen as one root. Named by the task that makes its top layer. */
export interface Tree {
  readonly tree: string;
}

/** A file or folder that a task makes, as `<task id>/<output name>`. */
export interface Artifact {
  readonly artifact: string;
}

/** A file that a plugin ships, held by its content. Made by `asset()` or `blob()`. */
export interface Blob {
  readonly sha256: string;
  readonly mode: number;
}

/** A file or folder on the builder. Only sources and the user's own layers use it. */
export interface BuilderPath {
  readonly builderPath: string;
  /** Absolute paths below `builderPath`, as shell patterns, that are neither read nor keyed. */
  readonly excludes?: readonly string[];
}

/**
 * What a task reads. A tree may be narrowed to `paths`: the task is then keyed by those alone and
 * its author vouches that nothing else matters. `topLayerOf` is the top layer of a tree by itself.
 */
export type Input =
  | { readonly tree: Tree; readonly paths?: readonly string[] }
  | { readonly topLayerOf: Tree }
  | Artifact
  | Blob
  | BuilderPath;

/**
 * Where a task's commands run: inside a tree, or in the tools tree or on the builder with trees
 * mounted read-only at the given paths. In each the rest of the root is read-only.
 */
export type Place =
  | { readonly chroot: Tree }
  | { readonly on: 'tools' | 'builder'; readonly mounts: Readonly<Record<string, Tree>> };

/** Makes a reference. For core; plugins get theirs from the plan builder and `secret()`. */
export function makeRef(target: RefTarget): Ref {
  const refuse = (): never => {
    throw new TypeError(
      'a Ref is known only while applying and cannot be read while planning; put it into text`…`',
    );
  };
  const ref = Object.create(null) as { [key: PropertyKey]: unknown };
  Object.defineProperty(ref, REF, { value: Object.freeze({ ...target }) });
  Object.defineProperty(ref, Symbol.toPrimitive, { value: refuse });
  Object.defineProperty(ref, 'toJSON', { value: refuse });
  return Object.freeze(ref) as unknown as Ref;
}

/** Tells whether a value is a {@link Ref}, also one made by another copy of this package. */
export function isRef(value: unknown): value is Ref {
  return typeof value === 'object' && value !== null && REF in value;
}

/** Tells an artifact from a text, where a file may be either. */
export function isArtifact(value: Artifact | Text): value is Artifact {
  return typeof value === 'object' && 'artifact' in value;
}

/** What a reference points to. */
export function refTarget(ref: Ref): RefTarget {
  return ref[REF];
}

/** Joins strings and references: text`root=livesys:${imageId}`. */
export function text(strings: TemplateStringsArray, ...values: readonly Text[]): Text {
  const parts: (string | Ref)[] = [];
  strings.forEach((string, index) => {
    if (string !== '') parts.push(string);
    const value = values[index];
    if (value !== undefined) parts.push(...textParts(value));
  });
  return parts;
}

/** Joins texts with a separator, as `Array.prototype.join` does for strings. */
export function joinText(values: readonly Text[], separator: string): Text {
  return values.flatMap((value, index) => [
    ...(index > 0 && separator !== '' ? [separator] : []),
    ...textParts(value),
  ]);
}

/** The parts of a text, in order. */
export function textParts(value: Text): readonly (string | Ref)[] {
  return typeof value === 'string' || isRef(value) ? [value] : value;
}
