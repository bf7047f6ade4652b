import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { run } from './run.ts';

/**
 * Everything a root file system can hold, one line per name: type and mode, owner, links among
 * each other, content by hash, link target, device number, extended attributes. No times; the
 * marks of overlayfs are left out.
 */
export function listTree(root: string): readonly string[] {
  const inodes = new Map<number, string>();
  const visit = (path: Buffer): readonly string[] => {
    const at = Buffer.concat([Buffer.from(`${root}/`), path]);
    const found = lstatSync(at);
    const name = JSON.stringify(path.toString('latin1'));
    const lines = [`${name} ${describe(at, found, name, inodes)}`];
    if (!found.isDirectory()) return lines;
    const inner = readdirSync(at, { encoding: 'buffer' }).sort((a, b) => a.compare(b));
    const prefix = path.length === 0 ? path : Buffer.concat([path, Buffer.from('/')]);
    return [...lines, ...inner.flatMap((entry) => visit(Buffer.concat([prefix, entry])))];
  };
  return [...visit(Buffer.alloc(0)), ...attributes(root)];
}

function describe(at: Buffer, found: Stats, name: string, inodes: Map<number, string>): string {
  const { mode, uid, gid, rdev, ino, nlink } = found;
  const parts = [mode.toString(8), `${uid}:${gid}`];
  if (found.isFile()) parts.push(createHash('sha256').update(readFileSync(at)).digest('hex'));
  if (found.isSymbolicLink()) parts.push(`-> ${readlinkSync(at)}`);
  if (found.isCharacterDevice() || found.isBlockDevice()) parts.push(`device ${rdev}`);
  if (!found.isDirectory() && nlink > 1) {
    const first = inodes.get(ino) ?? name;
    inodes.set(ino, first);
    parts.push(`links ${nlink}, first ${first}`);
  }
  return parts.join(' ');
}

function attributes(root: string): readonly string[] {
  const text = run('sh', '-c', 'cd "$1" && getfattr -R -h -d -m - -e hex . ', 'sh', root);
  return text
    .split('\n\n')
    .map((block) => block.split('\n').filter((line) => !/^(trusted|user)\.overlay\./.test(line)))
    .filter((block) => block.length > 1)
    .map((block) => block.join(' '))
    .sort();
}
