import { text, type LiveUser, type Ops } from '@livesys/core/plugin';
import { logInAtConsoles, openRescueShell } from './console-login.ts';
import { logInAtGreeters } from './greeters.ts';

/** What a distribution calls the groups of a person at the machine. */
export interface UserGroups {
  /** Those that the first person is given when it is installed. */
  readonly groups: readonly string[];
  /** The group whose members may become root, such as `sudo` or `wheel`. */
  readonly sudoGroup: string;
  /** Those of both that a root may lack until a package brings them: made as system groups. */
  readonly made: readonly string[];
}

/** An argv cannot say "unless it is there": a user of that name may come from the source. */
const ADD_USER = `getent passwd "$1" >/dev/null || exec useradd --create-home --shell /bin/bash --user-group --comment 'Live user' -- "$1"`;

/**
 * Records the live user: groups, password, login at consoles and greeters, and the way to root. The
 * root needs bash, awk, and the programs of passwd (or shadow); sudo may come later.
 */
export function addLiveUser(
  ops: Ops,
  user: LiveUser,
  { groups, sudoGroup, made }: UserGroups,
): void {
  const all = user.sudo ? [...groups, sudoGroup] : groups;
  for (const group of all.filter((one) => made.includes(one)))
    ops.exec(['groupadd', '--force', '--system', group]);
  ops.exec(['sh', '-c', ADD_USER, 'livesys', user.name]);
  if (all.length > 0) ops.exec(['usermod', '--append', '--groups', all.join(','), user.name]);
  setPassword(ops, user);
  if (user.sudo) {
    ops.write('/etc/sudoers.d/livesys', `${user.name} ALL=(ALL:ALL) NOPASSWD: ALL\n`, {
      mode: 0o440,
    });
    ops.write('/etc/polkit-1/rules.d/50-livesys.rules', polkitRule(user.name));
  }
  if (user.autologin) {
    logInAtConsoles(ops, user.name);
    logInAtGreeters(ops, user);
  }
  if (user.autologin && user.sudo) openRescueShell(ops);
}

/** What desktops ask instead of sudo. From elsewhere, such as over SSH, they ask. Source: polkit(8). */
const polkitRule = (name: string): string => `polkit.addRule(function (action, subject) {
  if (subject.user == "${name}" && subject.local && subject.active) return polkit.Result.YES;
});
`;

/** A locked password lets nobody in who would have to type one; autologin and keys still work. */
function setPassword(ops: Ops, { name, password }: LiveUser): void {
  if (password === 'none') {
    ops.exec(['usermod', '--password', '!', name]);
    return;
  }
  const value = 'text' in password ? password.text : password.secret;
  ops.exec(['chpasswd'], { stdin: text`${name}:${value}\n` });
}
