import type { Probe } from '../contract/probe.ts';
import { withoutOctalEscapes } from '../probe/octal-escapes.ts';

/** Files that the running system swaps to. Source: man proc(5). */
export function swapFiles(probe: Probe): readonly string[] {
  const lines = (probe.readText('/proc/swaps') ?? '').split('\n').slice(1);
  return lines
    .map((line) => /^(\S+)\s+file\s/.exec(line)?.[1])
    .filter((path) => path !== undefined)
    .map((path) => withoutOctalEscapes(path));
}
