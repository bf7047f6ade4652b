/**
 * An address with `…` in place of the user name and password in it, as errors may show it; undefined
 * where it holds none. A plan is shown and stored, and what a plugin writes stays in the image, so an
 * address with a password belongs in neither. Text that is no address holds none.
 *
 * Passwords with `@` or `/` in them, which should be written as `%40` and `%2F`, are seen as well:
 * all up to the last `@` goes, which may take a part of the host or path with it, never too little.
 *
 * @example
 * withoutUser('https://me:p@ss@mirror.example.org/debian'); // 'https://…@mirror.example.org/debian'
 */
export function withoutUser(address: string): string | undefined {
  const [, scheme = '', rest = ''] = /^\s*([a-z][a-z0-9+.-]*:\/{2,})(.*)$/is.exec(address) ?? [];
  const authority = rest.replace(/[/?#].*$/s, '');
  const last = rest.lastIndexOf('@');
  if (last < 0 || !(authority.includes('@') || hasNoPort(authority))) return undefined;
  return `${scheme}…${rest.slice(last)}`;
}

/** What follows a colon there is part of a password then. An IPv6 address has colons in brackets. */
function hasNoPort(authority: string): boolean {
  const port = /^(?:\[[^\]]*\]|[^:]*):(.*)$/s.exec(authority)?.[1];
  return port !== undefined && !/^\d*$/.test(port);
}
