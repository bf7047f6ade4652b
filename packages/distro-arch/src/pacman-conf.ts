import type { Probe } from '@livesys/core/plugin';
import { glob } from './glob.ts';

/** One repository of a pacman.conf. */
export interface Repository {
  readonly name: string;
  /** Addresses, still with `$repo` and `$arch`. */
  readonly servers: readonly string[];
  /** Addresses that only packages are asked for, before the others. Since pacman 6.1. */
  readonly cacheServers?: readonly string[];
  /** Words of `Usage`. Default: all of it. */
  readonly usage?: readonly string[];
  /** Words of `SigLevel`; what they do not say is as in the options. */
  readonly signatures?: readonly string[];
}

/** What a pacman.conf says that matters for a new root. */
export interface PacmanConf {
  readonly repositories: readonly Repository[];
  /** As written, `auto` among them; the first one is that of addresses. */
  readonly architectures: readonly string[];
  /** Words of the `SigLevel` of the options, later ones winning. */
  readonly signatures: readonly string[];
  /** Why pacman would not take the file; nothing of it is to be used then. */
  readonly problems: readonly string[];
}

/** As in pacman. */
const MAX_DEPTH = 10;

const CHECKS = /^(Package|Database)?(Never|Optional|Required|TrustedOnly|TrustAll)$/;
const USES = /^(Sync|Search|Install|Upgrade|All)$/;

/**
 * Reads a pacman.conf with the files that it includes; one that is not there says nothing. What is no
 * matter of a new root is passed over like what pacman does not know: packages to hold back upgrades
 * of, signatures of local files (there are none), and the user who downloads, who is another in a
 * namespace. Sources: pacman.conf(5), and what pacman-conf makes of such files.
 */
export function readPacmanConf(probe: Probe, path: string): PacmanConf {
  const reader = new Reader(probe);
  const text = probe.readText(path);
  if (text !== undefined) reader.read(path, text, 0);
  return reader;
}

interface Section {
  readonly name: string;
  readonly servers: string[];
  cacheServers?: string[];
  usage?: string[];
  signatures?: string[];
}

class Reader implements PacmanConf {
  readonly repositories: Section[] = [];
  readonly architectures: string[] = [];
  readonly signatures: string[] = [];
  readonly problems: string[] = [];
  #section: Section | 'options' | undefined;
  readonly #probe: Probe;

  constructor(probe: Probe) {
    this.#probe = probe;
  }

  read(path: string, text: string, depth: number): void {
    for (const [index, whole] of text.split('\n').entries()) {
      const line = whole.trim();
      if (line === '' || line.startsWith('#')) continue;
      const name = /^\[(.*)\]$/s.exec(line)?.[1];
      if (name !== undefined) this.#open(name, `${path}:${index + 1}`);
      else this.#directive(line, `${path}:${index + 1}`, depth);
    }
  }

  #open(name: string, at: string): void {
    if (name === 'options') {
      this.#section = name;
      return;
    }
    if (this.repositories.some((one) => one.name === name))
      this.problems.push(`${at}  a second repository [${name}]`);
    this.#section = { name, servers: [] };
    this.repositories.push(this.#section);
  }

  #directive(line: string, at: string, depth: number): void {
    const [, key = '', value] = /^([^=]*?)\s*(?:=\s*(.*))?$/s.exec(line) ?? [];
    if (key === 'Include') this.#include(value, at, depth);
    else if (this.#section === undefined) this.problems.push(`${at}  ${key} before any section`);
    else if (this.#section === 'options') this.#option(key, value, at);
    else this.#ofRepository(this.#section, key, value, at);
  }

  #include(pattern: string | undefined, at: string, depth: number): void {
    if (pattern === undefined || !pattern.startsWith('/')) {
      this.problems.push(`${at}  Include without an absolute path`);
      return;
    }
    if (depth === MAX_DEPTH) {
      this.problems.push(`${at}  more than ${MAX_DEPTH} files that include each other`);
      return;
    }
    for (const file of glob(this.#probe, pattern)) {
      const text = this.#probe.readText(file);
      if (text === undefined) this.problems.push(`${at}  ${file} cannot be read`);
      else this.read(file, text, depth + 1);
    }
  }

  #option(key: string, value: string | undefined, at: string): void {
    if (key === 'Architecture') this.architectures.push(...this.#words(key, value, at));
    if (key === 'SigLevel') this.signatures.push(...this.#words(key, value, at, CHECKS));
  }

  #ofRepository(section: Section, key: string, value: string | undefined, at: string): void {
    if (key === 'Server') section.servers.push(...this.#address(key, value, at));
    if (key === 'CacheServer') (section.cacheServers ??= []).push(...this.#address(key, value, at));
    if (key === 'Usage') (section.usage ??= []).push(...this.#words(key, value, at, USES));
    if (key === 'SigLevel')
      (section.signatures ??= []).push(...this.#words(key, value, at, CHECKS));
  }

  #address(key: string, value: string | undefined, at: string): readonly string[] {
    if (value === undefined) this.problems.push(`${at}  ${key} without a value`);
    return value === undefined || value === '' ? [] : [value];
  }

  #words(
    key: string,
    value: string | undefined,
    at: string,
    known: RegExp = /./,
  ): readonly string[] {
    if (value === undefined) this.problems.push(`${at}  ${key} without a value`);
    // Tabs are no separators to pacman.
    const words = (value ?? '').split(' ').filter(Boolean);
    const wrong = words.filter((word) => !known.test(word));
    if (wrong.length > 0) this.problems.push(`${at}  ${key} has no ${wrong.join(', ')}`);
    return words;
  }
}
