import { LivesysError, withoutUser, type Probe } from '@livesys/core/plugin';

/** One setting of apt, `Acquire::http::Proxy "http://…"`. */
export interface AptSetting {
  readonly name: string;
  readonly value: string;
}

/**
 * How the builder reaches its mirrors: proxies, time limits and checks of dates. Programs that
 * find a proxy are left out, because they do not exist inside the root.
 */
const REACH =
  /^acquire::((https?|ftp)::((.*::)?proxy|timeout|dl-limit|pipeline-depth|user-agent)|retries|forceipv[46]|check-date|check-valid-until|max-validtime.*)$/i;

/** The builder's settings for reaching mirrors, in apt's order, the last one of a name winning. */
export function reachSettings(builder: Probe): readonly AptSetting[] {
  const folder = '/etc/apt/apt.conf.d';
  const parts = builder.list(folder).filter((name) => /^[\w-]+(\.conf)?$/.test(name));
  const files = [...parts.map((name) => `${folder}/${name}`), '/etc/apt/apt.conf'];
  const settings = files.flatMap((file) => parseAptConf(builder.readText(file) ?? ''));
  const byName = new Map(
    settings
      .filter(({ name }) => REACH.test(name))
      .map((setting) => [setting.name.toLowerCase(), setting]),
  );
  return [...byName.values()].map(refusePassword);
}

/** They are shown and stored in the plan. */
function refusePassword(setting: AptSetting): AptSetting {
  const shown = withoutUser(setting.value);
  if (shown === undefined) return setting;
  throw new LivesysError(
    'LIVESYS_CONFIG_INVALID',
    `the proxy ${shown} of apt's setting ${setting.name} holds a user name or password, which would be readable in the plan`,
    { hint: 'Let apt reach its mirrors through a proxy that needs none while this is built.' },
  );
}

/** Reads both ways of writing: `A::B "value";` and `A { B "value"; }`. Lists are left out. */
export function parseAptConf(text: string): readonly AptSetting[] {
  const tokens = text.match(TOKEN) ?? [];
  const settings: AptSetting[] = [];
  const scopes: string[] = [];
  let words: string[] = [];
  for (const token of tokens) {
    if (token.startsWith('//') || token.startsWith('#') || token.startsWith('/*')) continue;
    if (token === '{') {
      scopes.push(words[0] ?? '');
      words = [];
    } else if (token === '}') {
      scopes.pop();
      words = [];
    } else if (token === ';') {
      const [name, value] = words;
      if (name !== undefined && value !== undefined) {
        settings.push({ name: [...scopes, name].join('::'), value: value.replaceAll('"', '') });
      }
      words = [];
    } else {
      words.push(token);
    }
  }
  return settings;
}

const TOKEN = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|#[^\n]*|"[^"\n]*"|[{};]|[^\s{};"]+/g;

/** Writes settings as apt reads them. */
export function renderSettings(settings: readonly AptSetting[]): string {
  return settings.map(({ name, value }) => `${name} "${value}";\n`).join('');
}
