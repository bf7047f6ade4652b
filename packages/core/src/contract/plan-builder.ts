import type { MountFacts } from './facts.ts';
import type { PartitionTable } from './partition-table.ts';
import type { Artifact, Input, Place, Ref, Text, Tree } from './values.ts';

/** Options of one command. */
export interface ExecOptions {
  /** Working directory. Default: `/`. */
  readonly cwd?: Text;
  /** Added to the clean environment (PATH, LANG=C.UTF-8, TZ=UTC, SOURCE_DATE_EPOCH, HOME). */
  readonly env?: Readonly<Record<string, string>>;
  /** How the tool tells its progress, so that a percentage can be shown. */
  readonly progress?: 'mksquashfs' | 'mkfs.erofs' | 'xorriso' | 'apt' | 'percent';
  /** Given to the command's standard input; the way a secret reaches a tool. */
  readonly stdin?: Text;
}

/** The operations of a task, recorded in order. Nothing is carried out while planning. */
export interface Ops {
  /** Runs a command. There is no shell: every element is one argument. */
  exec(argv: readonly Text[], options?: ExecOptions): void;
  /** Runs commands with each one's output as the next one's input; all must succeed. */
  pipe(commands: readonly (readonly Text[])[], options?: ExecOptions): void;
  /** Writes a file. Default mode: 0644, owner root. Parent folders are made. */
  write(path: Text, content: Text, options?: { readonly mode?: number }): void;
  /** Copies a file or folder with everything a root file system can hold. Parents are made. */
  copy(from: Text, to: Text, options?: CopyOptions): void;
  /** Makes a symbolic link at `path`. Parent folders are made; what lies there is replaced. */
  link(target: Text, path: Text): void;
  /** Removes a file or folder if it is there. */
  remove(path: Text): void;
  /** Makes a folder and its parents. Default mode: 0755. */
  makeDirectory(path: Text, options?: { readonly mode?: number }): void;
  /** Writes the sha256 of a file as hex, cut to `length` digits if given. */
  digest(of: Text, to: Text, options?: { readonly length?: number }): void;
  /**
   * Appends a file to another one, from the next multiple of 1 MiB on, and fills up to one after it.
   * Holes stay holes. What does not exist yet is made.
   */
  append(from: Text, to: Text): void;
  /** Writes a GPT around the partitions that were appended to an image; room for it is kept or added. */
  partition(image: Text, table: PartitionTable): void;
  /** Where an input lies while the task runs. */
  input(input: Input): Text;
  /** Where the task must put an output. */
  output(name: string): Text;
}

export interface CopyOptions {
  /** Mode of a copied file. Default: as it is. */
  readonly mode?: number;
  /**
   * `root` is for a person's folder: everything goes to root, and folders get the mode they have at
   * the target, else the usual one. Default: `keep`.
   */
  readonly owner?: 'keep' | 'root';
}

/** A folder kept between builds, such as a package manager's downloads. Not part of any result. */
export interface DownloadCache {
  /** Letters, digits and dashes; tasks that name the same cache never run at the same time. */
  readonly name: string;
  /** Where it lies in the task's root. */
  readonly at: string;
}

export interface TaskOptions<O extends readonly string[]> {
  /** `kind:name`, unique in the plan. */
  readonly id: string;
  /** A few words for people. Default: the id. */
  readonly title?: string;
  readonly place: Place;
  readonly outputs: O;
  /** Gives the task the network; its key then holds the state of the repositories. */
  readonly network?: boolean;
  readonly downloads?: readonly DownloadCache[];
  /** A compressor that uses all cores and much memory: one at a time. */
  readonly heavy?: boolean;
}

export interface LayerOptions {
  readonly id: string;
  readonly title?: string;
  /** The tree below; it stays as it is. */
  readonly on: Tree;
  /** Keys the layer by these paths of `on` alone; the author vouches that nothing else matters. */
  readonly paths?: readonly string[];
  readonly network?: boolean;
  readonly downloads?: readonly DownloadCache[];
}

export interface RootOptions {
  readonly id: string;
  readonly title?: string;
  /** Runs in this tree, which stays as it is. Default: on the builder, which only sources do. */
  readonly in?: Tree;
  /** Keys the root by these paths of `in` alone; the author vouches that nothing else matters. */
  readonly paths?: readonly string[];
  readonly network?: boolean;
  readonly downloads?: readonly DownloadCache[];
}

/** Collects tasks. Order follows from the handles that tasks take and from nothing else. */
export interface PlanBuilder {
  /** A task that makes named artifacts. */
  task<const O extends readonly string[]>(
    options: TaskOptions<O>,
    body: (ops: Ops) => void,
  ): { readonly [K in O[number]]: Artifact };
  /** A task that changes a tree, seen as `/`, and so makes one new layer on it. */
  layer(options: LayerOptions, body: (ops: Ops) => void): Tree;
  /** A task that makes a tree from nothing, in `ops.output('root')`. */
  root(options: RootOptions, body: (ops: Ops) => void): Tree;
  /** A tree that exists on the builder. It is only ever read. */
  directory(options: {
    readonly id: string;
    readonly path: string;
    /** Lines of .gitignore: what in it does not belong to the tree. */
    readonly excludes?: readonly string[];
  }): Tree;
  /** The system that runs on the builder, put together from its mounts. It is only ever read. */
  mounts(options: {
    readonly id: string;
    /** All there are; those that are `in` make the tree. */
    readonly mounts: readonly MountFacts[];
    /** Lines of .gitignore: what in it does not belong to the tree. */
    readonly excludes?: readonly string[];
  }): Tree;
  /** Puts the top layer of `top` above `below`. For layers that do not depend on what is below. */
  stack(below: Tree, top: Tree): Tree;
  /** The text that an artifact holds, without its last newline. */
  content(artifact: Artifact): Ref;
}
