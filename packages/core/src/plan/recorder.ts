import { blobContent } from '../contract/blob.ts';
import type {
  LayerOptions,
  Ops,
  PlanBuilder,
  RootOptions,
  TaskOptions,
} from '../contract/plan-builder.ts';
import { makeRef, type Artifact, type Place, type Tree } from '../contract/values.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import { NOTHING } from './keys.ts';
import type { LeaveOut, PlanPlace, PlanResult, PlanTask, PlanTree, Step } from './model.ts';
import { OpsRecorder, type CoreOps } from './ops-recorder.ts';

/** Who plans: attributed to every task it makes. */
export interface Author {
  readonly plugin: string;
  readonly step: Step;
}

interface TaskDraft {
  readonly id: string;
  readonly title?: string | undefined;
  readonly place: PlanPlace;
  readonly result: PlanResult;
  readonly network?: boolean | undefined;
  readonly heavy?: boolean | undefined;
  readonly downloads?: PlanTask['downloads'] | undefined;
}

/** Collects the tasks of one wave. Each plugin plans through a builder of its own. */
export class PlanRecorder {
  readonly tasks: PlanTask[] = [];
  readonly trees = new Map<string, PlanTree>();
  readonly blobs = new Map<string, string>();
  #tools: Tree | undefined;

  /** From now on `on: 'tools'` means this tree. */
  useTools(tree: Tree): void {
    this.#tools = tree;
  }

  /** Adds a tree that an earlier wave made. */
  addTree(id: string, tree: PlanTree): Tree {
    this.trees.set(id, tree);
    return { tree: id };
  }

  /** The plan builder that an author gets. */
  builderFor(author: Author): CorePlanBuilder {
    return {
      task: (options, body) => this.#task(author, options, body),
      layer: (options, body) => this.#layer(author, options, body),
      root: (options, body) => this.#root(author, options, body),
      directory: ({ id, path, excludes = [] }) =>
        this.addTree(id, { layers: [{ kind: 'directory', path, ...without(excludes) }] }),
      mounts: ({ id, mounts, excludes = [] }) =>
        this.addTree(id, {
          layers: [{ kind: 'mounts', mounts: structuredClone(mounts), ...without(excludes) }],
        }),
      stack: (below, top) => this.#stack(below, top),
      content: (artifact) => contentRef(artifact),
      output: (options, body) => this.#output(author, options, body),
    };
  }

