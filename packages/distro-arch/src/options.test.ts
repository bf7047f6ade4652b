import { expect, it } from 'vitest';
import { resolveOptions, type ArchUserOptions } from './options.ts';

it('reports every problem with its key', () => {
  const given = {
    release: 'latest',
    mirror: 'mirror.example.org',
    repositories: ['core', 'options'],
    pacmanConf: 'pacman.conf',
    kernel: 'zen',
    variant: 'tiny',
    signatures: 'off',
    tools: 'anywhere',
    colour: 'red',
  } as unknown as ArchUserOptions;
  expect(() => resolveOptions(given)).toThrow(
    expect.objectContaining({
      code: 'LIVESYS_CONFIG_INVALID',
      details: Object.keys(given).map((key) => expect.stringContaining(`arch.${key}`)),
    }),
  );
});

it('checks signatures unless it is told not to', () => {
  expect(resolveOptions().signatures).toBe('required');
});
