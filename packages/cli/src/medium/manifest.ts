import { createHash } from 'node:crypto';

/** The manifest of an image, as the boot reads it. */
export interface Manifest {
  readonly image: string;
  /** Lowest first. */
  readonly layers: readonly ManifestLayer[];
  readonly profiles: readonly ManifestProfile[];
}

export interface ManifestLayer {
  readonly name: string;
  /** Relative to the folder of the manifest. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly format: string;
}

export interface ManifestProfile {
  readonly name: string;
  readonly default: boolean;
  readonly layers: readonly string[];
  /** What the image says; what was chosen later goes before it. */
  readonly persistence: 'on' | 'off' | 'required';
}

/** The boot refuses a longer one, too. */
export const MANIFEST_LIMIT = 262_144;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LAYER =
  /^layer (?<name>[A-Za-z0-9][\w.+-]*) (?<file>layers\/[\w.+-]+) (?<bytes>\d{1,15}) (?<sha256>[0-9a-f]{64}) (?<format>squashfs|erofs) (?:-|\d+) (?:-|[0-9a-f]{64})$/;
const PROFILE = /^profile (?<name>[A-Za-z0-9][\w.+-]*) (?<default>default|-) (?<layers>[\w.+,-]+)$/;
const PERSIST = /^persist (?<name>\S+) data - (?<how>required|optional)$/;

/** Reads a manifest, or says in a few words what is wrong with it. */
export function parseManifest(text: string): Manifest | { readonly problem: string } {
  const damage = checkWhole(text);
  if (damage !== undefined) return { problem: damage };
  const layers: ManifestLayer[] = [];
  const profiles: Omit<ManifestProfile, 'persistence'>[] = [];
  const persistence = new Map<string, ManifestProfile['persistence']>();
  const [, image = '', ...lines] = text.trimEnd().split('\n');
  for (const [index, line] of lines.slice(0, -1).entries()) {
    const layer = LAYER.exec(line)?.groups;
    const profile = PROFILE.exec(line)?.groups;
    const persist = PERSIST.exec(line)?.groups;
    if (layer) layers.push(layerOf(layer));
    else if (profile) profiles.push(profileOf(profile));
    else if (persist) {
      persistence.set(persist['name'] ?? '', persist['how'] === 'required' ? 'required' : 'on');
    } else if (!/^(?:persist|x-\S+) /.test(line)) {
      return { problem: `the manifest's line ${index + 3} is not understood` };
    }
  }
  return {
    image: image.slice('image '.length),
    layers,
    profiles: profiles.map((profile) => ({
      ...profile,
      persistence: persistence.get(profile.name) ?? 'off',
    })),
  };
}

function checkWhole(text: string): string | undefined {
  const [first = '', second = ''] = text.split('\n', 2);
  const end = /(?:^|\n)end (?<hash>\S*)\n$/.exec(text);
  if (!first.startsWith('livesys ')) return 'the manifest is not from livesys';
  if (first !== 'livesys 1') {
    return `the manifest has format version ${first.slice(8)}; this livesys reads version 1`;
  }
  if (!end) return 'the end of the manifest is missing';
  const body = text.slice(0, text.lastIndexOf('end '));
  if (createHash('sha256').update(body).digest('hex') !== end.groups?.['hash']) {
    return 'the manifest is not what it was when the image was made';
  }
  if (!second.startsWith('image ') || !UUID.test(second.slice(6))) {
    return 'the manifest names no image';
  }
  return undefined;
}

type Groups = Readonly<Record<string, string | undefined>>;

function layerOf({ name = '', file = '', bytes = '0', sha256 = '', format = '' }: Groups) {
  return { name, file, bytes: Number(bytes), sha256, format };
}

function profileOf(groups: Groups): Omit<ManifestProfile, 'persistence'> {
  const { name = '', layers = '' } = groups;
  return { name, default: groups['default'] === 'default', layers: layers.split(',') };
}
