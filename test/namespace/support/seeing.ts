/** Put before a command, it sees other files or folders in place of some of this machine's. */
export function seeing(places: Readonly<Record<string, string>>): readonly string[] {
  const pairs = Object.entries(places).flat();
  const script = `while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit; shift 2; done; shift; exec "$@"`;
  const unshare = ['unshare', '--mount', '--propagation', 'private'];
  return [...unshare, 'sh', '-c', script, 'sh', ...pairs, '--'];
}
