import { z } from 'zod';

/** A mount as facts and plans hold it. */
export const mountFacts = z.strictObject({
  at: z.string().startsWith('/'),
  type: z.string(),
  device: z.string(),
  root: z.string(),
  is: z.enum(['in', 'out']),
  why: z.enum([
    'root',
    'system',
    'part-of-root',
    'asked',
    'inside',
    'kernel',
    'memory',
    'automount',
    'network',
    'fuse',
    'image',
    'container',
    'snapshot',
    'name',
    'removable',
    'twice',
    'elsewhere',
    'unknown',
  ]),
  snapshot: z.enum(['taken', 'volume', 'read-only', 'swap', 'lvm', 'type']).optional(),
});
