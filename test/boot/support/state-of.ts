import { PERSON, PROJECT, type RunningMachine } from './running-machine.ts';

/** What a build may write, what goes on by itself, and what is no part of a machine. */
const NOT = [
  ...['/proc', '/sys', '/dev', '/run', '/tmp', '/mnt'],
  ...['/var/cache/livesys', '/var/log/journal', '/var/log/syslog', PROJECT],
];

/** Everything else in a machine, a line for what is known of each file and one for its content. */
export async function stateOf(machine: RunningMachine): Promise<readonly string[]> {
  const prune = NOT.map((path) => `-path ${path} -prune -o`).join(' ');
  const known = String.raw`%p %y %m %U %G %s %n %T@ %C@ %l\n`;
  // Folders that have what is left out here have its times.
  const times = `-path /var/cache -prune -o -path /var/log -prune -o -path /home/${PERSON.name} -prune -o`;
  const told = await machine.shell(`find / ${prune} ${times} -printf '${known}'
find /var/log /home/${PERSON.name} ${prune} ! -type d -printf '${known}'
find / ${prune} -type f -print0 | xargs -0 sha256sum`);
  return told.split('\n').sort();
}
