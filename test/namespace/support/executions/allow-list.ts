/** Lists of arguments by their form, each with its reason, below the program that executes them. */
export type AllowList = Readonly<
  Record<string, Readonly<Record<string, string | { readonly as: string; readonly why: string }>>>
>;

const RUN = '<cache>/tmp/<run>';
const ALIVE = `${RUN}.lock`;
const STAGING = '<outputs>/.livesys-<run>';
const POINTS = `${RUN}/points`;
const ROOT = `${POINTS}/<task>/root`;
const BASE = `${RUN}/<base>/place-0`;
const LAYER = `${POINTS}/tree_layer/root`;

const NODE = '<node> --import tsx --conditions=@livesys/source';
const CLI = `${NODE} <repository>/packages/cli/src/main.ts apply <plan> --json`;
const WORKER = `${NODE} <repository>/packages/core/src/apply/worker.ts`;
const USER = 'unshare --user --map-root-user --map-auto';
const SANDBOX = `unshare [user:--user --map-root-user --map-auto ]--mount --propagation private --uts --ipc --pid --fork --kill-child --mount-proc | ${WORKER}`;
const LOCKED = `--conflict-exit-code 75 <cache>/lock | flock --no-fork ${ALIVE} | ${SANDBOX}`;
const FEATURES = '[root:redirect_dir=off,metacopy=off,index=off][user:userxattr]';
const COPY = '--sparse=auto --remove-destination --no-target-directory --';

const COMPILER = {
  '<compiler> --service=<version> --ping':
    'compiles the sources for this test; no part of a package',
};
const ID_MAPS = {
  '[user:newuidmap <pid> 0 <uid> 1 1 <subuid> <count>]': 'gives the namespace subordinate users',
  '[user:newgidmap <pid> 0 <gid> 1 1 <subuid> <count>]': 'gives the namespace subordinate groups',
};

/**
 * Every program that applying the plan of every-place.ts executes beside the commands of the plan.
 * How to read it says allowed.ts; what the words in angle brackets stand for, places.ts.
 */
