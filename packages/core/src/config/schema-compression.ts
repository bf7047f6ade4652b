import { z } from 'zod';
import { blockBytes, LEVELS } from './compression.ts';
import { strict } from './schema-parts.ts';

const exact = strict({
  algorithm: z
    .enum(['zstd', 'xz', 'gzip', 'lz4', 'lz4hc', 'lzo'])
    .describe('The compressor. With erofs: lz4 or lz4hc.'),
  level: z
    .int({ error: 'must be a whole number' })
    .optional()
    .describe("How hard it tries. Default: the compressor's own."),
  block: z
    .union([z.number(), z.string()])
    .refine((block) => blockBytes(block) !== undefined, {
      error: 'must be a power of two from 4K to 1M, such as 131072 or "256K"',
    })
    .optional()
    .describe(
      'Bytes, or text such as "256K"; a power of two from 4K to 1M. Default: 128K, with erofs 64K.',
    ),
}).superRefine(({ algorithm, level }, context) => {
  const range = LEVELS[algorithm];
  if (level === undefined || (range && level >= range[0] && level <= range[1])) return;
  const message = range
    ? `${algorithm} has levels ${range[0]} to ${range[1]}`
    : `${algorithm} has no levels here; leave it out`;
  context.addIssue({ code: 'custom', path: ['level'], message });
});

export const compression = z
  .union([z.enum(['fast', 'balanced', 'small', 'none']), exact], {
    error:
      'must be "fast", "balanced", "small", "none", or an object with algorithm, level and block',
  })
  .default('balanced')
  .describe(
    'How layers are compressed: a goal, "none" for not at all, or exact settings of the compressor.',
  );
