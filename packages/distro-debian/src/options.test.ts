import { expect, it } from 'vitest';
import { resolveOptions, type DebianUserOptions } from './options.ts';

it('reports every problem with its key', () => {
  const given = {
    release: 'Book Worm',
    variant: 'tiny',
    colour: 'red',
  } as unknown as DebianUserOptions;
  expect(() => resolveOptions(given)).toThrow(
    expect.objectContaining({
      code: 'LIVESYS_CONFIG_INVALID',
      details: [
        expect.stringContaining('debian.release'),
        expect.stringContaining('debian.variant'),
        expect.stringContaining('debian.colour'),
      ],
    }),
  );
});
