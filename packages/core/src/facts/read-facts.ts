import { z } from 'zod';
import type { Facts } from '../contract/facts.ts';
import { LivesysError } from '../errors/livesys-error.ts';

const architecture = z.enum(['x86_64', 'aarch64', 'i686', 'riscv64']);

const factsSchema = z.strictObject({
  format: z.literal(1),
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
    initSystem: z.enum(['systemd', 'other']),
    securityModules: z.array(z.string()),
    packages: z.record(z.string(), z.string()),
    packagesChanged: z.number(),
  }),
  sourceDateEpoch: z.int().min(0),
});

/** Reads facts that another run or machine wrote. */
export function readFacts(data: unknown): Facts {
  const found = factsSchema.safeParse(data);
  if (found.success) return found.data as Facts;
  const details = found.error.issues
    .slice(0, 10)
    .map((issue) => `${issue.path.join('.') || 'format'}   ${issue.message}`);
  throw new LivesysError(
    'LIVESYS_FACTS_INVALID',
    'The facts file is not of the form that this livesys reads.',
    { details },
  );
}
