import type { OsRelease } from '../contract/facts.ts';
import type { Probe } from '../contract/probe.ts';

/** Reads os-release of a root; undefined when it has none. Source: man os-release(5). */
export function readOsRelease(probe: Probe): OsRelease | undefined {
  const text = probe.readText('/etc/os-release') ?? probe.readText('/usr/lib/os-release');
  return text === undefined ? undefined : parseOsRelease(text);
}

/** Parses os-release: shell-like assignments, of which only quoting is allowed. */
export function parseOsRelease(text: string): OsRelease {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z0-9_]+)=(.*)$/.exec(line.trim());
    if (match) fields.set(match[1] ?? '', unquote(match[2] ?? ''));
  }
  const name = fields.get('NAME') ?? 'Linux';
  const versionId = fields.get('VERSION_ID');
  const versionCodename = fields.get('VERSION_CODENAME');
  return {
    id: fields.get('ID') ?? 'linux',
    idLike: (fields.get('ID_LIKE') ?? '').split(' ').filter(Boolean),
    name,
    prettyName: fields.get('PRETTY_NAME') ?? name,
    ...(versionId === undefined ? {} : { versionId }),
    ...(versionCodename === undefined ? {} : { versionCodename }),
  };
}

function unquote(value: string): string {
  const quoted = /^"(.*)"$|^'(.*)'$/.exec(value);
  const inner = quoted?.[1] ?? quoted?.[2] ?? value;
  return inner.replaceAll(/\\([$"'\\`])/g, '$1');
}
