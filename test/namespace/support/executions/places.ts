import { argvText, type Places, quoted } from './pattern.ts';

/** What is known of a run before it starts. */
export interface RunPlaces {
  readonly cache: string;
  readonly source: string;
  readonly outputs: string;
  readonly plan: string;
  readonly repository: string;
  readonly user: {
    readonly uid: number;
    readonly gid: number;
    readonly switches: readonly string[];
  };
}

const RECORD = String.raw`%b %n %D %y %m %U %G %s %T@ %C@ %i %d %p\0%l\0`;
const CLEAN_UP = String.raw`trap "" HUP INT PIPE TERM; while IFS= read -r line; do said=$(eval "$line" 2>&1 </dev/null); printf '%s\n\001%s\n' "$said" "$?"; done; lock=$1 status=0; shift; flock "$lock" rm -rf --one-file-system -- "$lock" "$@"; exit $status`;
const MOUNT_LOOP = String.raw`while IFS= read -r line; do eval "$line" 2>&1 </dev/null; printf '\001%s\n' "$?"; done`;

/** What the words of the allow-list stand for in one run. */
export function placesOf({ cache, source, outputs, plan, repository, user }: RunPlaces): Places {
  const layer = `${quoted(source)}|${quoted(cache)}/(?:results/[0-9a-f]{64}/content|tmp/[\\w-]+/base-[0-9a-f]{16}/place-0/cover)`;
  const walking = ['-ignore_readdir_race', '-regextype', 'posix-extended'];
  const others = ['!', '-type', 'd', '-printf', RECORD, '-o'];
  const first = ['-printf', ''];
  const pruning = ['-printf', RECORD, '-prune', '-o'];
  return {
    cache,
    source,
    outputs,
    plan,
    repository,
    node: process.execPath,
    become: argvText(user.switches),
    uid: String(user.uid),
    gid: String(user.gid),
    cleanUp: CLEAN_UP,
    mountLoop: MOUNT_LOOP,
    walking: argvText(walking),
    others: argvText(others),
    first: argvText(first),
    pruning: argvText(pruning),
    record: RECORD,
    size: String.raw`%n %i %b %y\n`,
    compiler: /[^\0]+\/node_modules\/[^\0]+\/esbuild/,
    version: /[\d.]+/,
    pid: /\d+/,
    subuid: /\d+/,
    count: /\d+/,
    run: /[\w-]+/,
    task: /[\w.-]+/,
    /** Folder of a task; the one of an output has no name of its own. */
    work: /[\w.-]+/,
    base: /base-[0-9a-f]{16}/,
    key: /[0-9a-f]{64}/,
    deleted: /inner|cache/,
    flags: /(?:,(?:nosuid|nodev|noexec|noatime|nodiratime|relatime))*/,
    below: /(?:\/[^\0]+)?/,
    layer: new RegExp(layer),
    lower: /root|below|(?:lowers|below-lowers|input-\d|mount-\d)\/place-\d\/\d/,
    tree: /below|root|root\/mnt|root\/tmp\/livesys\/in\/\d/,
    numbers: /0(?::\d)*/,
    input: new RegExp(`(?:${layer})(?:/version)?|${quoted(source)}/etc/name`),
    name: /\d(?:-version)?/,
    device: /null|zero|full|random|urandom|tty/,
  };
}
