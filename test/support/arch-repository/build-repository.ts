import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { download } from './debian.ts';
import { closeKey, sign, signingKey, writeKeyring, type SigningKey } from './keys.ts';
import { makePackageFile } from './package-file.ts';
import { layOut } from './repack.ts';
import { resolveAll, type PlannedPackage } from './resolve.ts';
import { run } from './run.ts';

/** Where everything of a repository lies. */
export interface ArchRepository {
  /** Served as a mirror: `<repository>/os/x86_64/`. */
  readonly mirror: string;
  /** `archlinux.gpg`, `archlinux-trusted` and `archlinux-revoked`. */
  readonly keyring: string;
  readonly key: SigningKey;
}

/** Fixes the layout of pacman-key to Arch's, which Debian moved. */
const KEYRINGS = 'usr/share/pacman/keyrings';

/** Makes the repository in a folder, or takes the one that is there and of the same packages. */
export function buildRepository(folder: string): ArchRepository {
  const planned = resolveAll();
  const repository = {
    mirror: join(folder, 'mirror'),
    keyring: join(folder, 'keyring'),
    key: signingKey(join(folder, 'gnupg')),
  };
  const stamp = JSON.stringify([ownDigest(), planned]);
  const stampFile = join(folder, 'made-of.json');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return repository;
  rmSync(repository.mirror, { recursive: true, force: true });
  writeKeyring(repository.key, repository.keyring);
  const debs = download(
    planned.flatMap(({ from }) => from),
    join(folder, 'debs'),
  );
  for (const one of planned) makeOne(one, debs, repository, join(folder, 'stage'));
  for (const name of ['core', 'extra']) index(name, repository);
  closeKey(repository.key);
  writeFileSync(stampFile, stamp);
  return repository;
}

/** Of all that decides what a package holds beside Debian's. */
function ownDigest(): string {
  const script =
    'cd "$1" && find files recipes.ts repack.ts package-file.ts -type f | LC_ALL=C sort | xargs sha256sum';
  return run('sh', '-c', script, 'sh', fileURLToPath(new URL('.', import.meta.url)));
}

export const folderOf = (name: string, { mirror }: ArchRepository): string =>
  join(mirror, name, 'os/x86_64');

function makeOne(
  one: PlannedPackage,
  debs: ReadonlyMap<string, string>,
  repository: ArchRepository,
  stage: string,
): void {
  rmSync(stage, { recursive: true, force: true });
  const conffiles = layOut(one, debs, stage);
  if (one.name === 'archlinux-keyring') writeKeyring(repository.key, join(stage, KEYRINGS));
  if (one.name === 'pacman')
    run('sed', '-i', `s,/usr/share/keyrings,/${KEYRINGS},g`, join(stage, 'usr/bin/pacman-key'));
  const file = makePackageFile(
    one,
    stage,
    conffiles,
    folderOf(one.recipe.repository ?? 'core', repository),
  );
  sign(repository.key, [file]);
  rmSync(stage, { recursive: true });
}

/** Puts packages into the database of their repository, by repo-add, and signs it. */
export function index(
  name: string,
  repository: ArchRepository,
  files: readonly string[] = readdirSync(folderOf(name, repository))
    .filter((file) => file.endsWith('.pkg.tar.zst'))
    .toSorted(),
): void {
  const script = 'cd "$1" && export GNUPGHOME=$2 && shift 2 && repo-add --quiet --sign --key "$@"';
  const { home, fingerprint } = repository.key;
  const folder = folderOf(name, repository);
  run('bash', '-c', script, 'bash', folder, home, fingerprint, `${name}.db.tar.gz`, ...files);
}
