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

/**
 * Whether a command would reach for the network. A shell's script is not looked into; one that is
 * named as a package manager, such as `pacman.sh`, counts as it.
 */
export function reachesNetwork(argv: readonly string[]): boolean {
  const [program = '', ...rest] = unwrap(argv);
  const name = posix.basename(program, '.sh');
  if (FETCH.has(name)) return true;
  if (MANAGERS.has(name)) return rest.some((argument) => VERBS.test(argument));
  return rest.some((argument) => argument.length < 2000 && ADDRESS.test(argument));
}

/** The command behind programs that only run another one. */
function unwrap(argv: readonly string[]): readonly string[] {
  const name = posix.basename(argv[0] ?? '');
  const dashes = argv.indexOf('--');
  if (['unshare', 'setpriv', 'nsenter'].includes(name) && dashes > 0)
    return unwrap(argv.slice(dashes + 1));
  return name === 'sh' && argv[1]?.startsWith('/') === true ? argv.slice(1) : argv;
}
