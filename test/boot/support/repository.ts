import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { run } from './run.ts';

export interface TestPackage {
  readonly name: string;
  /** Of its control file, beside the name. */
  readonly fields: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly postinst?: string;
}

/** A folder of packages that apt reads. Gives its path. */
export function makeRepository(folder: string, packages: readonly TestPackage[]): string {
  const debs = join(folder, 'packages');
  mkdirSync(debs, { recursive: true });
  for (const one of packages) makePackage(folder, debs, one);
  writeFileSync(join(debs, 'Packages'), run(['sh', '-c', INDEX, 'sh', debs]));
  return debs;
}

const INDEX = `cd "$1" && for deb in *.deb; do
  dpkg-deb --field "$deb"
  printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum <"$deb" | cut -d ' ' -f 1)"
done`;

function makePackage(folder: string, debs: string, { name, fields, files, postinst }: TestPackage) {
  const tree = join(folder, name);
  const control = Object.entries({
    Package: name,
    Maintainer: 'Test <test@localhost>',
    Description: 'of a test',
    ...fields,
  });
  const all = {
    ...files,
    'DEBIAN/control': control.map(([field, value]) => `${field}: ${value}\n`).join(''),
    ...(postinst === undefined ? {} : { 'DEBIAN/postinst': postinst }),
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
  if (postinst !== undefined) chmodSync(join(tree, 'DEBIAN/postinst'), 0o755);
  run(['dpkg-deb', '--root-owner-group', '-Znone', '--build', tree, debs]);
}
