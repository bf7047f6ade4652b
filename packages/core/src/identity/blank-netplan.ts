import type { BlankForm } from './blank-form.ts';

/** Parts that belong to what is left out elsewhere: Wi-Fi and other radio, VPN, and how to be let in. */
const PART = /^(\s*)["']?(?:wifis|modems|tunnels|auth|ssl)["']?\s*:/;
/** What may hold a secret, or tell one. */
const SECRET =
  /pass(?!through\b)|psk|secret|private-?key|wep|\bkeys?\b|auth|token|credential|\bpin\b|\\/i;
/** A name with or without a value, an item of a list, or the end of one that began above. */
const SHAPE =
  /^\s*(?:---|\.\.\.|[\]}],?|(?:-\s+)*(?:"[^"]*"|'[^']*'|[\w.:*/-]+)\s*:(?:\s.*)?|-\s+\S.*)$/;
const NOTHING = 'network:\n  version: 2\n';

/**
 * The network as netplan sets it up: wired, bonds, bridges and VLANs stay. Where a secret could remain,
 * because a file is written in another way than most are, nothing of it does. Source: netplan-yaml(5).
 */
export const NETPLAN: BlankForm = {
  files: ['/etc/netplan/*.yaml', '/usr/lib/netplan/*.yaml'],
  secret: true,
  blank(text) {
    const lines = withoutParts(text.split('\n'));
    const meant = lines.filter((line) => !/^\s*(?:#.*)?$/.test(line));
    const isKnown =
      (meant.length === 0 || meant.some((line) => /^["']?network["']?\s*:/.test(line))) &&
      meant.every((line) => SHAPE.test(line) && !SECRET.test(line));
    if (!isKnown) return NOTHING;
    return lines.filter((line) => !(/^\s*#/.test(line) && SECRET.test(line))).join('\n');
  },
};

/** A part goes as far as its lines are indented further; one in braces is not understood. */
function withoutParts(lines: readonly string[]): readonly string[] {
  let inner: number | undefined;
  return lines.filter((line) => {
    if (line.trim() === '') return true;
    const indent = line.length - line.trimStart().length;
    if (inner !== undefined && indent > inner) return false;
    const part = PART.exec(line)?.[1];
    inner = part !== undefined && !/[{[]/.test(line) ? part.length : undefined;
    return inner === undefined;
  });
}
