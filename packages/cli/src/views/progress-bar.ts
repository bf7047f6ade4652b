import type { Symbols } from '../terminal/symbols.ts';

const BAR = 16;

/** `██████████░░░░░░  62 %` */
export function progressBar(percent: number, { full, empty }: Symbols): string {
  const value = Math.min(100, Math.max(0, percent));
  const filled = Math.floor((value / 100) * BAR);
  return `${full.repeat(filled)}${empty.repeat(BAR - filled)} ${String(Math.floor(value)).padStart(3)} %`;
}
