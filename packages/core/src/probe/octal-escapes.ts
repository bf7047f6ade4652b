/**
 * Undoes what the kernel and getfattr do to paths that they print: spaces, line breaks and backslashes
 * come as octal numbers of three digits. Sources: proc(5), and escaping in tools of attr.
 */
export function withoutOctalEscapes(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
