import { readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectClean, LiveMachine } from './support/live-machine.ts';
import { tool } from './support/live-media.ts';

// A DATA that somebody prepared, as root in a mount namespace of its own: it can neither hold up the boot nor
// lead its writes to another disk.
const machine = new LiveMachine(['persist all data - optional']);
const CHANGES = 'livesys/persistence/all';
const SECRET = 'somebody else’s disk'.padEnd(4096, '.');
let other: string;
beforeEach(() => {
  machine.format();
  machine.boot({ session: 'echo kept >file' });
  other = `${machine.work}/other.img`;
  writeFileSync(other, SECRET);
});

/** Runs something with the numbers of a device that holds the other disk. */
function withOtherDisk(use: (device: string, numbers: string) => void): void {
  const device = tool('losetup', '--find', '--show', other).trim();
  try {
    use(device, tool('stat', '-c', '%Hr %Lr', device).trim());
  } finally {
    tool('losetup', '--detach', device);
  }
}

describe('where the boot writes', () => {
  it.each(['dirty', 'fingerprint', 'reset'])(
    'a pipe as %s is not opened: nobody would ever answer',
    (name) => {
      machine.change(`rm -f ${CHANGES}/${name} && mkfifo ${CHANGES}/${name}`);
      const { state } = machine.boot();
      expect(state).toMatchObject({
        persistence: 'off',
        persistence_error: 'E42',
        persistence_reason: `/${CHANGES}/${name} on sda2 is not a file`,
      });
      expectClean(machine.data);
    },
  );

  it('a device as the mark of use is not written to', () => {
    withOtherDisk((_device, numbers) => {
      machine.change(`mknod ${CHANGES}/dirty b ${numbers}`);
      expect(machine.boot().state).toMatchObject({ persistence: 'off', persistence_error: 'E42' });
    });
    expect(readFileSync(other, 'utf8')).toBe(SECRET);
  });

  it('a link among the changes does not lead the trial of the new root elsewhere', () => {
    withOtherDisk((device) => {
      machine.change(`ln -s ${device} ${CHANGES}/upper/.livesys-write-test`);
      const { state, lines } = machine.boot({ session: 'cat file; ls -A | grep write-test' });
      expect(state).toMatchObject({ persistence: 'on' });
      expect(lines).toEqual(['kept']);
    });
    expect(readFileSync(other, 'utf8')).toBe(SECRET);
    expectClean(machine.data);
  });
});

it.each([
  ['a file in the place of the folder', 'rm -r livesys && touch livesys'],
  ['a pipe as upper', `rm -r ${CHANGES}/upper && mkfifo ${CHANGES}/upper`],
  ['a mark of use that cannot be changed', `touch ${CHANGES}/dirty && chattr +i ${CHANGES}/dirty`],
])('%s is E42, without a word of the shell', (_what, commands) => {
  machine.change(commands);
  expect(machine.boot().state).toMatchObject({
    persistence: 'off',
    persistence_error: 'E42',
    persistence_reason: 'sda2 cannot be written',
  });
});

it('a link to nowhere does not stand in the way of a reset', () => {
  machine.change(`touch ${CHANGES}/reset && ln -s /nowhere ${CHANGES}/upper.old-1`);
  const { state, lines } = machine.boot({ session: 'cat file 2>/dev/null' });
  expect(state).toMatchObject({ persistence: 'on' });
  expect(lines).toEqual([]);
  expect(machine.change(`cat ${CHANGES}/upper.old-2/file`)).toBe('kept\n');
});

it.each([
  ['fingerprint', 'off', 'E44'],
  ['dirty', 'on', ''],
])('a %s of 1 TB is not read to its end', (name, persistence, code) => {
  machine.change(`truncate -s 1T ${CHANGES}/${name}`);
  const { state } = machine.boot();
  expect(state).toMatchObject({ persistence, persistence_error: code });
});

it.each(['clean', 'damaged'])(
  'the name of a file system never reaches a terminal as it is: %s',
  (how) => {
    machine.format(machine.data, '64M', '-L', '\u001B[31mRED\u0007\u00FC');
    if (how === 'damaged') tool('debugfs', '-w', '-R', 'clri <2>', machine.data);
    const { kmsg, state } = machine.boot();
    expect(state['persistence']).toBe(how === 'clean' ? 'on' : 'off');
    expect(kmsg).toContain('?[31mRED?');
    expect(kmsg).toMatch(/^[\n -~]*$/);
  },
);
