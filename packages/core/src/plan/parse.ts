import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LivesysError } from '../errors/livesys-error.ts';
import { mountFacts } from '../facts/mount-facts.ts';
import { PLAN_FORMAT, STEPS, type Plan } from './model.ts';

const ref = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('content'), task: z.string(), output: z.string() }),
  z.strictObject({ kind: z.literal('secret'), name: z.string() }),
]);
const planText = z.union([z.string(), z.array(z.union([z.string(), z.strictObject({ ref })]))]);
const mode = z.int().min(0).max(0o7777);
const strings = z.record(z.string(), z.string());
const command = {
  cwd: planText.optional(),
  env: strings.optional(),
  progress: z.enum(['mksquashfs', 'mkfs.erofs', 'xorriso', 'apt', 'percent']).optional(),
  stdin: planText.optional(),
};

const image = z.strictObject({
  layers: z.array(
    z.strictObject({
      name: z.string(),
      file: planText,
      format: z.enum(['squashfs', 'erofs']),
      verity: z.strictObject({ offset: planText, rootHash: planText }).optional(),
    }),
  ),
  kernels: z.array(z.strictObject({ release: z.string(), image: planText })),
  profiles: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      default: z.boolean(),
      persistence: z.enum(['on', 'off', 'required']),
      layers: z.array(z.string()),
      kernel: z.string(),
    }),
  ),
  about: strings,
});

const partition = z.strictObject({
  number: z.int().min(1).max(128),
  type: z.guid(),
  name: z.string().max(36),
  size: z.union([z.literal('rest'), z.strictObject({ of: planText })]),
});

const operation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exec'), argv: z.array(planText).min(1), ...command }),
  z.strictObject({
    kind: z.literal('pipe'),
    commands: z.array(z.array(planText).min(1)).min(1),
    ...command,
  }),
  z.strictObject({ kind: z.literal('write'), path: planText, content: planText, mode }),
  z.strictObject({
    kind: z.literal('copy'),
    from: planText,
    to: planText,
    mode: mode.optional(),
    owner: z.enum(['keep', 'root']),
  }),
  z.strictObject({ kind: z.literal('link'), target: planText, path: planText }),
  z.strictObject({ kind: z.literal('remove'), path: planText }),
  z.strictObject({ kind: z.literal('makeDirectory'), path: planText, mode }),
  z.strictObject({
    kind: z.literal('digest'),
    of: planText,
    to: planText,
    length: z.int().min(1).max(64),
  }),
  z.strictObject({ kind: z.literal('accessLists'), of: planText, to: planText }),
  z.strictObject({
    kind: z.literal('laid'),
    of: z.array(planText),
    in: planText,
    leftOut: planText,
    to: planText,
  }),
  z.strictObject({ kind: z.literal('append'), from: planText, to: planText }),
  z.strictObject({
    kind: z.literal('partition'),
    image: planText,
    id: planText,
    active: z.boolean(),
    partitions: z.array(partition),
  }),
  z.strictObject({
    kind: z.literal('manifest'),
    image,
    to: z.strictObject({ manifest: planText, json: planText, id: planText }),
  }),
]);

const at = z.string();
const input = z.discriminatedUnion('kind', [
  z.strictObject({
    at,
    kind: z.literal('tree'),
    tree: z.string(),
    paths: z.array(z.string()).optional(),
  }),
  z.strictObject({ at, kind: z.literal('topLayer'), tree: z.string() }),
  z.strictObject({ at, kind: z.literal('artifact'), task: z.string(), output: z.string() }),
  z.strictObject({ at, kind: z.literal('blob'), sha256: z.string(), mode }),
  z.strictObject({
    at,
    kind: z.literal('builderPath'),
    path: z.string(),
    excludes: z.array(z.string()),
  }),
]);

const place = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('layer'),
    on: z.string(),
    paths: z.array(z.string()).optional(),
  }),
  z.strictObject({
    kind: z.literal('chroot'),
    tree: z.string(),
    paths: z.array(z.string()).optional(),
  }),
  z.strictObject({ kind: z.literal('tools'), tree: z.string(), mounts: strings }),
  z.strictObject({ kind: z.literal('builder'), mounts: strings }),
]);

const result = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('artifacts'), outputs: z.array(z.string().regex(/^[\w.-]+$/)) }),
  z.strictObject({ kind: z.literal('layer') }),
  z.strictObject({ kind: z.literal('root') }),
  z.strictObject({ kind: z.literal('output'), path: z.string(), firmware: z.array(z.string()) }),
]);

const lines = z.array(z.string());
const baseRules = {
  leaveOut: z
    .strictObject({
      excludes: lines,
      include: lines,
      secrets: lines,
      passwords: lines.optional(),
    })
    .optional(),
  volatile: lines.optional(),
};

const layer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('task'), task: z.string() }),
  z.strictObject({
    kind: z.literal('cached'),
    key: z.string().regex(/^[0-9a-f]{64}$|^not-made-yet$/),
    ...baseRules,
  }),
  z.strictObject({ kind: z.literal('directory'), path: z.string(), ...baseRules }),
  z.strictObject({ kind: z.literal('mounts'), mounts: z.array(mountFacts), ...baseRules }),
]);

const planSchema = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  wave: z.enum(['source', 'image']),
  complete: z.boolean(),
  architecture: z.string(),
  source: z.string(),
  passedOver: z.array(z.strictObject({ release: z.string(), lacks: z.string() })).optional(),
  // Until the end of the year 9999, as far as a date of ISO 9660 goes.
  sourceDateEpoch: z.int().min(0).max(253_402_300_799),
  repositories: z.string(),
  sourceKey: z.string().optional(),
  trees: z.record(
    z.string(),
    z.strictObject({ layers: z.array(layer), keyedBy: z.array(z.string()).optional() }),
  ),
  tasks: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      step: z.enum(STEPS),
      plugin: z.string(),
      place,
      inputs: z.array(input),
      result,
      network: z.boolean(),
      heavy: z.boolean(),
      downloads: z.array(z.strictObject({ name: z.string(), at: z.string() })),
      operations: z.array(operation),
    }),
  ),
  blobs: strings,
  observations: z.array(
    z.strictObject({
      kind: z.enum(['text', 'list', 'stat', 'realPath', 'mounts']),
      path: z.string(),
      sha256: z.string(),
    }),
  ),
  // What was true where the plan was printed.
  here: z.unknown().optional(),
});

/** Reads plan data from a file. Refuses another format, unknown members and blobs that are not what they say. */
export function parsePlan(data: unknown): Plan {
  const format = (data as { format?: unknown } | null)?.format;
  if (format !== PLAN_FORMAT) {
    throw new LivesysError(
      'LIVESYS_PLAN_INVALID',
      `The plan has format ${JSON.stringify(format) ?? 'none'}; this livesys reads format ${PLAN_FORMAT}.`,
    );
  }
  const found = planSchema.safeParse(data);
  if (!found.success) {
    const details = found.error.issues
      .slice(0, 10)
      .map((issue) => `${issue.path.join('.')}   ${issue.message}`);
    throw new LivesysError('LIVESYS_PLAN_INVALID', 'The plan is damaged.', { details });
  }
  const { here: _, ...plan } = found.data;
  for (const [sha256, content] of Object.entries(plan.blobs)) {
    const actual = createHash('sha256').update(Buffer.from(content, 'base64')).digest('hex');
    if (actual !== sha256)
      throw new LivesysError(
        'LIVESYS_PLAN_INVALID',
        `The blob ${sha256.slice(0, 12)} is not what it says.`,
      );
  }
  return plan as Plan;
}
