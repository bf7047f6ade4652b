import fc from 'fast-check';

/** Everything that a layer can do to what lies below it; runs in a root where /data was made by {@link DATA}. */
export const CHANGES = String.raw`
cd /data
rm deleted
rm -rf replaced; mkdir replaced; echo new >replaced/new; mkdir replaced/inner; echo new >replaced/inner/new
rm -rf to-link; ln -s other to-link
rm -rf to-file; echo file >to-file
rm link-to-folder; mkdir link-to-folder; echo in >link-to-folder/file
rm file-to-folder; mkdir file-to-folder; echo in >file-to-folder/file
mv renamed renamed-to
mv renamed-file 'new name'
rm -rf emptied/* emptied/.hidden
rm -rf gone
rm hard-1; echo more >>hard-2
chmod 4755 setuid; chown 33:44 owned; touch touched
rm -rf "$(printf 'latin\351')"; mkdir "$(printf 'latin\351')"; echo x >"$(printf 'latin\351/new\351')"
rm -rf again; mkdir again; echo 1 >again/file; rm -rf again; mkdir again; echo 2 >again/other
rm pipe; mkfifo pipe
setfattr -n user.color -v red owned; setcap cap_net_raw+ep capable; setcap cap_net_admin+ep made-capable
ln hard-3 hard-5; echo hard >made-1; ln made-1 made-2
chmod 1777 sticky
`;

/** Makes the tree that {@link CHANGES} works on. Runs as root on the builder. */
export const DATA = String.raw`
mkdir data; cd data
echo x >deleted; echo x >touched; echo x >renamed-file; echo x >owned; echo x >setuid; echo x >file-to-folder
mkdir -p replaced/inner/deep to-link to-file other renamed/inner emptied/sub gone/a/b again sticky "$(printf 'latin\351')/old\351"
for folder in replaced replaced/inner replaced/inner/deep to-link to-file other renamed renamed/inner emptied emptied/sub gone/a gone/a/b again "$(printf 'latin\351')"; do
  echo old >"$folder/file"; echo old >"$folder/old"
done
echo x >"$(printf 'latin\351/old-\351')"
echo x >emptied/.hidden
ln -s other link-to-folder
echo hard >hard-1; ln hard-1 hard-2; ln hard-1 hard-3; ln hard-1 hard-4
echo cap >capable; cp capable made-capable; cp capable still-capable
setcap cap_net_bind_service+ep capable; setcap cap_net_bind_service+ep still-capable
setfattr -n user.kept -v yes other/file; setfattr -n user.folder -v yes other
mkfifo pipe kept-pipe
chmod 2755 other; chmod 4711 renamed-file; chown 33:33 other; chown 1000:1000 other/file; chown -h 1000:100 link-to-folder
mkdir random; cd random; mkdir -p a/b/c b/c/a c/a/b
for folder in a a/b a/b/c b b/c b/c/a c c/a c/a/b; do echo "$folder" >"$folder/x"; echo "$folder" >"$folder/y"; done
cd ../..
find data -exec touch -h -d @1600000000 {} +
`;

/** Shell lines that change /data/random, drawn by a seed; lines that fail change nothing. */
export function randomChanges(seed: number): string {
  const name = fc.constantFrom('a', 'b', 'c', 'x', 'y');
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const change = fc.oneof(
    path.map((at) => `rm -rf ${at}`),
    path.map((at) => `mkdir ${at}`),
    path.map((at) => `rm -rf ${at}; mkdir ${at}`),
    path.map((at) => `echo ${at} >${at}`),
    fc.tuple(path, path).map(([from, to]) => `mv ${from} ${to}`),
    fc.tuple(path, path).map(([from, to]) => `cp -r ${from} ${to}`),
    fc.tuple(path, path).map(([target, at]) => `ln -s ${target} ${at}`),
    fc.tuple(path, path).map(([target, at]) => `ln ${target} ${at}`),
    // Without set-id bits: the kernel drops them from a file that root of a user namespace writes to.
    fc.tuple(path, fc.constantFrom('700', '755', '444')).map(([at, mode]) => `chmod ${mode} ${at}`),
  );
  const lines = fc.sample(change, { seed, numRuns: 80 });
  return ['cd /data/random', ...lines.map((line) => `{ ${line}; } 2>/dev/null || :`)].join('\n');
}

/**
 * Prints what a program would see of /data: types, modes, owners, content, link targets,
 * attributes. No times, which a build clamps, and no sizes of folders, which a file system chooses.
 */
export const LIST = String.raw`
cd /data
find . -print0 | sort -z | xargs -0 stat -c '%N %f %u:%g %t,%T'
find . ! -type d -print0 | sort -z | xargs -0 stat -c '%n %h'
find . -type f -print0 | sort -z | xargs -0 md5sum
find . -print0 | sort -z | xargs -0 getfattr -h -d -m - -e hex
`;
