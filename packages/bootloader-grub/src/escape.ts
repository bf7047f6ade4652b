import { isRef, type Ref, type Text } from '@livesys/core/plugin';

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/**
 * One word of a GRUB script: whatever it holds reaches the command as it is. Between single quotes
 * GRUB reads everything literally, up to the next single quote.
 */
export function quoteWord(word: Text): Text {
  const parts = partsOf(word);
  if (parts.length > 0 && parts.every((part) => isRef(part) || PLAIN_WORD.test(part))) return parts;
  const quoted = parts.map((part) => (isRef(part) ? part : part.replaceAll("'", String.raw`'\''`)));
  return ["'", ...quoted, "'"];
}

/** A menu title, always on one line: the menu cannot show control characters or line ends. */
export function quoteTitle(title: string): string {
  const line = title
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .replaceAll("'", String.raw`'\''`);
  return `'${line}'`;
}

/**
 * An entry's id as GRUB sees it. `default` takes a number for a position and splits at `>`, so ids
 * get a prefix and keep only harmless characters.
 */
export function entryId(id: string): string {
  const safe = id.replaceAll(/[^\w.-]/gu, (character) => `=${character.codePointAt(0)}=`);
  return `livesys-${safe}`;
}

/**
 * What GRUB cannot hand to a kernel unchanged: its `linux` command puts a backslash before quotes
 * and backslashes, and a line end would end the argument.
 */
export function cannotPass(argument: Text): boolean {
  return partsOf(argument).some((part) => !isRef(part) && /['"\\\p{Cc}]/u.test(part));
}

function partsOf(value: Text): readonly (string | Ref)[] {
  return typeof value === 'string' || isRef(value) ? [value] : value;
}
