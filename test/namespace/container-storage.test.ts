import { beforeEach, expect, it } from 'vitest';
import { expectClean, LiveMachine } from './support/live-machine.ts';

// The folder that container engines get beside the live root, with overlays in it as they make them: images as
// lower layers, one to write to above them.
const machine = new LiveMachine(['persist all data - optional']);
beforeEach(() => {
  machine.format();
});

/** stack FOLDER: what an engine does when it starts a container from an image of two layers. */
const STACK = `
  stack() {
    mkdir -p "$1"/image-0/etc "$1"/image-1 "$1"/upper "$1"/work "$1"/merged && echo image >"$1"/image-0/etc/file &&
      mount -t overlay -o "lowerdir=$1/image-1:$1/image-0,upperdir=$1/upper,workdir=$1/work" container "$1/merged" 2>/dev/null &&
      echo "$2" >"$1"/merged/etc/file && cat "$1"/upper/etc/file "$1"/image-0/etc/file
  }`;
const ENGINE = 'mkdir -p usr/bin && : >usr/bin/podman';
const PUBLISH = 'run "$@" "$SCRIPTS/livesys-publish"';
const FOLDER = '$root/run/livesys/storage/containers';

it('lies in memory where DATA is not in use, and takes the overlays that the live root does not', () => {
  const { lines, state, notices } = machine.boot({
    arguments: 'livesys.persistence=off',
    session: `${STACK}; ${ENGINE}; ${PUBLISH}
      readlink "${FOLDER}"; stat -f -c %T "${FOLDER}/."; stack "${FOLDER}" container
      stack var/lib/containers container || echo refused`,
  });
  expect(state['persistence']).toBe('off');
  expect(notices).toEqual([]);
  expect(lines).toEqual([
    '../../initramfs/livesys/upper-tmp/containers/containers',
    'tmpfs',
    ...['container', 'image'],
    'refused',
  ]);
  expect(machine.change('ls')).toBe('lost+found\n');
});

it('lies in memory where what DATA has is only shown', () => {
  machine.boot({ session: ENGINE });
  const { lines, state } = machine.boot({
    arguments: 'livesys.persistence=readonly',
    session: `${STACK}; stat -f -c %T "${FOLDER}/."; stack "${FOLDER}" shown`,
  });
  expect(state['persistence']).toBe('readonly');
  expect(lines).toEqual(['tmpfs', 'shown', 'image']);
  expect(machine.change('ls livesys')).toBe('persistence\n');
});

it('lies on DATA, by profile, and is there again after the next start', () => {
  machine.boot({ session: ENGINE });
  const stored = machine.boot({
    session: `${STACK}; stat -f -c %T "${FOLDER}/."; stack "${FOLDER}" kept`,
  });
  expect(stored.lines).toEqual(['ext2/ext3', 'kept', 'image']);
  const again = machine.boot({ session: `cat "${FOLDER}/upper/etc/file"` });
  expect(again.lines).toEqual(['kept']);
  expect(machine.change('ls livesys/containers/all/containers/image-0/etc')).toBe('file\n');
  expectClean(machine.data);
});
