/** Keys that choose an entry of the boot menu, counted from the first, which is 0. */
export function keysTo(entry: number): string {
  return `${'\u001B[B'.repeat(entry)}\r`;
}
