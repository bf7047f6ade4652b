/**
 * A tool or package that a plugin wants in the tools tree. `packages` names what to install by
 * os-release ID; a derivative follows its ID_LIKE. Where a distribution is not named its adapter
 * may answer, and a user's `packageNames` wins over both.
 */
export interface Need {
  readonly name: string;
  /** Shown to the user: what breaks without it. */
  readonly reason: string;
  readonly packages?: Readonly<Record<string, readonly string[]>>;
}