export const ALLOW_LIST: AllowList = {
  test: {
    [`[user:<become> | ]env LIVESYS_CACHE=<cache> TSX_DISABLE_CACHE=1 | ${CLI}`]: {
      as: 'caller',
      why: 'livesys, as this test starts it',
    },
  },
  caller: {
    ...COMPILER,
    '[user:unshare --user --map-root-user --mount --uts --ipc --pid -- | true]': {
      as: 'first try',
      why: 'whether the kernel gives the namespaces of a run',
    },
    [`[user:${USER} -- | true]`]: {
      as: 'second try',
      why: 'whether the caller has subordinate ids',
    },
    [`[user:${USER} -- | ]find <source> <walking> <others> ( -path <source>/data* <first> ( -name cache <first> -regex <source>(/data/cache) ) ) <pruning> -printf <record>`]:
      {
        as: 'scan',
        why: 'fingerprint of the source',
      },
    [`[user:${USER} -- | ]find <source>/etc <source>/bin <walking> <others> ( -path <source>/data* <first> ( -name cache <first> -regex <source>(/data/cache) ) ) <pruning> -printf <record>`]:
      {
        as: 'scan',
        why: 'fingerprint of the paths that a layer is keyed by',
      },
    [`[user:${USER} -- | ]find <source>/etc/name <walking> -printf <record>`]: {
      as: 'scan',
      why: 'fingerprint of a file on the builder',
    },
    [`[user:${USER} -- | ]sh -c <cleanUp> livesys-janitor ${ALIVE} ${RUN} ${STAGING}`]: {
      as: 'janitor',
      why: 'waits for the end of the run',
    },
    [`setpriv --pdeathsig KILL | flock --no-fork --nonblock ${LOCKED}`]: {
      as: 'worker',
      why: 'carries the plan out, if the cache is free',
    },
    [`setpriv --pdeathsig KILL | flock --no-fork ${LOCKED}`]: {
      as: 'worker',
      why: 'carries the plan out, when the cache is free',
    },
  },
  'second try/unshare': ID_MAPS,
  'scan/unshare': ID_MAPS,
  'janitor/unshare': ID_MAPS,
  'worker/unshare': ID_MAPS,
  janitor: {
    [`flock ${ALIVE} | rm -rf --one-file-system -- ${ALIVE} ${RUN} ${STAGING}`]: {
      as: 'removal',
      why: 'removes the folders of the run',
    },
  },
  worker: {
    ...COMPILER,
    '[user:hostname livesys]': 'the name of every builder, which root writes to the kernel itself',
    'sh -c <mountLoop>': { as: 'mounter', why: 'runs what mounts and unmounts' },
    [`unshare --net --wd=/ -- | cp -a ${COPY} ${LAYER}/etc ${LAYER}/copied`]: {
      as: 'copy',
      why: 'the operation copy, owners kept',
    },
    [`unshare --net --wd=/ -- | cp -R -d --preserve=mode,timestamps,links,xattr ${COPY} ${LAYER}/etc ${LAYER}/owned`]:
      {
        as: 'copy',
        why: 'the operation copy, owned by root',
      },
    'xargs --null -I{} mknod {} c 0 0': { as: 'whiteouts', why: 'marks what a layer deleted' },
    [`find ${RUN}/<task>/result/content -printf <size>`]: 'measures a result',
    [`find ${ROOT}/tmp/livesys/in/0 -printf <size>`]: 'measures what mksquashfs reads',
    [`find ${POINTS}/base <walking> <others> ( -path ${POINTS}/base/data* <first> ( -name cache <first> -regex ${POINTS}/base(/data/cache) ) ) <pruning> -printf <record>`]:
      'finds what is left out of the base',
    [`mknod ${BASE}/whiteout-1 c 0 0`]: 'hides what is left out',
    [`rm -rf --one-file-system ${BASE}/work`]: 'what overlayfs has left of its work',
    [`tar --create --directory ${POINTS}/base --no-recursion --format=posix --null --verbatim-files-from --files-from=${BASE}/folders --numeric-owner --acls --xattrs --xattrs-include=* --xattrs-exclude=trusted.overlay.* --xattrs-exclude=user.overlay.*`]:
      'folders above what is hidden, as they are',
    [`tar --extract --directory ${BASE}/cover --numeric-owner --same-owner --preserve-permissions --acls --xattrs --xattrs-include=*`]:
      'the same folders where things are hidden',
    [`sync --file-system ${RUN}/<task>/result/content`]: 'a result is on the disk before its name',
    [`sync ${STAGING}/image`]: 'an output is on the disk before its name',
  },
  whiteouts: { 'mknod ./data/<deleted> c 0 0': 'one whiteout' },
  mounter: {
    [`mount -t tmpfs -o mode=0755 livesys ${POINTS}`]: 'mount points of the run',
    [`mount --rbind / ${POINTS}/source_other/root`]: 'the builder',
    [`mount -t tmpfs -o mode=0755,size=1m livesys ${POINTS}/source_other/root<cache>`]:
      'hides the cache from tasks on the builder',
    [`mount -o remount,bind,ro<flags> ${POINTS}/source_other/root<below>`]:
      'the builder cannot be written',
    [`mount -o bind,ro<flags> <source> ${POINTS}/base`]: 'the base, to look for what is left out',
    [`mount -o bind,ro<flags> <source> ${POINTS}/cover-lowers/0`]: 'what is hidden from',
    [`mount -t overlay -o upperdir=${BASE}/cover,workdir=${BASE}/work,${FEATURES},lowerdir=0 livesys ${POINTS}/cover`]:
      'marks folders that stay empty',
    [`umount ${POINTS}/cover`]: 'the folders are marked',
    [`umount ${POINTS}/cover-lowers/0`]: 'the folders are marked',
    [`umount --lazy ${POINTS}/base`]: 'it is known what is left out',
    [`mount -o bind,ro<flags> <layer> ${POINTS}/<task>/<lower>`]: 'a layer of a tree',
    [`mount -t overlay -o ${FEATURES},lowerdir=<numbers> livesys ${POINTS}/<task>/<tree>`]:
      'a tree',
    [`mount -t overlay -o upperdir=${RUN}/<task>/upper,workdir=${RUN}/<task>/work,${FEATURES},lowerdir=<numbers> livesys ${ROOT}`]:
      'a tree that can be written, for a new layer',
    [`mount --bind ${RUN}/<work>/tmp ${ROOT}/tmp`]: 'temporary files',
    [`mount --bind ${RUN}/<work>/vartmp ${ROOT}/var/tmp`]: 'temporary files that are large',
    [`mount --bind ${RUN}/<work>/out ${ROOT}/tmp/livesys/out`]: 'outputs of a task',
    [`mount --bind ${STAGING} ${ROOT}/tmp/livesys/out`]: 'the folder that an output is written to',
    [`mount --bind <cache>/downloads/packages ${ROOT}/packages`]: 'a download cache',
    [`mount -o bind,ro<flags> <input> ${ROOT}/tmp/livesys/in/<name>`]: 'an input',
    [`mount -o bind,ro<flags> /etc/resolv.conf ${ROOT}/etc/resolv.conf`]: 'a resolver',
    [`mount -t proc -o nosuid,nodev,noexec proc ${ROOT}/proc`]: 'processes of the run',
    [`mount -t tmpfs -o mode=0755 livesys ${ROOT}/dev`]: 'devices',
    [`mount --bind /dev/<device> ${ROOT}/dev/<device>`]: 'a harmless device',
    [`mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts ${ROOT}/dev/pts`]:
      'pseudo terminals',
    [`mount -t tmpfs -o mode=1777 livesys ${ROOT}/dev/shm`]: 'shared memory',
    [`[root:mount -o bind,ro<flags> /sys ${ROOT}/sys]`]: 'the kernel as the builder shows it',
    [`[user:mount --rbind /sys ${ROOT}/sys]`]: 'the same: a user namespace must take all of it',
    [`[user:mount -o remount,bind,ro<flags> ${ROOT}/sys<below>]`]: 'none of it can be written',
    [`mount -t tmpfs -o mode=0755 livesys ${ROOT}/run`]: 'what programs keep while they run',
    [`umount --lazy ${ROOT}`]: 'a task has ended',
    [`umount ${ROOT}/etc/resolv.conf`]: 'takes back what shows a resolver',
  },
};
