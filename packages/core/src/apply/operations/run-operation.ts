import {
  chmod,
  chown,
  copyFile,
  mkdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { posix } from 'node:path';
import { parseAccessLists, renderAccessLists, renderPaths } from '../../fidelity/access-lists.ts';
import type { Operation, PlanText } from '../../plan/model.ts';
import { pathsBeside } from '../../plan/operations.ts';
import { runCommand, runPipeline, type Command } from '../command-runner.ts';
import { appendFile } from './append-file.ts';
import { fileDigest } from './file-digest.ts';
import { folderModes, setModes } from './folder-modes.ts';
import { laidNames } from './laid-names.ts';
import { followedInRoot, pathInRoot } from './path-in-root.ts';
import { writeManifest } from './write-manifest.ts';
import { writePartitionTable } from './write-partition-table.ts';

/** What an operation runs in. */
export interface OperationContext {
  /** Where the root of the task lies for us. */
  readonly root: string;
  readonly network: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
  readonly task: string;
  /** Paths at which the root shows files that the plan itself brings. */
  readonly blobs: ReadonlySet<string>;
  readonly signal: AbortSignal;
  resolve(text: PlanText): string;
  onOutput(chunk: string, progress: string | undefined): void;
  onStart(pid: number, progress: string | undefined): void;
}

/** Carries out one operation. */
export async function runOperation(operation: Operation, context: OperationContext): Promise<void> {
  const { root } = context;
  const at = async (path: PlanText): Promise<string> => pathInRoot(root, context.resolve(path));
  switch (operation.kind) {
    case 'exec':
      return runCommand({
        ...command(operation, context),
        argv: operation.argv.map((text) => context.resolve(text)),
      });
    case 'pipe':
      return runPipeline({
        ...command(operation, context),
        commands: operation.commands.map((argv) => argv.map((text) => context.resolve(text))),
      });
    case 'write':
      return writeNew(await at(operation.path), context.resolve(operation.content), operation.mode);
    case 'copy': {
      const from = context.resolve(operation.from);
      const [source, target] = [await followedInRoot(root, from), await at(operation.to)];
      await mkdir(posix.dirname(target), { recursive: true });
      return context.blobs.has(from)
        ? copyBlob(source, target, operation.mode)
        : copy(source, target, operation, context);
    }
    case 'link': {
      const path = await at(operation.path);
      await mkdir(posix.dirname(path), { recursive: true });
      await rm(path, { force: true });
      return symlink(context.resolve(operation.target), path);
    }
    case 'remove':
      return rm(await at(operation.path), { recursive: true, force: true });
    case 'makeDirectory': {
      const path = await followedInRoot(root, context.resolve(operation.path));
      await mkdir(path, { recursive: true });
      return chmod(path, operation.mode);
    }
    case 'digest': {
      const hash = await fileDigest(await followedInRoot(root, context.resolve(operation.of)));
      return writeNew(await at(operation.to), hash.slice(0, operation.length), 0o644);
    }
    case 'accessLists': {
      const dump = await readFile(await at(operation.of), 'latin1');
      const lists = parseAccessLists(dump);
      const paths = await at(pathsBeside(operation.to));
      await writeNew(
        await at(operation.to),
        Buffer.from(renderAccessLists(lists), 'latin1'),
        0o600,
      );
      return writeNew(paths, Buffer.from(renderPaths(lists), 'latin1'), 0o600);
    }
    case 'laid': {
      const follow = async (path: PlanText): Promise<string> =>
        followedInRoot(root, context.resolve(path));
      const names = await laidNames(await Promise.all(operation.of.map(follow)), {
        in: await follow(operation.in),
        leftOut: await readFile(await at(operation.leftOut), 'utf8'),
      });
      return writeNew(await at(operation.to), names, 0o600);
    }
    case 'append': {
      const from = await followedInRoot(root, context.resolve(operation.from));
      return appendFile(from, await at(operation.to), context.signal);
    }
    case 'partition':
      return writePartitionTable(await at(operation.image), {
        ...operation,
        id: context.resolve(operation.id),
        sizeOf: async (path) =>
          (await stat(await followedInRoot(root, context.resolve(path)))).size,
      });
    case 'manifest':
      return writeManifest(
        operation,
        async (path) => followedInRoot(root, context.resolve(path)),
        (text) => context.resolve(text),
      );
  }
}

async function writeNew(path: string, content: string | Buffer, mode: number): Promise<void> {
  await mkdir(posix.dirname(path), { recursive: true });
  await rm(path, { force: true });
  await writeFile(path, content, { flag: 'wx', mode });
  await chmod(path, mode);
}

/** A file of the plan has nothing but its content and mode. */
async function copyBlob(from: string, to: string, mode: number | undefined): Promise<void> {
  await rm(to, { force: true });
  await copyFile(from, to);
  if (mode !== undefined) await chmod(to, mode);
}

/** `cp` keeps hard links, sparse files, xattrs and capabilities, which Node does not. */
async function copy(
  from: string,
  to: string,
  operation: Operation & { kind: 'copy' },
  context: OperationContext,
): Promise<void> {
  const modes = operation.owner === 'root' ? await folderModes(from, to) : new Map();
  const keep =
    operation.owner === 'keep' ? ['-a'] : ['-R', '-d', '--preserve=mode,timestamps,links,xattr'];
  await runCommand({
    argv: [
      'cp',
      ...keep,
      '--sparse=auto',
      '--remove-destination',
      '--no-target-directory',
      '--',
      from,
      to,
    ],
    log: context.log,
    task: context.task,
    signal: context.signal,
  });
  await setModes(modes);
  if (operation.owner === 'root' && (await stat(to)).uid !== 0) await chown(to, 0, 0);
  if (operation.mode !== undefined) await chmod(to, operation.mode);
}

type Settings = {
  cwd?: PlanText;
  env?: Readonly<Record<string, string>>;
  stdin?: PlanText;
  progress?: string;
};

function command(operation: Settings, context: OperationContext): Omit<Command, 'argv'> {
  return {
    root: context.root,
    ...(operation.cwd === undefined ? {} : { cwd: context.resolve(operation.cwd) }),
    env: { ...context.env, ...operation.env },
    network: context.network,
    ...(operation.stdin === undefined ? {} : { stdin: context.resolve(operation.stdin) }),
    log: context.log,
    task: context.task,
    signal: context.signal,
    onOutput: (chunk) => context.onOutput(chunk, operation.progress),
    onStart: (pid) => context.onStart(pid, operation.progress),
  };
}
