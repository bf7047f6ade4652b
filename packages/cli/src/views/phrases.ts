import type { BuildEvent, PluginInfo, ProfileInfo } from '../engine/engine.ts';
import type { Symbols } from '../terminal/symbols.ts';
import { formatDuration } from '../text/duration.ts';
import { formatSize } from '../text/size.ts';

// What the terminal and the plain view say in the same words.

type EventOf<T extends BuildEvent['type']> = Extract<BuildEvent, { readonly type: T }>;

/** `distro debian`, `plugin livesys-wifi`: first-party names without their prefix. */
export function pluginPhrase({ role, name }: PluginInfo): string {
  const short = name.replace(/^@livesys\//, '');
  return `${role} ${short.startsWith(`${role}-`) ? short.slice(role.length + 1) : short}`;
}

const KEEPS: Readonly<Record<ProfileInfo['persistence'], readonly string[]>> = {
  off: [],
  on: ['keeps changes'],
  required: ['must keep changes'],
};

/** `office (default, keeps changes)`; a profile that keeps nothing and is not the default is its name. */
export function profilePhrase({ name, persistence, ...profile }: ProfileInfo): string {
  const facts = [...(profile.default ? ['default'] : []), ...KEEPS[persistence]];
  return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
}

/** `14 tasks, 5 cached · needs 8.1 GiB in /var/cache/livesys (212 GiB free)`. */
export function planPhrase(event: EventOf<'planned'>, { dot }: Symbols): string {
  const cached = event.tasks.filter(({ state }) => state === 'cached').length;
  const tasks = `${count(event.tasks.length, 'task')}${cached > 0 ? `, ${cached} cached` : ''}`;
  const space =
    event.spaceNeeded > 0
      ? ` ${dot} needs ${formatSize(event.spaceNeeded)} in ${event.cache} (${formatSize(event.spaceFree)} free)`
      : '';
  const wave = event.complete ? '' : ` ${dot} the source first, the image is planned on it`;
  return tasks + space + wave;
}

/** How a finished task ended: `cached`, or sizes. */
export function resultPhrase(event: EventOf<'task-finished'>, { arrow }: Symbols): string {
  if (event.cached) return 'cached';
  if (event.bytesOut === undefined) return '';
  const after = formatSize(event.bytesOut);
  return event.bytesIn === undefined ? after : `${formatSize(event.bytesIn)} ${arrow} ${after}`;
}

/** Of a message of several lines; all of them are shown at the end. */
export const firstLine = (message: string): string => message.split('\n')[0] ?? '';

/** The time left, from the time spent. Nothing while that would be a guess. */
export function timeLeft(percent: number | undefined, elapsed: number): string {
  if (percent === undefined || percent < 5 || percent >= 100 || elapsed < 3000) return '';
  return `${formatDuration(Math.max(1000, (elapsed * (100 - percent)) / percent))} left`;
}

/** The first eight digits of an image id, in two groups: `7f3c-09d1`. */
export function shortImageId(id: string): string {
  const digits = id.replaceAll('-', '').slice(0, 8);
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}

/** Firmware as people write it. */
export function firmwarePhrase(firmware: readonly string[]): string {
  return firmware.map((name) => name.toUpperCase()).join(' + ');
}

/** `1 task`, `2 tasks`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
