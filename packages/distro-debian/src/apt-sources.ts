import type { Probe } from '@livesys/core/plugin';
import { parseStanzas } from './stanzas.ts';

/** One entry of apt's sources, whichever format it was written in. */
export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Keyring file, absolute. Inline keys are left out. */
  readonly signedBy?: string;
}

/** Every enabled entry for binary packages, in apt's order: `sources.list`, then the folder. */
export function readSources(probe: Probe): readonly AptSource[] {
  const folder = '/etc/apt/sources.list.d';
  const files = ['/etc/apt/sources.list', ...probe.list(folder).map((name) => `${folder}/${name}`)];
  return files.flatMap((file) => {
    const text = probe.readText(file);
    if (text === undefined) return [];
    if (file.endsWith('.list')) return parseOneLine(text);
    return file.endsWith('.sources') ? parseDeb822(text) : [];
  });
}

/** `deb [signed-by=/a/key.gpg] http://host/debian bookworm main contrib`, one entry per line. */
export function parseOneLine(text: string): readonly AptSource[] {
  return text.split('\n').flatMap((line) => {
    const entry = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)(.*)$/.exec(line.replace(/#.*/, ''));
    if (entry === null) return [];
    const [, options = '', uri = '', suite = '', rest = ''] = entry;
    const signedBy = /(?:^|\s)signed-by=(\/[^\s,]+)/i.exec(options)?.[1];
    return [
      {
        uris: [uri],
        suites: [suite],
        components: words(rest),
        ...(signedBy === undefined ? {} : { signedBy }),
      },
    ];
  });
}

/** Stanzas with `Types`, `URIs`, `Suites`, `Components` and `Signed-By`. */
export function parseDeb822(text: string): readonly AptSource[] {
  return parseStanzas(text).flatMap((fields) => {
    const list = (name: string) => words(fields.get(name) ?? '');
    const disabled = /^(no|false|0|off|without|disable)$/i.test(fields.get('enabled') ?? 'yes');
    if (disabled || !list('types').includes('deb')) return [];
    const signedBy = fields.get('signed-by');
    return [
      {
        uris: list('uris'),
        suites: list('suites'),
        components: list('components'),
        ...(signedBy !== undefined && /^\/\S+$/.test(signedBy) ? { signedBy } : {}),
      },
    ];
  });
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
