import { posix } from 'node:path';

/** Programs that do nothing without the network. */
const FETCH = new Set([
  'curl',
  'wget',
  'git',
  'rsync',
  'ssh',
  'scp',
  'debootstrap',
  'mmdebstrap',
  'pacstrap',
]);
const MANAGERS = new Set([
  'apt',
  'apt-get',
  'aptitude',
  'dnf',
  'dnf5',
  'microdnf',
  'yum',
  'zypper',
  'pacman',
  'apk',
  'emerge',
  'pip',
  'npm',
]);
const VERBS =
  /^(?:update|upgrade|full-upgrade|dist-upgrade|install|in|add|download|makecache|refresh|-S\w*|--sync)$/;
const ADDRESS = /\b(?:https?|ftp|rsync|git):\/\//;

/** Whether a command would reach for the network. A shell's script is not looked into. */
export function reachesNetwork([program = '', ...rest]: readonly string[]): boolean {
  const name = posix.basename(program);
  if (FETCH.has(name)) return true;
  if (MANAGERS.has(name)) return rest.some((argument) => VERBS.test(argument));
  return rest.some((argument) => argument.length < 2000 && ADDRESS.test(argument));
}
