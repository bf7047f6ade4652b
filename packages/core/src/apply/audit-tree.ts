import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
    throw new LivesysError(
      'LIVESYS_SOURCE_UNREADABLE',
      `Parts of ${tree.path} cannot be looked at.`,
      {
        details: stderr.split('\n').filter(Boolean).slice(0, 10),
        hint: 'Run the same command with sudo.',
      },
    );
  }
  return [...(await hashesIn(files, async (path) => read(tree, path))), ...finder.findings()];
}

async function read({ path, prefix }: AuditedTree, file: string): Promise<string | undefined> {
  const at = join(path, file);
  if (prefix === undefined) return readFile(at, 'latin1').catch(() => undefined);
  const chunks: Buffer[] = [];
  const { failed } = await stream([...prefix, 'cat', at], (chunk) => void chunks.push(chunk));
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
    findings.push({ path, kind: 'passwords, or hashes of them' });
  }
  return findings;
}
