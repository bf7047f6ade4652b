import { z } from 'zod';
import { compression } from './schema-compression.ts';
import { layers, profiles } from './schema-layers.ts';
import {
  kernelArgument,
  listOf,
  packageName,
  strict,
  textLike,
  title,
  type ShapeOf,
} from './schema-parts.ts';
import { roleSpec } from './schema-role.ts';
import { user } from './schema-user.ts';
import type { UserConfig } from './user-config.ts';

const fileWord = textLike(
  /^[A-Za-z0-9_][A-Za-z0-9._~+-]{0,63}$/,
  'a word for a file name: letters, digits, ".", "_", "~", "+", "-"',
);
const format = z
  .enum(['squashfs', 'erofs'])
  .default('squashfs')
  .describe('The file system of layers. "erofs" reads single files quicker and is larger.');
const hostname = textLike(
  /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/,
  'a host name: up to 63 letters, digits and "-"',
)
  .default('live')
  .describe('The name of the live system on a network.');
const pathRule = textLike(
  /^(?=.*[^\s/!#])[^#\p{Cc}][^\p{Cc}]*$/u,
  'a line in the syntax of .gitignore, such as "/srv/videos/*", "*.iso" or "!/srv/videos/short"',
);

/** The whole config. Names across keys are checked elsewhere; every default is here. */
export const configSchema = strict({
  source: roleSpec
    .default('host')
    .describe('Where the base comes from. "host" is the system that is running.'),
  distro: roleSpec
    .optional()
    .describe("The distribution adapter. Default: chosen by the source's os-release."),
  initramfs: roleSpec.optional().describe('What makes the initramfs. Default: chosen by livesys.'),
  bootloader: roleSpec.optional().describe('The boot loader. Default: chosen by livesys.'),
  outputs: z
    .array(roleSpec)
    .min(1, { error: 'must have at least one entry, or be left out' })
    .default(['iso'])
    .describe('What a build makes.'),
  plugins: listOf(roleSpec).describe('Further plugins.'),
  layers,
  profiles,
  compression,
  format,
  name: fileWord
    .optional()
    .describe('Goes into the default file name. Default: the os-release ID of the source.'),
  version: fileWord
    .optional()
    .describe('Goes into the default file name. Default: the os-release VERSION_ID of the source.'),
  title: title
    .optional()
    .describe('Heads the boot menu. Default: the os-release PRETTY_NAME of the source.'),
  hostname,
  user,
  packages: listOf(packageName).describe(
    'Packages that every profile has, in addition to those of the source.',
  ),
  kernelArguments: listOf(kernelArgument).describe(
    'Kernel arguments of every boot entry, each by itself.',
  ),
  excludes: listOf(pathRule).describe(
    'What stays out of the base, in the syntax of .gitignore from the root of the source; "/path/*" keeps the folder.',
  ),
  include: listOf(pathRule).describe(
    'What is brought back into the base though livesys or `excludes` leave it out, in the same syntax.',
  ),
  identity: z
    .enum(['reset', 'keep'])
    .default('reset')
    .describe(
      '"reset" leaves out of the base what belongs to its people and what is secret; "keep" makes a personal copy.',
    ),
  hardware: z
    .enum(['general', 'virtual'])
    .default('general')
    .describe('"virtual" is content with a kernel that lacks drivers of real machines.'),
  packageNames: z
    .record(z.string(), z.array(packageName))
    .default({})
    .describe(
      'Packages by the name of a need, for a distribution whose adapter does not know them.',
    ),
} satisfies ShapeOf<UserConfig>);

export type ParsedConfig = z.output<typeof configSchema>;
