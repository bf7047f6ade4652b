import { readFile } from 'node:fs/promises';
import { SecretFinder, type Finding } from '../audit/secret-finder.ts';
import type { SecretRule } from '../contract/secret-rule.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import { blankPasswords, isPasswordFile } from '../identity/password-files.ts';
import { NOTHING } from '../plan/keys.ts';
import { stream } from './command-runner.ts';
import { seeingMounts } from './seeing-mounts.ts';
import { walk } from './walk.ts';

/** What a tree is. */
export interface AuditedTree {
  /** A folder on this machine. */
  readonly path: string;
  /** For the running system: the mount points that belong to it. */
  readonly mounts?: readonly string[];
  /** Put before a command, it sees the folder. Default: everything sees it. */
  readonly prefix?: readonly string[];
}

/**
 * Lists what is secret in a tree, by the rules by which it is left out of an image. Throws
 * LIVESYS_SOURCE_UNREADABLE where something cannot be looked at.
 */
export async function auditTree(
  tree: AuditedTree,
  rules: readonly SecretRule[],
): Promise<readonly Finding[]> {
  const finder = new SecretFinder(rules);
  const files: string[] = [];
  const sight = seeingMounts(tree);
  const { root, prefix } = { ...sight, prefix: tree.prefix ?? sight.prefix };
  const { failed, stderr } = await walk({
    ...{ root, prefix, leaveOut: NOTHING },
    onEntry({ path, type }) {
      finder.add(path, type === 'd');
      if (type === 'f' && isPasswordFile(path)) files.push(path);
    },
  });
  if (failed) {
    throw unreadable(tree.path, stderr.split('\n').filter(Boolean).slice(0, 10));
  }
  return [...(await hashesIn(files, async (path) => read(tree, path))), ...finder.findings()];
}

function unreadable(path: string, details: readonly string[]): LivesysError {
  return new LivesysError('LIVESYS_SOURCE_UNREADABLE', `Parts of ${path} cannot be looked at.`, {
    details,
    hint: 'Run the same command with sudo.',
  });
}

/** The dot keeps what ends in newlines. */
const CAT = `name=$(printf '%b.' "$1"); exec cat -- "\${name%.}"`;

async function read({ path, prefix }: AuditedTree, file: string): Promise<string | undefined> {
  const at = Buffer.concat([Buffer.from(path), Buffer.from(file, 'latin1')]);
  if (prefix === undefined) {
    return readFile(at, 'latin1').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw unreadable(path, [`${at.toString()}: ${(error as Error).message}`]);
    });
  }
  const chunks: Buffer[] = [];
  // Names are bytes, arguments of a process are text.
  const name = [...at].map((byte) => `\\0${byte.toString(8)}`).join('');
  const { failed } = await stream([...prefix, 'sh', '-c', CAT, 'sh', name], (chunk) => {
    chunks.push(chunk);
  });
  return failed ? undefined : Buffer.concat(chunks).toString('latin1');
}

/** Files that stay in an image, with passwords in them. `read` gives the text of a file, if it is there. */
export async function hashesIn(
  files: readonly string[],
  read: (path: string) => Promise<string | undefined>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const path of files.toSorted()) {
    const text = await read(path);
    if (text === undefined || blankPasswords(path, text, 'secrets') === text) continue;
    findings.push({
      path: Buffer.from(path, 'latin1').toString(),
      kind: 'passwords, or hashes of them',
    });
  }
  return findings;
}