  #task<const O extends readonly string[]>(
    author: Author,
    options: TaskOptions<O>,
    body: (ops: CoreOps) => void,
  ): { readonly [K in O[number]]: Artifact } {
    this.#record(
      author,
      {
        ...options,
        place: this.#place(options.id, options.place),
        result: { kind: 'artifacts', outputs: [...options.outputs] },
      },
      options.outputs,
      body,
    );
    const entries = options.outputs.map((name) => [name, { artifact: `${options.id}/${name}` }]);
    return Object.fromEntries(entries) as { readonly [K in O[number]]: Artifact };
  }

  #layer(author: Author, options: LayerOptions, body: (ops: Ops) => void): Tree {
    const below = this.#tree(options.id, options.on);
    const place: PlanPlace = {
      kind: 'layer',
      on: options.on.tree,
      ...(options.paths === undefined ? {} : { paths: [...options.paths] }),
    };
    this.#record(author, { ...options, place, result: { kind: 'layer' } }, [], body);
    return this.addTree(options.id, {
      layers: [...below.layers, { kind: 'task', task: options.id }],
      ...(options.paths === undefined ? {} : { keyedBy: [...options.paths] }),
    });
  }

  #root(author: Author, options: RootOptions, body: (ops: Ops) => void): Tree {
    const place = this.#rootPlace(options);
    this.#record(author, { ...options, place, result: { kind: 'root' } }, ['root'], body);
    return this.addTree(options.id, { layers: [{ kind: 'task', task: options.id }] });
  }

  #rootPlace({ id, in: tree, paths }: RootOptions): PlanPlace {
    if (tree === undefined) return { kind: 'builder', mounts: {} };
    this.#tree(id, tree);
    const narrowed = paths === undefined ? {} : { paths: [...paths] };
    return { kind: 'chroot', tree: tree.tree, ...narrowed };
  }

  #output(author: Author, options: OutputOptions, body: (ops: Ops) => void): void {
    const result: PlanResult = {
      kind: 'output',
      path: options.path,
      firmware: [...options.firmware],
    };
    const place = this.#place(options.id, { on: 'tools', mounts: {} });
    this.#record(author, { ...options, heavy: true, place, result }, ['image'], body);
  }

  #stack(below: Tree, top: Tree): Tree {
    const upper = this.#tree('stack', top).layers.at(-1);
    if (upper === undefined) return below;
    return this.addTree(`${below.tree}+${top.tree}`, {
      layers: [...this.#tree('stack', below).layers, upper],
    });
  }

  #tree(task: string, tree: Tree): PlanTree {
    const found = this.trees.get(tree.tree);
    if (found !== undefined) return found;
    throw new LivesysError(
      'LIVESYS_PLUGIN_DEFECT',
      `Task ${task} names a tree that nothing made: ${tree.tree}`,
      { task },
    );
  }

  #place(task: string, place: Place): PlanPlace {
    if ('chroot' in place) return { kind: 'chroot', tree: place.chroot.tree };
    const mounts = Object.fromEntries(
      Object.entries(place.mounts).map(([at, tree]) => [at, tree.tree]),
    );
    if (place.on === 'builder') return { kind: 'builder', mounts };
    if (this.#tools === undefined) {
      throw new LivesysError(
        'LIVESYS_PLUGIN_DEFECT',
        `Task ${task} runs in the tools tree before there is one`,
        { task },
      );
    }
    return { kind: 'tools', tree: this.#tools.tree, mounts };
  }

  #record(
    author: Author,
    draft: TaskDraft,
    outputs: readonly string[],
    body: (ops: CoreOps) => void,
  ): void {
    if (this.tasks.some((task) => task.id === draft.id)) {
      throw new LivesysError('LIVESYS_PLUGIN_DEFECT', `Two tasks are named ${draft.id}`, {
        ...author,
        task: draft.id,
      });
    }
    const ops = new OpsRecorder(outputs);
    body(ops);
    for (const input of ops.inputs)
      if (input.kind === 'blob') this.#keepBlob(draft.id, input.sha256);
    this.tasks.push({
      id: draft.id,
      title: draft.title ?? draft.id,
      step: author.step,
      plugin: author.plugin,
      place: draft.place,
      inputs: ops.inputs,
      result: draft.result,
      network: draft.network ?? false,
      heavy: draft.heavy ?? false,
      downloads: (draft.downloads ?? []).map(({ name, at }) => ({ name, at })),
      operations: ops.operations,
    });
  }

  #keepBlob(task: string, sha256: string): void {
    const content = blobContent(sha256);
    if (content === undefined) {
      throw new LivesysError(
        'LIVESYS_PLUGIN_DEFECT',
        `Task ${task} uses a blob whose content is not known; make it with asset() or blob()`,
        { task },
      );
    }
    this.blobs.set(sha256, Buffer.from(content).toString('base64'));
  }
}

export interface OutputOptions {
  readonly id: string;
  readonly title?: string;
  /** Absolute on the builder. */
  readonly path: string;
  readonly firmware: readonly string[];
}

/** The plan builder with what only core may plan. */
export interface CorePlanBuilder extends PlanBuilder {
  task<const O extends readonly string[]>(
    options: TaskOptions<O>,
    body: (ops: CoreOps) => void,
  ): { readonly [K in O[number]]: Artifact };
  output(options: OutputOptions, body: (ops: Ops) => void): void;
}

function without(excludes: readonly string[]): { readonly leaveOut?: LeaveOut } {
  return excludes.length === 0 ? {} : { leaveOut: { ...NOTHING, excludes: [...excludes] } };
}

function contentRef(artifact: Artifact) {
  const slash = artifact.artifact.lastIndexOf('/');
  return makeRef({
    kind: 'content',
    task: artifact.artifact.slice(0, slash),
    output: artifact.artifact.slice(slash + 1),
  });
}
