/** What is known of one path of a tree. Texts are bytes, one character each. */
export interface Entry {
  /** As `find` says it: `f`, `d`, `l` and so on. */
  readonly type: string;
  /** Octal. */
  readonly mode: string;
  /** `user:group`, as numbers. */
  readonly owner: string;
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly time: number;
  /** Whether parts of it take no room. */
  readonly hasHoles: boolean;
  /** Files that are one have the same; undefined for a file of one name. */
  readonly sameAs: string | undefined;
  readonly target: string;
  /** Major and minor number. */
  device?: string;
  /** sha256; undefined where it could not be read. */
  content?: string;
  /** Name and value, sorted, without access lists. */
  attributes?: string;
  /** POSIX access lists as text. */
  access?: string;
}

/** What is in a tree, by path from its root: `/etc/fstab`. */
export type Inventory = ReadonlyMap<string, Entry>;
