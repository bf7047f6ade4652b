/**
 * Read-only access to one root file system. Paths are absolute in that root; symbolic links are
 * followed inside it and never out of it. Everything read is recorded, so that a later run can
 * tell whether the facts still hold.
 */
export interface Probe {
  /** The text of a file of at most 16 MiB, or undefined when it is not a readable file. */
  readText(path: string): string | undefined;
  /** The names in a folder, sorted, or an empty list when it is not a readable folder. */
  list(path: string): readonly string[];
  /** What lies at a path, without following a last symbolic link. */
  stat(path: string): ProbeStat | undefined;
  /** Where the path ends after following symbolic links, or undefined when it leads nowhere. */
  realPath(path: string): string | undefined;
}

export interface ProbeStat {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970, whole. */
  readonly modified: number;
}
