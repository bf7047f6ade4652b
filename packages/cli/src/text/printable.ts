/**
 * A name as it can be shown in one line: names of files may hold line ends, and what a terminal obeys.
 */
export function printable(name: string): string {
  return name.replaceAll(CONTROLS, (character) => `\\u${hex(character)}`);
}

/** Control characters, line separators, and what turns the direction of text. */
const CONTROLS = /[\p{Cc}\u2028-\u202E\u2066-\u2069]/gu;

const hex = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0');
