/**
 * Programs that every root of a general distribution has, so no need has to name them: the shell,
 * coreutils, findutils, grep, sed, awk, tar, gzip, diffutils and the core of util-linux. veritysetup and
 * what packs layers are here because core's own needs bring them into the tools tree.
 */
export const BASE_TOOLS: readonly string[] = [
  ...['sh', 'bash', 'env', 'true', 'false', 'test', 'echo', 'printf', 'seq', 'sleep', 'date'],
  ...['cat', 'chgrp', 'chmod', 'chown', 'cp', 'dd', 'install', 'ln', 'ls', 'mkdir', 'mkfifo'],
  ...['mknod', 'mktemp', 'mv', 'readlink', 'realpath', 'rm', 'rmdir', 'stat', 'sync', 'touch'],
  ...['truncate', 'basename', 'dirname', 'cut', 'head', 'tail', 'tee', 'tr', 'sort', 'uniq', 'wc'],
  ...['md5sum', 'sha1sum', 'sha256sum', 'sha512sum', 'base64', 'od', 'chroot', 'nproc', 'id'],
  ...['find', 'xargs', 'grep', 'sed', 'awk', 'tar', 'gzip', 'gunzip', 'zcat', 'cmp', 'diff'],
  ...['mount', 'umount', 'findmnt', 'setpriv', 'unshare'],
  ...['mksquashfs', 'mkfs.erofs', 'veritysetup', 'getfattr'],
];
