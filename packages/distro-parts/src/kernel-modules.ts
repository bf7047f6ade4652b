import type { KernelFacts, Probe } from '@livesys/core/plugin';

/** What a kernel's folder of modules, such as `/usr/lib/modules/6.1.0`, tells of it. */
export function kernelModules(
  probe: Probe,
  folder: string,
): Pick<KernelFacts, 'modules' | 'moduleNames' | 'builtinNames'> {
  const read = (name: string) => moduleNames(probe.readText(`${folder}/${name}`) ?? '');
  return {
    modules: folder,
    moduleNames: read('modules.dep'),
    builtinNames: read('modules.builtin'),
  };
}

/**
 * Names of the modules in a `modules.dep` or `modules.builtin`, sorted: without folder, suffix and
 * what compression adds to it, `-` written as `_`.
 */
function moduleNames(text: string): readonly string[] {
  const names = text.split('\n').flatMap((line) => {
    const path = line.split(':', 1)[0] ?? '';
    const name = /([^/]+)\.ko(\.(gz|xz|zst))?$/.exec(path.trim())?.[1];
    return name === undefined ? [] : [name.replaceAll('-', '_')];
  });
  return [...new Set(names)].sort();
}
