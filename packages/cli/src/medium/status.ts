import type { Context } from '../terminal/context.ts';
import { programRunner } from '../programs/run-program.ts';
import { alignColumns } from '../text/columns.ts';
import { formatSize } from '../text/size.ts';
import { shortImageId } from '../views/phrases.ts';
import type { Ext4 } from '../disk/ext4.ts';
import { isEncrypted, readData } from './data/open-data.ts';
import { type Kept, nextBoot, readState, type State } from './data/state.ts';
import { type Medium, openMedium } from './medium.ts';

/** What is on a medium and what it keeps. */
interface Status {
  readonly medium: Medium;
  /** Nothing where there is no place to keep anything. */
  readonly fileSystem: Ext4 | undefined;
  /** What it keeps, and what was chosen, cannot be read from outside. */
  readonly encrypted: boolean;
  readonly state: State;
}

const NOTHING: State = { selection: {}, kept: {} };

/** `livesys medium FILE|DEVICE status` */
export async function showStatus(
  path: string,
  context: Context,
  { json }: { readonly json: boolean },
): Promise<void> {
  const status = await readStatus(path, context);
  context.stdout.write(
    json ? `${JSON.stringify(statusJson(status))}\n` : `${statusLines(status).join('\n')}\n`,
  );
}

/** `livesys medium FILE|DEVICE profile list` */
export async function listProfiles(
  path: string,
  context: Context,
  { json }: { readonly json: boolean },
): Promise<void> {
  const status = await readStatus(path, context);
  const lines = json ? [JSON.stringify(statusJson(status).profiles)] : profileLines(status);
  context.stdout.write(`${lines.join('\n')}\n`);
}

async function readStatus(path: string, { env }: Context): Promise<Status> {
  const medium = await openMedium(path);
  try {
    if (await isEncrypted(medium)) {
      return { medium, fileSystem: undefined, encrypted: true, state: NOTHING };
    }
    const data = await readData(medium, programRunner(env), async (data) => ({
      fileSystem: data.fileSystem,
      state: await readState(data, medium.manifest),
    }));
    const { fileSystem, state = NOTHING } = data ?? {};
    return { medium, fileSystem, encrypted: false, state };
  } finally {
    await medium.close();
  }
}

function statusJson({ medium, fileSystem, encrypted, state }: Status) {
  const { path, bytes, manifest, data } = medium;
  const { selection, problem } = state;
  const next = encrypted ? undefined : nextBoot(manifest, state);
  return {
    path,
    bytes,
    image: manifest.image,
    data:
      data && (fileSystem || encrypted)
        ? {
            partition: data.number,
            offset: data.offset,
            bytes: data.length,
            encrypted,
            free: fileSystem?.free ?? null,
            clean: fileSystem?.clean ?? null,
          }
        : null,
    selection: {
      profile: selection.profile ?? null,
      persistence: selection.persistence ?? null,
      problem: problem ?? null,
    },
    next: next ? { ...next, reset: state.kept[next.profile]?.reset ?? false } : null,
    profiles: manifest.profiles.map((profile) => ({
      name: profile.name,
      persistence: profile.persistence,
      next: next ? profile.name === next.profile : null,
      default: profile.default,
      layers: profile.layers,
      stored: state.kept[profile.name] ?? null,
    })),
  };
}

function statusLines(status: Status): string[] {
  const { medium, state } = status;
  const { path, bytes, manifest } = medium;
  return [
    ...alignColumns([
      ['medium', `${path}, ${formatSize(bytes)}, image ${shortImageId(manifest.image)}`],
      ['keeps', keepsPhrase(status)],
      ['next', nextPhrase(status)],
      ...(state.problem === undefined ? [] : [['ignored', `the selection: ${state.problem}`]]),
    ]),
    '',
    ...profileLines(status),
  ];
}

function keepsPhrase({ medium: { data }, fileSystem, encrypted }: Status): string {
  if (data && encrypted) return `changes, encrypted, in ${formatSize(data.length)}`;
  if (!data || !fileSystem) return 'nothing: it has no partition for changes';
  const space = `changes, in ${formatSize(data.length)}, ${formatSize(fileSystem.free)} free`;
  return fileSystem.clean ? space : `${space}; not left cleanly, the next boot mends it`;
}

function nextPhrase({ medium, fileSystem, encrypted, state }: Status): string {
  if (encrypted) return 'as chosen last, which is encrypted, too; or as chosen in the boot menu';
  const { profile, persistence } = nextBoot(medium.manifest, state);
  const phrase = `profile ${profile}, persistence ${persistence}`;
  if (persistence === 'on' && !fileSystem) return `${phrase}, for which there is no place`;
  return state.kept[profile]?.reset === true ? `${phrase}, without what is stored now` : phrase;
}

function profileLines({ medium, encrypted, state }: Status): string[] {
  const next = encrypted ? undefined : nextBoot(medium.manifest, state).profile;
  const rows = medium.manifest.profiles.map((profile) => [
    profile.name,
    profile.persistence,
    [profile.name === next ? 'next' : '', profile.default ? 'default' : '']
      .filter((mark) => mark !== '')
      .join(', '),
    encrypted ? 'encrypted' : keptPhrase(state.kept[profile.name]),
    profile.layers.join(' '),
  ]);
  return alignColumns([['profile', 'persistence', '', 'stored', 'layers'], ...rows]);
}

function keptPhrase(kept: Kept | undefined): string {
  if (!kept?.changes) return 'nothing';
  return [
    'changes',
    ...(kept.foreign ? ['made on other layers'] : []),
    ...(kept.dirty ? ['last session not ended cleanly'] : []),
    ...(kept.reset ? ['deleted at its next boot'] : []),
  ].join(', ');
}
