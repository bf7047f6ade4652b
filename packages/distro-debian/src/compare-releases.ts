/**
 * Orders kernel releases by their numbers, oldest first: `6.1.0-9` before `6.1.0-10`. Not semver,
 * which mis-sorts them. Where the numbers are equal the longer name is the newer one.
 */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [x, y] = [left[index], right[index]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const order = compareParts(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

function split(release: string): readonly string[] {
  return release.match(/\d+|[^\d.\-_+]+/g) ?? [];
}

function compareParts(a: string, b: string): number {
  const [isNumberA, isNumberB] = [/^\d/.test(a), /^\d/.test(b)];
  if (isNumberA !== isNumberB) return isNumberA ? 1 : -1;
  if (isNumberA) {
    const difference = BigInt(a) - BigInt(b);
    return difference === 0n ? 0 : difference < 0n ? -1 : 1;
  }
  return a < b ? -1 : Number(a > b);
}
