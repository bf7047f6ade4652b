import type { PartitionTable } from '../contract/partition-table.ts';
import type { CopyOptions, ExecOptions, Ops } from '../contract/plan-builder.ts';
import type { Input, Text } from '../contract/values.ts';
import { WORK, type ImageDescription, type Operation, type PlanInput } from './model.ts';
import { planText } from './text.ts';

/** Operations that only core records. */
export interface CoreOps extends Ops {
  manifest(image: ImageDescription, to: { manifest: Text; json: Text; id: Text }): void;
  /** Turns a dump of `getfattr` into lines for systemd-tmpfiles, in a file that only root may read. */
  accessLists(of: Text, to: Text): void;
  /**
   * Lists, each ended by a zero byte, what of folders that were laid over a layer is in it and yet
   * matches lines by which things are left out; folders come before what is in them.
   */
  laid(of: readonly Text[], options: { in: Text; leftOut: Text; to: Text }): void;
}

/** Records the operations of one task; what it is given is copied, nothing is carried out. */
export class OpsRecorder implements CoreOps {
  readonly operations: Operation[] = [];
  readonly inputs: PlanInput[] = [];
  readonly #outputs: readonly string[];

  constructor(outputs: readonly string[]) {
    this.#outputs = outputs;
  }

  exec(argv: readonly Text[], options: ExecOptions = {}): void {
    if (argv.length === 0) throw new TypeError('exec needs at least a program');
    this.operations.push({ kind: 'exec', argv: argv.map(planText), ...commandOptions(options) });
  }

  pipe(commands: readonly (readonly Text[])[], options: ExecOptions = {}): void {
    this.operations.push({
      kind: 'pipe',
      commands: commands.map((argv) => argv.map(planText)),
      ...commandOptions(options),
    });
  }

  write(path: Text, content: Text, options: { readonly mode?: number } = {}): void {
    this.operations.push({
      kind: 'write',
      path: planText(path),
      content: planText(content),
      mode: options.mode ?? 0o644,
    });
  }

  copy(from: Text, to: Text, options: CopyOptions = {}): void {
    this.operations.push({
      kind: 'copy',
      from: planText(from),
      to: planText(to),
      ...(options.mode === undefined ? {} : { mode: options.mode }),
      owner: options.owner ?? 'keep',
    });
  }

  link(target: Text, path: Text): void {
    this.operations.push({ kind: 'link', target: planText(target), path: planText(path) });
  }

  remove(path: Text): void {
    this.operations.push({ kind: 'remove', path: planText(path) });
  }

  makeDirectory(path: Text, options: { readonly mode?: number } = {}): void {
    this.operations.push({
      kind: 'makeDirectory',
      path: planText(path),
      mode: options.mode ?? 0o755,
    });
  }

  digest(of: Text, to: Text, options: { readonly length?: number } = {}): void {
    this.operations.push({
      kind: 'digest',
      of: planText(of),
      to: planText(to),
      length: options.length ?? 64,
    });
  }

  manifest(image: ImageDescription, to: { manifest: Text; json: Text; id: Text }): void {
    this.operations.push({
      kind: 'manifest',
      image,
      to: { manifest: planText(to.manifest), json: planText(to.json), id: planText(to.id) },
    });
  }

  accessLists(of: Text, to: Text): void {
    this.operations.push({ kind: 'accessLists', of: planText(of), to: planText(to) });
  }

  laid(of: readonly Text[], options: { in: Text; leftOut: Text; to: Text }): void {
    this.operations.push({
      kind: 'laid',
      of: of.map(planText),
      in: planText(options.in),
      leftOut: planText(options.leftOut),
      to: planText(options.to),
    });
  }

  append(from: Text, to: Text): void {
    this.operations.push({ kind: 'append', from: planText(from), to: planText(to) });
  }

  partition(image: Text, { id, active = false, partitions }: PartitionTable): void {
    this.operations.push({
      kind: 'partition',
      image: planText(image),
      id: planText(id),
      active,
      partitions: partitions.map(({ number, type, name = '', size }) => ({
        number,
        type,
        name,
        size: size === 'rest' ? size : { of: planText(size.of) },
      })),
    });
  }

  input(input: Input): Text {
    const found = this.inputs.find((known) => sameInput(known, planInput(input, known.at)));
    if (found !== undefined) return found.at;
    const at = `${WORK}/in/${this.inputs.length}${suffix(input)}`;
    this.inputs.push(planInput(input, at));
    return at;
  }

  output(name: string): Text {
    if (!this.#outputs.includes(name)) {
      throw new TypeError(`"${name}" is not an output of this task: ${this.#outputs.join(', ')}`);
    }
    return `${WORK}/out/${name}`;
  }
}

function commandOptions(options: ExecOptions) {
  return {
    ...(options.cwd === undefined ? {} : { cwd: planText(options.cwd) }),
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
    ...(options.progress === undefined ? {} : { progress: options.progress }),
    ...(options.stdin === undefined ? {} : { stdin: planText(options.stdin) }),
  };
}

/** Ends the path of an input in a readable name, so that a log line says what was read. */
function suffix(input: Input): string {
  if ('artifact' in input) return `-${input.artifact.slice(input.artifact.lastIndexOf('/') + 1)}`;
  return '';
}

function sameInput(a: PlanInput, b: PlanInput): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function planInput(input: Input, at: string): PlanInput {
  if ('artifact' in input) {
    const slash = input.artifact.lastIndexOf('/');
    return {
      at,
      kind: 'artifact',
      task: input.artifact.slice(0, slash),
      output: input.artifact.slice(slash + 1),
    };
  }
  if ('sha256' in input) return { at, kind: 'blob', sha256: input.sha256, mode: input.mode };
  if ('topLayerOf' in input) return { at, kind: 'topLayer', tree: input.topLayerOf.tree };
  if ('builderPath' in input) {
    return {
      at,
      kind: 'builderPath',
      path: input.builderPath,
      excludes: [...(input.excludes ?? [])],
    };
  }
  return {
    at,
    kind: 'tree',
    tree: input.tree.tree,
    ...(input.paths === undefined ? {} : { paths: [...input.paths] }),
  };
}
