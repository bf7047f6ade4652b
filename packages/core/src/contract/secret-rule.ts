/** Files that tell who a machine and its people are, or let somebody in somewhere. */
export interface SecretRule {
  /** What it is, in the words of a person. */
  readonly kind: string;
  /** Lines of .gitignore. */
  readonly paths: readonly string[];
  /**
   * Leaves them in layers, into which packages bring settings of these names that nobody has filled
   * in yet. Default: false.
   */
  readonly baseOnly?: boolean;
}
