/** What is known of a finished task. */
export interface ResultRecord {
  readonly key: string;
  /** What the key is made of, for saying why another one differs. */
  readonly parts: Readonly<Record<string, string>>;
  readonly task: string;
  readonly milliseconds: number;
  /** Bytes of the result. */
  readonly bytes: number;
  readonly files: number;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** A result with when it was last used, in milliseconds since 1970. */
export interface UsedResult extends ResultRecord {
  readonly lastUsed: number;
}

/** An output that was made for the user, to tell whether it is still there. */
export interface OutputRecord {
  readonly key: string;
  readonly path: string;
  readonly bytes: number;
  readonly modified: number;
  readonly inode: number;
  readonly imageId: string;
}

/**
 * Results by key. The local folder is one; a shared store fits behind the same interface, since a
 * result is a folder that is either wholly there or not there.
 */
export interface Store {
  readonly folder: string;
  /** The record of a result, or undefined when it is not there. */
  find(key: string): Promise<ResultRecord | undefined>;
  /** Where the content of a result lies. */
  content(key: string): string;
  /** Takes a finished folder as the result of a key. */
  keep(record: ResultRecord, staged: string): Promise<void>;
  findOutput(path: string): Promise<OutputRecord | undefined>;
  keepOutput(record: OutputRecord): Promise<void>;
  list(): Promise<readonly ResultRecord[]>;
}
