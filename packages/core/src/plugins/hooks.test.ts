import { describe, expect, it } from 'vitest';
import type { Hooks } from '../contract/hooks.ts';
import { STAGE } from '../contract/hooks.ts';
import { makeHooks } from './hooks.ts';

type Packages = Parameters<Hooks['packages']['call']>[0];
const facts = {} as Packages['facts'];
const start = (): Packages => ({ packages: ['one'], facts });
/** Taps as JavaScript does, without the types that keep most mistakes away. */
const tap = (
  hooks: Hooks,
  name: 'packages' | 'prepareImage',
  fn: (payload: Packages) => unknown,
): void =>
  (hooks[name] as unknown as { tap(name: string, fn: unknown): void }).tap('livesys-wifi', fn);

it('values pass from tap to tap, in the order of their stages', () => {
  const hooks = makeHooks();
  const add = (name: string) => (payload: Packages) => ({
    ...payload,
    packages: [...payload.packages, name],
  });
  hooks.packages.tap({ name: 'last', stage: STAGE.after }, add('last'));
  hooks.packages.tap('middle', add('middle'));
  hooks.packages.tap({ name: 'first', stage: STAGE.before }, add('first'));
  expect(hooks.packages.call(start()).packages).toEqual(['one', 'first', 'middle', 'last']);
});

describe('a misuse is refused with the name of the plugin and of the hook', () => {
  it.each<[string, 'packages' | 'prepareImage', (payload: Packages) => unknown, RegExp]>([
    ['an async tap of a value', 'packages', async (payload) => payload, /returned a promise/],
    ['an async tap of a step', 'prepareImage', async () => undefined, /returned a promise/],
    ['a value that is not handed on', 'packages', () => undefined, /returned nothing/],
    ['a step that gives back something', 'prepareImage', () => 1, /returned a value/],
  ])('%s', (_, hook, fn, message) => {
    const hooks = makeHooks();
    tap(hooks, hook, fn);
    const call = (): unknown =>
      (hooks[hook] as unknown as { call(payload: unknown): unknown }).call(start());
    expect(call).toThrow(message);
    expect(call).toThrow(
      expect.objectContaining({
        code: 'LIVESYS_PLUGIN_DEFECT',
        plugin: 'livesys-wifi',
        step: hook,
      }),
    );
  });

  it('tapAsync and tapPromise of what waits for nothing', () => {
    const packages = makeHooks().packages as unknown as Record<
      'tapPromise' | 'tapAsync',
      (name: string, fn: unknown) => void
    >;
    expect(() => packages.tapPromise('x', async () => start())).toThrow('not supported');
    expect(() => packages.tapAsync('x', () => undefined)).toThrow('not supported');
  });
});

describe('what a tap gets cannot be changed in place', () => {
  const REFUSED = expect.objectContaining({
    code: 'LIVESYS_PLUGIN_DEFECT',
    plugin: 'livesys-wifi',
  });
  const push = (payload: Packages): Packages => {
    (payload.packages as string[]).push('sneaked in');
    return payload;
  };

  it('the first one', () => {
    const hooks = makeHooks();
    tap(hooks, 'packages', push);
    expect(() => hooks.packages.call(start())).toThrow(REFUSED);
  });

  it('one that gets what another made', () => {
    const hooks = makeHooks();
    tap(hooks, 'packages', (payload) => ({ ...payload, packages: ['new'] }));
    tap(hooks, 'packages', push);
    expect(() => hooks.packages.call(start())).toThrow(REFUSED);
  });

  it('one that gets what another froze only on the outside', () => {
    const hooks = makeHooks();
    tap(hooks, 'packages', (payload) => Object.freeze({ ...payload, packages: ['new'] }));
    tap(hooks, 'packages', push);
    expect(() => hooks.packages.call(start())).toThrow(REFUSED);
  });
});

it('each planning has hooks of its own', () => {
  makeHooks().packages.tap('x', () => ({ packages: [], facts }));
  expect(makeHooks().packages.call(start()).packages).toEqual(['one']);
});
