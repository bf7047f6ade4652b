import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ArchRepository, folderOf, index } from './build-repository.ts';
import { closeKey, sign } from './keys.ts';
import { pack } from './package-file.ts';
import { run } from './run.ts';

/** A repository of the same packages whose changes the first one does not see. */
export function copyRepository(repository: ArchRepository, folder: string): ArchRepository {
  const copy = { ...repository, mirror: join(folder, 'mirror') };
  mkdirSync(folder, { recursive: true });
  run('cp', '-al', repository.mirror, copy.mirror);
  for (const name of readdirSync(copy.mirror)) {
    const from = folderOf(name, repository);
    for (const file of readdirSync(from).filter((one) => one.includes('.db'))) {
      const to = join(folderOf(name, copy), file);
      rmSync(to);
      cpSync(join(from, file), to, { verbatimSymlinks: true });
    }
  }
  return copy;
}

/** Publishes a package under another version, and takes the file of the one before away. */
export function replace(
  repository: ArchRepository,
  name: string,
  version: string,
  scratch: string,
): void {
  const { folder, file } = packageFile(repository, name);
  publish(repository, name, version, scratch);
  rmSync(join(folder, file));
}

/** Publishes a package under another version. The file of the one before stays for a while. */
export function publish(
  repository: ArchRepository,
  name: string,
  version: string,
  scratch: string,
): void {
  const { file } = packageFile(repository, name);
  const next = file.replace(/-[^-]+-[^-]+(-\w+\.pkg\.tar\.zst)$/, `-${version}$1`);
  remake(repository, { name, as: next, scratch }, (stage) => {
    const info = join(stage, '.PKGINFO');
    const text = readFileSync(info, 'utf8');
    writeFileSync(info, text.replace(/^pkgver = .*$/m, `pkgver = ${version}`));
  });
}

/** Builds a package of the same version anew, as other distributions do: a file `/rebuilt` is in it. */
export function rebuild(repository: ArchRepository, name: string, scratch: string): void {
  const { file } = packageFile(repository, name);
  remake(repository, { name, as: file, scratch }, (stage) =>
    writeFileSync(join(stage, 'rebuilt'), ''),
  );
}

function remake(
  repository: ArchRepository,
  { name, as: next, scratch }: { name: string; as: string; scratch: string },
  change: (stage: string) => void,
): void {
  const { folder, file } = packageFile(repository, name);
  const stage = join(scratch, 'stage');
  mkdirSync(stage, { recursive: true });
  run('bsdtar', '-xpf', join(folder, file), '-C', stage);
  change(stage);
  // It may be a link to the file of another repository.
  for (const old of [next, `${next}.sig`]) rmSync(join(folder, old), { force: true });
  pack(stage, join(folder, next));
  sign(repository.key, [join(folder, next)]);
  index(repositoryOf(repository, name), repository, [next]);
  closeKey(repository.key);
  rmSync(stage, { recursive: true });
}

/** Changes a package after it was signed. */
export function tamper(repository: ArchRepository, name: string): void {
  const { folder, file } = packageFile(repository, name);
  const path = join(folder, file);
  const content = readFileSync(path);
  const middle = Math.floor(content.length / 2);
  content.writeUInt8(content.readUInt8(middle) ^ 1, middle);
  rmSync(path);
  writeFileSync(path, content);
}

function repositoryOf(repository: ArchRepository, name: string): string {
  const found = readdirSync(repository.mirror).find((one) =>
    fileIn(folderOf(one, repository), name),
  );
  if (found === undefined) throw new Error(`no repository has ${name}`);
  return found;
}

function packageFile(repository: ArchRepository, name: string): { folder: string; file: string } {
  const folder = folderOf(repositoryOf(repository, name), repository);
  return { folder, file: fileIn(folder, name) as string };
}

function fileIn(folder: string, name: string): string | undefined {
  return readdirSync(folder).find(
    (file) => file.endsWith('.zst') && file.replace(/-[^-]+-[^-]+-\w+\.pkg.*$/, '') === name,
  );
}
