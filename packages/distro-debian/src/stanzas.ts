/**
 * Reads the format shared by dpkg's status file and deb822 sources: stanzas of `Field: value`
 * between empty lines, continued by lines that begin with a blank. Names become lower case,
 * comment lines are dropped, the lines of a value are joined with newlines.
 */
export function parseStanzas(text: string): readonly ReadonlyMap<string, string>[] {
  const stanzas: Map<string, string>[] = [];
  let stanza: Map<string, string> | undefined;
  let field: string | undefined;
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      stanza = undefined;
      field = undefined;
      continue;
    }
    if (line.startsWith('#')) continue;
    if (/^\s/.test(line)) {
      if (stanza !== undefined && field !== undefined) {
        stanza.set(field, `${stanza.get(field) ?? ''}\n${line.trim()}`.trimStart());
      }
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    if (stanza === undefined) {
      stanza = new Map();
      stanzas.push(stanza);
    }
    field = line.slice(0, colon).toLowerCase();
    stanza.set(field, line.slice(colon + 1).trim());
  }
  return stanzas;
}
