import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Layers of the profile `sixteen` above the base; below them lies the one with the probe. */
const MORE = Array.from({ length: 15 }, (_, index) => `more-${String(index + 2)}`);

/** What the twin's single squashfs is merged from. */
const TWIN = ['base', 'probe', 'fixups'];

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Files that a build of the project makes. */
export interface BootMedia {
  readonly iso: string;
  readonly twinMedium: string;
  readonly twinInitrd: string;
}

/** Writes a project that packs a tree twice: as an image of livesys, and for dracut's live module. */
export async function writeBootProject(folder: string, source: string): Promise<BootMedia> {
  for (const name of MORE) {
    await mkdir(join(folder, name, 'usr/share/livesys-bench'), { recursive: true });
    await writeFile(join(folder, name, 'usr/share/livesys-bench', name), `${name}\n`);
  }
  const dist = (name: string): string => join(folder, 'dist', name);
  const media = {
    iso: dist('ours.iso'),
    twinMedium: dist('twin.iso'),
    twinInitrd: dist('twin.initrd'),
  };
  await writeFile(join(folder, 'livesys.config.ts'), config(source, media));
  return media;
}

function config(source: string, media: BootMedia): string {
  const show = (value: unknown): string => JSON.stringify(value);
  const more = MORE.map((name) => `    ${show(name)}: { files: ${show(`./${name}`)} },`);
  return [
    "import { defineConfig, directory, iso } from 'livesys';",
    `import { dmsquashInitrd, dmsquashMedium } from ${show(here('./dmsquash.ts'))};`,
    'export default defineConfig({',
    `  source: directory(${show(source)}),`,
    '  layers: {',
    `    probe: { files: ${show(here('./probe'))} },`,
    ...more,
    '  },',
    '  profiles: {',
    "    one: { layers: ['probe'], default: true },",
    `    sixteen: { layers: ${show(['probe', ...MORE])} },`,
    '  },',
    '  outputs: [',
    `    iso({ file: ${show(media.iso)} }),`,
    `    dmsquashMedium(${show(media.twinMedium)}, ${show(TWIN)}),`,
    `    dmsquashInitrd(${show(media.twinInitrd)}),`,
    '  ],',
    '});',
    '',
  ].join('\n');
}
