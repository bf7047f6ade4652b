import type { Output } from '../terminal/output.ts';

/**
 * The last lines of a terminal, drawn again and again in place. Lines printed above stay where
 * they are and scroll as any others. Each line must fit the width, or the count goes wrong.
 */
export class LiveRegion {
  private height = 0;
  private readonly output: Output;

  constructor(output: Output) {
    this.output = output;
  }

  /** Prints lines for good and draws the region below them, in one write so nothing flickers. */
  draw(above: readonly string[], region: readonly string[]): void {
    const lines = [...above, ...region];
    if (lines.length === 0 && this.height === 0) return;
    this.output.write(this.eraseSequence() + lines.map((line) => `${line}\n`).join(''));
    this.height = region.length;
  }

  private eraseSequence(): string {
    return this.height === 0 ? '' : `\u001B[${this.height}A\r\u001B[J`;
  }
}
