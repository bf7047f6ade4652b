import { expect, it } from 'vitest';
import {
  accessListsOf,
  parseAccessLists,
  recordedAccessLists,
  renderAccessLists,
  renderPaths,
} from './access-lists.ts';

/** As getfattr 2.5.1 printed it. */
const DUMP = String.raw`# file: f
system.posix_acl_access=0x0200000001000600ffffffff02000400e803000004000400ffffffff10000400ffffffff20000000ffffffff

# file: we ird{%}*
system.posix_acl_access=0x0200000001000700ffffffff02000500e803000004000500ffffffff10000500ffffffff20000000ffffffff
system.posix_acl_default=0x0200000001000700ffffffff02000700e803000004000500ffffffff10000700ffffffff20000000ffffffff

# file: a"b\134c
system.posix_acl_access=0x0200000001000600ffffffff08000400e803000004000000ffffffff10000400ffffffff20000000ffffffff

`;

it('reads the lists of files and folders, with ids and rights', () => {
  expect(parseAccessLists(DUMP)).toEqual([
    { path: '/f', access: 'u::rw-,u:1000:r--,g::r--,m::r--,o::---', default: undefined },
    {
      path: '/we ird{%}*',
      access: 'u::rwx,u:1000:r-x,g::r-x,m::r-x,o::---',
      default: 'u::rwx,u:1000:rwx,g::r-x,m::rwx,o::---',
    },
    {
      path: String.raw`/a"b\c`,
      access: 'u::rw-,g:1000:r--,g::---,m::r--,o::---',
      default: undefined,
    },
  ]);
  expect(parseAccessLists('')).toEqual([]);
});

it('writes each as a line for systemd-tmpfiles, whatever the name', () => {
  expect(renderAccessLists(parseAccessLists(DUMP)).split('\n')).toEqual([
    String.raw`a "/a\"b\\\\c" - - - - u::rw-,g:1000:r--,g::---,m::r--,o::---`,
    'a "/f" - - - - u::rw-,u:1000:r--,g::r--,m::r--,o::---',
    String.raw`a "/we ird\\{%%\\}\\*" - - - - u::rwx,u:1000:r-x,g::r-x,m::r-x,o::---,d:u::rwx,d:u:1000:rwx,d:g::r-x,d:m::rwx,d:o::---`,
    '',
  ]);
});

it('leaves the journal to systemd, and nothing beside it', () => {
  const [block = ''] = DUMP.split('\n\n');
  const paths = [
    'var/log/journal',
    'var/log/journal/1/a',
    'var/log/journals',
    'srv/var/log/journal',
  ];
  const dump = paths.map((path) => `${block.replace('file: f', `file: ${path}`)}\n\n`).join('');
  expect(parseAccessLists(dump).map(({ path }) => path)).toEqual([
    '/var/log/journals',
    '/srv/var/log/journal',
  ]);
});

it('lists the paths as they are, in an order that no file system decides', () => {
  const paths = String.raw`/a"b\c|/f|/we ird{%}*|`.replaceAll('|', '\0');
  expect(renderPaths(parseAccessLists(DUMP))).toBe(paths);
});

it('reads again what it wrote', () => {
  const written = renderAccessLists(
    parseAccessLists(DUMP.replace('# file: f', String.raw`# file: a\012b%`)),
  );
  const read = recordedAccessLists(written);
  expect([...read.keys()].toSorted()).toEqual(['/a\nb%', String.raw`/a"b\c`, '/we ird{%}*']);
  expect(recordedAccessLists(renderAccessLists(parseAccessLists(DUMP)))).toEqual(
    accessListsOf(DUMP),
  );
});
