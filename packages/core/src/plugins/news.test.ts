import { expect, it } from 'vitest';
import type { LivesysError } from '../errors/livesys-error.ts';
import { attribute } from './attribute.ts';
import { makeHooks } from './hooks.ts';
import { announce } from './news.ts';

it('what a plugin throws in news is told and fails nothing', async () => {
  const hooks = makeHooks();
  const heard: string[] = [];
  const problems: string[] = [];
  hooks.taskDone.tap('good', ({ task }) => void heard.push(task));
  hooks.taskDone.tapPromise('bad', async () => {
    throw new Error('no connection');
  });

  const news = { task: 'layer:base', cached: false, milliseconds: 1 };
  await announce(hooks, 'taskDone', news, (problem) => problems.push(problem));

  expect(heard).toEqual(['layer:base']);
  expect(problems).toEqual(['a plugin failed in taskDone: no connection']);
});

it('what a plugin throws while planning carries its name', () => {
  const hooks = makeHooks();
  hooks.bootEntries.tap('livesys-menu', () => {
    throw new RangeError('seven');
  });
  const call = (): unknown => hooks.bootEntries.call({ entries: [] });
  expect(call).toThrow('livesys-menu failed in bootEntries: seven');
});

it('an error that is for the user passes as it is', () => {
  const error = Object.assign(new Error('read this'), {
    code: 'LIVESYS_USAGE',
  }) as unknown as LivesysError;
  const call = (): never =>
    attribute('plugin', 'step', () => {
      throw error;
    });
  expect(call).toThrow(error);
});
