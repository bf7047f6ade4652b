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

const RECORD = String.raw`%y %m %U %G %s %T@ %C@ %i %l %p\0`;
const EXCLUDED = String.raw`%y %m %U %G 0 %i %p\0`;
const CLEAN_UP =
  'trap "" HUP INT TERM; cat >/dev/null; lock=$1; shift; exec flock "$lock" rm -rf --one-file-system -- "$lock" "$@"';
const MOUNT_LOOP = String.raw`while IFS= read -r line; do eval "$line" 2>&1 </dev/null; printf '\001%s\n' "$?"; done`;

/** What the words of the allow-list stand for in one run. */
export function placesOf({ cache, source, outputs, plan, repository, user }: RunPlaces): Places {
  const layer = `${quoted(source)}|${quoted(cache)}/results/[0-9a-f]{64}/content`;
  const excluding = [
    ...['(', '-path', `${source}/data/cache/*`, ')', '-prune', '-o'],
    ...['-type', 'd', '-path', `${source}/data/cache`, '-printf', EXCLUDED, '-o'],
  ];
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
    excluding: argvText(excluding),
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
    key: /[0-9a-f]{64}/,
    deleted: /inner|cache/,
    flags: /(?:,(?:nosuid|nodev|noexec|noatime|nodiratime|relatime))*/,
    below: /(?:\/[^\0]+)?/,
    layer: new RegExp(layer),
    lower: /root|below|(?:lowers|below-lowers|input-\d|mount-\d)\/\d/,
    tree: /below|root|root\/mnt|root\/tmp\/livesys\/in\/\d/,
    numbers: /0(?::\d)*/,
    input: new RegExp(`(?:${layer})(?:/version)?|${quoted(source)}/etc/name`),
    name: /\d(?:-version)?/,
    device: /null|zero|full|random|urandom|tty/,
  };
}
