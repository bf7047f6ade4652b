import { expect, it } from 'vitest';
import type { Probe } from '../contract/probe.ts';
import { foreignHomes } from './homes.ts';

/** `links`: where paths end that lead elsewhere. */
const homesOf = (
  passwd: string | undefined,
  links: Readonly<Record<string, string | undefined>> = {},
): readonly string[] =>
  foreignHomes({
    readText: () => passwd,
    realPath: (path: string) => (path in links ? links[path] : path),
  } as unknown as Probe);

it('finds the folders of people, and of them only those outside of /home', () => {
  const passwd = `root:x:0:0::/root:/bin/sh
anna:x:1000:1000::/home/anna:/bin/sh
bert:x:1001:1001::/srv/homes/bert:/bin/sh
cleo:x:1002:1002::/data/cleo:/bin/sh
www:x:33:33::/var/www:/usr/sbin/nologin
build:x:1003:1003::/usr/lib/build:/bin/sh
odd:x:1004:1004::/:/bin/sh
none:x:1005:1005::/nonexistent:/bin/sh
nobody:x:65534:65534::/nonexistent:/bin/sh
`;
  expect(homesOf(passwd)).toEqual(['/data/cleo', '/srv/homes/bert']);
  expect(homesOf(undefined)).toEqual([]);
});

it('finds the folder of root where it is another one', () => {
  expect(homesOf('root:x:0:0::/var/roothome:/bin/sh\n')).toEqual(['/var/roothome']);
});

it('follows links: of all folders of people, and of each', () => {
  const passwd = `root:x:0:0::/root:/bin/sh
anna:x:1000:1000::/home/anna:/bin/sh
bert:x:1001:1001::/srv/bert:/bin/sh
gone:x:1002:1002::/srv/gone:/bin/sh
odd:x:1003:1003::/home/odd:/bin/sh
`;
  const links = {
    '/home': '/usr/home',
    '/root': '/var/roothome',
    '/home/anna': '/data/anna',
    '/srv/bert': '/data/bert',
    '/srv/gone': undefined,
    '/home/odd': '/usr',
  };
  const found = [
    '/data/anna',
    '/data/bert',
    '/srv/bert',
    '/srv/gone',
    '/usr/home',
    '/var/roothome',
  ];
  expect(homesOf(passwd, links)).toEqual(found);
});
