import { AsyncParallelHook, SyncHook, SyncWaterfallHook, type FullTap } from 'tapable';
import type { Hooks } from '../contract/hooks.ts';
import { attribute } from './attribute.ts';
import { LivesysError } from '../errors/livesys-error.ts';

/** Makes the hooks of one planning; a misuse that tapable lets through silently becomes an error. */
export function makeHooks(): Hooks {
  return {
    installFilesystems: step('installFilesystems'),
    prepareImage: step('prepareImage'),
    buildInitramfs: step('buildInitramfs'),
    installBootloader: step('installBootloader'),
    layers: value('layers'),
    profiles: value('profiles'),
    packages: value('packages'),
    imageExcludes: value('imageExcludes'),
    imageFiles: value('imageFiles'),
    initramfsContents: value('initramfsContents'),
    kernelArguments: value('kernelArguments'),
    bootEntries: value('bootEntries'),
    bootAssets: value('bootAssets'),
    configResolved: new AsyncParallelHook(['payload']),
    planCompleted: new AsyncParallelHook(['payload']),
    taskDone: new AsyncParallelHook(['payload']),
    failed: new AsyncParallelHook(['payload']),
  };
}

function step<T>(name: string): SyncHook<[T]> {
  const hook = new SyncHook<[T]>(['context']);
  hook.intercept({ register: (tap) => wrapped(name, tap, false) });
  return hook;
}

/** What goes in is frozen, so a tap that changes it in place fails instead of corrupting it. */
function value<T>(name: string): SyncWaterfallHook<[T]> {
  const hook = new SyncWaterfallHook<[T]>(['payload']);
  hook.intercept({
    call: (payload) => void deepFreeze(payload),
    register: (tap) => wrapped(name, tap, true),
  });
  return hook;
}

function wrapped(name: string, tap: FullTap, waterfall: boolean): FullTap {
  const inner = tap.fn as (payload: unknown) => unknown;
  return {
    ...tap,
    fn: (payload: unknown) =>
      checked(
        name,
        tap.name,
        waterfall,
        attribute(tap.name, name, () => inner(payload)),
      ),
  };
}

function checked(hook: string, plugin: string, waterfall: boolean, result: unknown): unknown {
  if (
    result !== null &&
    typeof result === 'object' &&
    'then' in result &&
    typeof result.then === 'function'
  ) {
    throw defect(
      plugin,
      hook,
      'returned a promise; planning waits for nothing, so its work would be lost',
    );
  }
  if (waterfall && result === undefined)
    throw defect(plugin, hook, 'returned nothing; a value hook returns the next value');
  if (!waterfall && result !== undefined)
    throw defect(plugin, hook, 'returned a value; a step returns nothing');
  return waterfall ? deepFreeze(result) : result;
}

function defect(plugin: string, hook: string, what: string): LivesysError {
  return new LivesysError('LIVESYS_PLUGIN_DEFECT', `The plugin ${plugin} ${what} (hook ${hook}).`, {
    plugin,
    step: hook,
  });
}

/**
 * Freezes data all the way down, so that a tap cannot change it without returning it; also what
 * lies in data that its author froze on the outside.
 */
export function deepFreeze<T>(value: T, seen: Set<unknown> = new Set()): T {
  if (value !== null && typeof value === 'object' && !seen.has(value)) {
    seen.add(Object.freeze(value));
    for (const inner of Object.values(value)) deepFreeze(inner, seen);
  }
  return value;
}
