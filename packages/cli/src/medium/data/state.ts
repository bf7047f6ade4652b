import type { Manifest, ManifestProfile } from '../manifest.ts';
import type { Data } from './open-data.ts';
import { isProfileName, parseSelection, type Selection, SELECTION_LIMIT } from './selection.ts';

/** What a medium keeps for one profile. */
export interface Kept {
  /** Changes are there. */
  readonly changes: boolean;
  /** They belong to other layers than those of this image. */
  readonly foreign: boolean;
  /** The last session with them did not end cleanly. */
  readonly dirty: boolean;
  /** They are put aside at the next boot. */
  readonly reset: boolean;
}

/** What a medium keeps. */
export interface State {
  readonly selection: Selection;
  /** Why the selection is ignored, or at least its profile. */
  readonly problem?: string;
  readonly kept: Readonly<Record<string, Kept>>;
}

const FINGERPRINT_LIMIT = 262_144;

export async function readState({ files }: Data, manifest: Manifest): Promise<State> {
  const kept: Record<string, Kept> = {};
  for (const profile of manifest.profiles) {
    if (isProfileName(profile.name)) kept[profile.name] = await readKept(files, manifest, profile);
  }
  const entry = await files.find('/livesys/selection');
  if (!entry) return { selection: {}, kept };
  const text = await files.readText('/livesys/selection', SELECTION_LIMIT);
  const selection =
    text === undefined
      ? { problem: entry.kind === 'file' ? 'it is too large' : 'it is not a file' }
      : parseSelection(text);
  if ('problem' in selection) return { selection: {}, problem: selection.problem, kept };
  const { profile, ...rest } = selection;
  const known = manifest.profiles.some(({ name }) => name === profile);
  return profile === undefined || known
    ? { selection, kept }
    : { selection: rest, problem: `there is no profile ${profile}`, kept };
}

async function readKept(
  files: Data['files'],
  manifest: Manifest,
  profile: ManifestProfile,
): Promise<Kept> {
  const folder = `/livesys/persistence/${profile.name}`;
  const entries = (await files.list(folder)) ?? [];
  const has = (name: string) => entries.some((entry) => entry.name === name);
  const text = await files.readText(`${folder}/fingerprint`, FINGERPRINT_LIMIT);
  return {
    changes: has('upper'),
    foreign: text !== undefined && boundLayers(text) !== layersOf(manifest, profile),
    dirty: has('dirty'),
    reset: has('reset'),
  };
}

/** What the boot has written beside changes: two lines about the image, then those of layers. */
function boundLayers(fingerprint: string): string {
  return fingerprint.split('\n').slice(2).join('\n');
}

/** The same for a profile of this image, lowest layer first. */
function layersOf(manifest: Manifest, { layers }: ManifestProfile): string {
  const hashes = new Map(manifest.layers.map(({ name, sha256 }) => [name, sha256]));
  return layers.map((name) => `layer ${name} ${hashes.get(name) ?? ''}\n`).join('');
}

/** What the next boot takes unless its kernel arguments say something else. */
export function nextBoot(
  manifest: Manifest,
  { selection }: Pick<State, 'selection'>,
): { readonly profile: string; readonly persistence: 'on' | 'off' } {
  const profile =
    manifest.profiles.find(({ name }) => name === selection.profile) ??
    manifest.profiles.find((one) => one.default) ??
    manifest.profiles[0];
  const own = profile?.persistence === 'off' ? 'off' : 'on';
  return { profile: profile?.name ?? '', persistence: selection.persistence ?? own };
}
