import { createHash } from 'node:crypto';

/** What the next boot takes; what is not named is left to the image. */
export interface Selection {
  readonly profile?: string;
  readonly persistence?: 'on' | 'off';
}

/** The boot refuses a longer one, too. */
export const SELECTION_LIMIT = 4096;

const HEADER = 'livesys-selection 1\n';
const NAME = /^[\w.-]{1,64}$/;
const LINES = /^(?:profile (?<profile>.*)\n)?(?:persistence (?<persistence>on|off)\n)?$/;

/** Whether a text may name a profile here. */
export function isProfileName(text: string): boolean {
  return NAME.test(text) && text !== '.' && text !== '..';
}

/** The one text that says this. */
export function formatSelection({ profile, persistence }: Selection): string {
  const body = [
    HEADER,
    ...(profile === undefined ? [] : [`profile ${profile}\n`]),
    ...(persistence === undefined ? [] : [`persistence ${persistence}\n`]),
  ].join('');
  return `${body}end ${createHash('sha256').update(body).digest('hex')}\n`;
}

/** Reads a selection, or says in a few words what is wrong with it. The boot judges alike. */
export function parseSelection(text: string): Selection | { readonly problem: string } {
  if (text.length > SELECTION_LIMIT)
    return { problem: `it is larger than ${SELECTION_LIMIT} bytes` };
  if (!text.startsWith(HEADER)) return { problem: 'it does not start with "livesys-selection 1"' };
  const lines = text.slice(HEADER.length, text.lastIndexOf('end '));
  const { profile, persistence } = LINES.exec(lines)?.groups ?? {};
  if (profile !== undefined && !isProfileName(profile)) {
    return { problem: 'its profile is not a name' };
  }
  const selection: Selection = {
    ...(profile === undefined ? {} : { profile }),
    ...(persistence === 'on' || persistence === 'off' ? { persistence } : {}),
  };
  // There is only one way to write it down, so this finds every other line and the hash at once.
  return formatSelection(selection) === text
    ? selection
    : { problem: 'its lines or its hash are wrong' };
}

const BLOCK_SIZE = 1024;

/** The same for GRUB, which reads it with `load_env` and takes this one variable from it. */
export function grubBlock({ profile }: Selection): string {
  const variable = profile === undefined ? '' : `livesys_profile=${profile}\n`;
  return `# GRUB Environment Block\n${variable}`.padEnd(BLOCK_SIZE, '#');
}
