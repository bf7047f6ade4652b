import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlannedPackage } from './resolve.ts';
import { run } from './run.ts';

/** One time for all files, so that a package made again is the same. */
const BUILD_DATE = 1_732_000_000;

/** As makepkg does it: every file with its type, owner, mode, time, size and digests. */
const PACK = `
cd "$1"
find . -exec touch --no-dereference --date=@$3 {} +
list() { find . -mindepth 1 ! -name .MTREE -printf '%P\\0' | LC_ALL=C sort -z; }
list | LANG=C bsdtar -cnf - --numeric-owner --format=mtree \\
  --options='!all,use-set,type,uid,gid,mode,time,size,md5,sha256,link' --null --files-from - |
  gzip -c -f -n >.MTREE
touch --date=@$3 .MTREE
{ printf '.MTREE\\0'; list; } |
  LANG=C bsdtar --no-fflags -cnf - --numeric-owner --null --files-from - | zstd -q -3 -T1 -o "$2"
`;

/** Makes a package file of a folder, in the folder of its repository. Gives the file's path. */
export function makePackageFile(
  planned: PlannedPackage,
  stage: string,
  conffiles: readonly string[],
  folder: string,
): string {
  const { name, recipe, version } = planned;
  const architecture = recipe.any === true ? 'any' : 'x86_64';
  const size = run('du', '--summarize', '--bytes', stage).split('\t')[0] ?? '0';
  const backup = [...new Set([...(recipe.backup ?? []), ...conffiles])];
  const [first] = planned.from;
  const fields: readonly (readonly [string, string])[] = [
    ['pkgname', name],
    ['pkgbase', name],
    ['pkgver', version],
    ['pkgdesc', first?.description ?? `${name}, made for tests`],
    ['url', first?.homepage ?? 'https://example.org/'],
    ['builddate', String(BUILD_DATE)],
    ['packager', 'Repacked for tests <tests@example.org>'],
    ['size', size],
    ['arch', architecture],
    ['license', 'custom'],
    ...(recipe.conflicts ?? []).map((one) => ['conflict', one] as const),
    ...(recipe.provides ?? []).map((one) => ['provides', one] as const),
    ...backup.map((one) => ['backup', one] as const),
    ...planned.depends.map((one) => ['depend', one] as const),
  ];
  writeFileSync(
    join(stage, '.PKGINFO'),
    fields.map(([key, value]) => `${key} = ${value}\n`).join(''),
  );
  if (recipe.install !== undefined) writeFileSync(join(stage, '.INSTALL'), recipe.install);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}-${version}-${architecture}.pkg.tar.zst`);
  pack(stage, file);
  return file;
}

/** Packs a folder that holds a .PKGINFO. */
export function pack(stage: string, file: string): void {
  run('sh', '-ec', PACK, 'sh', stage, file, String(BUILD_DATE));
}
