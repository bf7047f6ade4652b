import { z } from 'zod';
import {
  kernelArgument,
  listOf,
  packageName,
  partName,
  strict,
  title,
  type ShapeOf,
} from './schema-parts.ts';
import type { UserLayer, UserProfile } from './user-config.ts';

const word = textWord();

const layer = strict({
  on: z
    .string()
    .optional()
    .describe('The layer below it; not for layers made of files alone. Default: the base.'),
  packages: z.array(packageName).optional().describe('Packages to install.'),
  files: z
    .string()
    .min(1, { error: 'must be the path of a folder' })
    .optional()
    .describe("A folder, from the config's folder, whose content is copied over the root."),
  commands: z
    .array(z.array(word).min(1, { error: 'must name a program' }))
    .optional()
    .describe('Commands to run in the layer, each a list of words.'),
} satisfies ShapeOf<UserLayer>);

/** `base` is below every layer; `tools`, `packages` and `fixups` are made by livesys itself. */
const layerName = partName.refine((name) => !/^(base|tools|packages|fixups.*)$/.test(name), {
  error: 'this name is reserved for livesys; choose another',
});

export const layers = z
  .record(layerName, layer)
  .default({})
  .describe('Layers above the base, by name.');

const profile = strict({
  layers: listOf(z.string()).describe('Layers above the base; naming one brings those below it.'),
  persistence: z
    .enum(['on', 'off', 'required'])
    .default('off')
    .describe(
      'Whether changes are kept on the medium. "required": the boot stops where they cannot be.',
    ),
  default: z
    .boolean()
    .optional()
    .describe('Whether it boots when nobody chooses. Default: true for the first profile.'),
  title: title.optional().describe("What the boot menu says. Default: the profile's name."),
  kernelArguments: listOf(kernelArgument).describe(
    'Kernel arguments of this profile, each by itself.',
  ),
} satisfies ShapeOf<UserProfile>);

export const profiles = z
  .record(partName, profile)
  .default({})
  .describe('Named choices of layers. Left out: one profile "live" with every layer.');

function textWord() {
  return z.string().regex(/^[^\0]*$/, { error: 'must be text without zero bytes' });
}
