/** How files that a system needs are freed of what must not be handed on with them. */
export interface BlankForm {
  /** Absolute; `*` stands for any part of one name. */
  readonly files: readonly string[];
  /** Whether what is taken out lets somebody in somewhere. */
  readonly secret: boolean;
  /** Gives the text without it; one that is free of it comes back as it is. */
  readonly blank: (text: string, path: string) => string;
}

/** Changes each line by itself; undefined takes it out. */
export function byLine(
  change: (line: string) => string | undefined,
): (text: string, path: string) => string {
  return (text) =>
    text
      .split('\n')
      .map(change)
      .filter((line) => line !== undefined)
      .join('\n');
}
