import { stripVTControlCharacters } from 'node:util';
import { MissingExport } from './config-jiti.ts';

/** Why a file could not be loaded, and where, without a stack trace. */
export interface Failure {
  readonly text: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
}

/** One line for what was thrown, for places that name the file themselves. */
export function failureText(error: unknown): string {
  const { text, file, line } = describeFailure(error);
  return file === undefined ? text : `${text} (${file}${line === undefined ? '' : `:${line}`})`;
}

/** Finds text and place in what jiti, Node, the YAML and JSON loaders, or a config itself threw. */
export function describeFailure(error: unknown, file?: string): Failure {
  if (!(error instanceof Error)) return { text: `it throws ${typeof error}, not an Error` };
  return (
    fromParser(error) ??
    fromYaml(error, file) ??
    fromJson(error, file) ?? { text: codeText(error), ...placeInStack(error, file) }
  );
}

/** jiti: `ParseError: reason \n file:line:column`. */
function fromParser({ message }: Error): Failure | undefined {
  const [, reason, path, line] =
    /^ParseError: (.*?)\s*\n\s*(.+):(\d+):\d+\s*$/s.exec(message) ?? [];
  if (reason === undefined || path === undefined) return undefined;
  return { text: reason, file: path, line: Number(line) };
}

function fromYaml(error: Error, file?: string): Failure | undefined {
  if (!('mark' in error) || !('reason' in error)) return undefined;
  const line = Number((error.mark as { line?: unknown } | undefined)?.line ?? 0) + 1;
  return { text: String(error.reason), line, ...(file === undefined ? {} : { file }) };
}

/** The JSON loader says where only in a picture of the lines, `> 3 | …`, coloured on a terminal. */
function fromJson(error: Error, file?: string): Failure | undefined {
  if (error.name !== 'JSONError') return undefined;
  const message = stripVTControlCharacters(error.message);
  const line = /^> *(\d+) \|/m.exec(message)?.[1];
  const reason = /^(?!JSON Error)(\w.*?) in JSON\b/m.exec(message)?.[1] ?? 'it is not JSON';
  return {
    text: reason,
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(file === undefined ? {} : { file }),
  };
}

function codeText(error: Error): string {
  const first = firstLine(error.message);
  if (error instanceof MissingExport) return first;
  const missing = /^Cannot find (?:module|package) '([^']+)'/.exec(first)?.[1];
  if (missing !== undefined) return `it imports ${missing}, which is not there${howToGet(missing)}`;
  // A missing import of a module that is not ours is undefined, so its use as a function is the sign.
  const called = /^\(0 , \w+\.(\w+)\) is not a function/.exec(first)?.[1];
  if (called !== undefined) {
    const what = called === 'default' ? 'a default import' : `"${called}"`;
    return `${what} is not a function; is it spelled right in the import?`;
  }
  return first === '' ? error.name : first;
}

function howToGet(name: string): string {
  return /^[./]|^node:/.test(name)
    ? ''
    : `: npm install ${name.split('/', name.startsWith('@') ? 2 : 1).join('/')}`;
}

/** The first frame in the file itself; the others are of no use to who wrote it. */
function placeInStack(error: Error, file?: string): Omit<Failure, 'text'> {
  if (file === undefined) return {};
  for (const frame of error.stack?.split('\n') ?? []) {
    const [, path, line] =
      /^\s*(?:at\s+)?(?:.*\()?(?:file:\/\/)?(\/.+?):(\d+)(?::\d+)?\)?$/.exec(frame) ?? [];
    if (path === file) return { file, line: Number(line) };
  }
  return { file };
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.trim() ?? '';
