/** What stands for a `<name>` of a form: this very text, or one that fits. */
export type Places = Readonly<Record<string, string | RegExp>>;

/**
 * A list of arguments by its form: arguments separated by spaces, in which `<name>` stands for what
 * the places say, and for the same text each time it occurs.
 */
export function argvPattern(form: string, places: Places): RegExp {
  const seen = new Set<string>();
  const source = argvText(form.split(' '))
    .split(/(<\w+>)/)
    .map((part) => {
      const name = /^<(\w+)>$/.exec(part)?.[1];
      if (name === undefined) return quoted(part);
      const place = places[name];
      if (place === undefined) throw new Error(`<${name}> has no meaning in: ${form}`);
      if (typeof place === 'string') return quoted(place);
      if (seen.has(name)) return String.raw`\k<${name}>`;
      seen.add(name);
      return `(?<${name}>${place.source})`;
    });
  return new RegExp(`^${source.join('')}$`, 'u');
}

/** A list of arguments as one text. No argument holds what separates them. */
export function argvText(argv: readonly string[]): string {
  return argv.join('\0');
}

/** Makes a text mean itself in a pattern. */
export function quoted(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
