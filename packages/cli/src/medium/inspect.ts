import type { Context } from '../terminal/context.ts';
import { alignColumns } from '../text/columns.ts';
import { formatSize } from '../text/size.ts';
import { firmwarePhrase, shortImageId } from '../views/phrases.ts';
import { type Medium, openMedium } from './medium.ts';

/** `livesys inspect`: what is on a medium. Nothing is checked beyond the manifest. */
export async function inspectFile(
  path: string,
  context: Context,
  { json }: { readonly json: boolean },
): Promise<void> {
  const medium = await openMedium(path);
  try {
    context.stdout.write(
      json ? `${JSON.stringify(mediumJson(medium))}\n` : `${mediumLines(medium).join('\n')}\n`,
    );
  } finally {
    await medium.close();
  }
}

function mediumJson(medium: Medium) {
  const { path, form, label, bytes, data, firmware, kernels, manifest, details } = medium;
  return {
    path,
    form,
    label,
    bytes,
    data:
      data === undefined
        ? null
        : { partition: data.number, offset: data.offset, bytes: data.length },
    firmware,
    image: manifest.image,
    layers: manifest.layers,
    profiles: manifest.profiles,
    kernels: kernels.map(({ release, image, initrd }) => ({
      release,
      imageBytes: image.size,
      initrdBytes: initrd.size,
    })),
    manifest: details,
  };
}

function mediumLines(medium: Medium): string[] {
  const { manifest, firmware, kernels } = medium;
  const about = Object.entries(asRecord(medium.details['about']));
  const boots = firmware.length === 0 ? 'by nothing: no boot image' : firmwarePhrase(firmware);
  return [
    ...alignColumns([
      ['medium', `${medium.path}, ${formatSize(medium.bytes)}, label ${medium.label}`],
      ['image', `${shortImageId(manifest.image)} (${manifest.image})`],
      ['boots', boots],
      ['keeps', medium.data ? `changes, in ${formatSize(medium.data.length)}` : 'no changes'],
      ...about.map(([name, value]) =>
        name === 'sourceDateEpoch' ? ['date', dateOf(value)] : [name, String(value)],
      ),
    ]),
    '',
    'layers, lowest first',
    ...alignColumns(
      manifest.layers.map(({ name, bytes, format, sha256 }) => [
        name,
        formatSize(bytes).padStart(9),
        format,
        `sha256 ${sha256.slice(0, 16)}`,
      ]),
      '  ',
    ),
    'profiles',
    ...alignColumns(
      manifest.profiles.map((profile) => [
        profile.name,
        profile.default ? 'default' : '',
        profile.layers.join(', '),
      ]),
      '  ',
    ),
    'kernels',
    ...alignColumns(
      kernels.map(({ release, image, initrd }) => [
        release,
        `kernel ${formatSize(image.size)}`,
        `boot image ${formatSize(initrd.size)}`,
      ]),
      '  ',
    ),
  ];
}

/** The day of a time in seconds; what is no time is shown as it is. */
function dateOf(seconds: unknown): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().slice(0, 10);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
