import type { Probe } from '../contract/probe.ts';

/** Files that the running system swaps to. Source: man proc(5). */
export function swapFiles(probe: Probe): readonly string[] {
  const lines = (probe.readText('/proc/swaps') ?? '').split('\n').slice(1);
  return lines
    .map((line) => /^(\S+)\s+file\s/.exec(line)?.[1])
    .filter((path) => path !== undefined)
    .map((path) =>
      path.replaceAll(/\\(\d{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    );
}
