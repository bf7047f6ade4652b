/**
 * Orders kernel releases by their numbers, oldest first: `6.6.9-1-lts` before `6.6.10-1-lts`, and
 * `6.12.0-rc7` before `6.12.0`. What kind of kernel it is does not count.
 */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * A release candidate comes before what has none: minus its distance from the end. Behind it come
 * the number of the patches, `2` of `-arch2-1`, and that of the package, `1`.
 */
function numbers(release: string): readonly number[] {
  const [upstream = '', rest = ''] = /^([\d.]+)(.*)$/.exec(release)?.slice(1) ?? [];
  const parts = upstream.split('.').filter(Boolean).map(Number);
  const candidate = /^-?rc(\d+)/.exec(rest)?.[1];
  const patches = /^-(?!rc)[a-z]+(\d+)-/i.exec(rest)?.[1] ?? '0';
  const revision = /-(\d+)(?=-|$)/.exec(rest)?.[1] ?? '0';
  return [
    ...[0, 1, 2, 3].map((index) => parts[index] ?? 0),
    candidate === undefined ? 0 : Number(candidate) - 1000,
    Number(patches),
    Number(revision),
  ];
}
