import { z } from 'zod';
import type { Facts } from '../contract/facts.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import { mountFacts } from './mount-facts.ts';

const architecture = z.enum(['x86_64', 'aarch64', 'i686', 'riscv64']);

const FORMAT = 1;

const factsSchema = z.strictObject({
  format: z.literal(FORMAT),
  architecture,
  osRelease: z.strictObject({
    id: z.string(),
    idLike: z.array(z.string()),
    name: z.string(),
    prettyName: z.string(),
    versionId: z.string().optional(),
    versionCodename: z.string().optional(),
  }),
  distro: z.strictObject({
    release: z.string(),
    architecture,
    kernels: z.array(
      z.strictObject({
        release: z.string(),
        image: z.string(),
        modules: z.string(),
        moduleNames: z.array(z.string()),
        builtinNames: z.array(z.string()),
        package: z.string().optional(),
      }),
    ),
    incompleteKernels: z
      .array(z.strictObject({ release: z.string(), lacks: z.string() }))
      .optional(),
    initSystem: z.enum(['systemd', 'other']),
    securityModules: z.array(z.string()),
    packages: z.record(z.string(), z.string()),
    packagesChanged: z.number(),
  }),
  // Until the end of the year 9999, as far as a date of ISO 9660 goes.
  sourceDateEpoch: z.int().min(0).max(253_402_300_799),
  homes: z.array(z.string().startsWith('/')).optional(),
  mounts: z.array(mountFacts).optional(),
});

/** Reads facts that another run or machine wrote. */
export function readFacts(data: unknown): Facts {
  const format = (data as { format?: unknown } | null)?.format;
  if (format !== FORMAT) {
    throw new LivesysError(
      'LIVESYS_FACTS_INVALID',
      `The facts have format ${JSON.stringify(format) ?? 'none'}; this livesys reads format ${FORMAT}.`,
    );
  }
  const found = factsSchema.safeParse(data);
  if (found.success) return found.data as Facts;
  const details = found.error.issues
    .slice(0, 10)
    .map((issue) => `${issue.path.join('.')}   ${issue.message}`);
  throw new LivesysError('LIVESYS_FACTS_INVALID', 'The facts are damaged.', { details });
}
