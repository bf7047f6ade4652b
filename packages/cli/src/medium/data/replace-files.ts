import { LivesysError } from '@livesys/core/plugin';

import type { DataEntry, DataFiles } from './data-files.ts';

const HOME = '/livesys';
/** As the superblock says it. */
const [UNCLEAN, CLEAN] = ['ssv state 0', 'ssv state 1'];

/**
 * Replaces files of /livesys of at most {@link DataFiles.BLOCK} bytes, all at once: whenever this
 * ends, by `kill -9` or a pulled device, either all are the old ones or all the new ones.
 *
 * `debugfs` writes what a session changed in no order that could be relied on, so each step is a
 * session. The step that counts exchanges names inside of one block. In between the file system is
 * marked as not clean, and no order of writes leaves more than `e2fsck -p` mends without asking: a
 * file gets its name while it is empty and loses it when it is empty again, because a nameless
 * file with content is the one thing that needs a person.
 */
export async function replaceFiles(
  files: DataFiles,
  contents: Readonly<Record<string, string>>,
): Promise<void> {
  const names = Object.keys(contents);
  await files.change([UNCLEAN]);
  await makeHome(files);
  await removeAll(files, [...names.map(fresh), ...names.map(old)]);
  await files.change(names.flatMap((name) => newFile(`${HOME}/${fresh(name)}`)));
  for (const [name, content] of Object.entries(contents)) {
    await files.fill(`${HOME}/${fresh(name)}`, content);
  }
  await files.change(exchange(await listHome(files), names));
  await assertWritten(files, contents);
  await removeAll(files, names.map(old));
  await files.change([CLEAN]);
}

/** Makes an empty file in a folder that is there, unless it has one. */
export async function makeMark(files: DataFiles, path: string): Promise<void> {
  if (await files.find(path)) return;
  await files.change([UNCLEAN]);
  await files.change(newFile(path));
  await files.change([CLEAN]);
}

/** Removes such a file again. */
export async function removeMark(files: DataFiles, path: string): Promise<void> {
  await files.change([UNCLEAN]);
  await files.change([`rm ${path}`]);
  await files.change([CLEAN]);
}

const fresh = (name: string) => `.${name}.new`;
const old = (name: string) => `.${name}.old`;

async function listHome(files: DataFiles): Promise<readonly DataEntry[]> {
  return (await files.list(HOME)) ?? [];
}

async function makeHome(files: DataFiles): Promise<void> {
  const home = await files.find(HOME);
  if (home === undefined) await files.change([`mkdir ${HOME}`]);
  else if (home.kind !== 'folder') {
    throw new LivesysError('LIVESYS_DATA_DAMAGED', `${HOME} of the medium is no folder.`);
  }
}

/** An empty file with the owner and mode that the boot gives such a file. */
function newFile(path: string): string[] {
  const set = (field: string, value: string) => `sif ${path} ${field} ${value}`;
  return [`write /dev/null ${path}`, set('mode', '0100644'), set('uid', '0'), set('gid', '0')];
}

async function removeAll(files: DataFiles, names: readonly string[]): Promise<void> {
  const found = (await listHome(files)).filter(({ name }) => names.includes(name));
  const full = found.filter(({ kind }) => kind === 'file');
  if (full.length > 0) {
    await files.change(
      full.flatMap(({ inode }) => [`punch <${inode}> 0`, `sif <${inode}> size 0`]),
    );
  }
  if (found.length === 0) return;
  await files.change(
    found.map(({ name, kind }) => `${kind === 'folder' ? 'rmdir' : 'rm'} ${HOME}/${name}`),
  );
}

/** The new file under the name of the old one, the old one under another: each keeps one name. */
function exchange(entries: readonly DataEntry[], names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const before = entries.find((entry) => entry.name === name);
    const path = `${HOME}/${name}`;
    return [
      ...(before ? [`unlink ${path}`, `ln <${before.inode}> ${HOME}/${old(name)}`] : []),
      `ln ${HOME}/${fresh(name)} ${path}`,
      `unlink ${HOME}/${fresh(name)}`,
    ];
  });
}

/** `debugfs` may fail quietly. */
async function assertWritten(
  files: DataFiles,
  contents: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, content] of Object.entries(contents)) {
    if ((await files.readText(`${HOME}/${name}`, content.length)) === content) continue;
    throw new LivesysError('LIVESYS_DATA_DAMAGED', `${HOME}/${name} could not be written.`);
  }
}
