import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { makeHybridIso, mediumFiles, MIB } from '../support/media.ts';
import { Screen } from '../support/screen.ts';
import {
  endCommands,
  LIVESYS,
  livesys,
  onTerminal,
  PATH,
  startCommand,
} from './support/livesys.ts';
import { attach, detachAll } from './support/loop.ts';
import { familyOf, isAlive } from './support/processes.ts';
import { run } from './support/run.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

const SIZE = 200 * MIB;
const TERMINAL = { columns: 100, rows: 24 };

let workspace: Workspace;
let iso: string;
let device: string;
beforeAll(() => {
  workspace = makeWorkspace();
  iso = makeHybridIso(workspace.make('media'), 'image', {
    ...mediumFiles(),
    padding: Buffer.alloc(40 * MIB, 'x'),
  });
});
afterEach(() => {
  endCommands();
  detachAll();
});
afterAll(() => workspace?.remove());

/** A write that waits between writing and reading back, or while the file system is made. */
async function startHeld(program: 'blockdev' | 'mkfs.ext4') {
  const file = join(workspace.folder, 'stick');
  writeFileSync(file, Buffer.alloc(SIZE, 'old content '));
  device = attach(file);
  const bin = workspace.make(`bin-${program}`);
  const shim = '#!/bin/sh\ncase $1 in --rereadpt) ;; *) echo held >&2; exec sleep 600 ;; esac\n';
  writeFileSync(join(bin, program), shim, { mode: 0o755 });
  const argv = ['write', iso, device, '--fixed', device, '--yes-wipe', device];
  const command = startCommand([LIVESYS, ...argv], {
    ...{ cwd: workspace.folder, env: { PATH: `${bin}:${PATH}` } },
  });
  await command.said(program === 'blockdev' ? / written / : / read back /);
  return { ...command, seen: familyOf(command.pid) };
}

async function assertUnfinished(): Promise<void> {
  const end = await livesys(['inspect', device], { cwd: workspace.folder });
  expect(end).toMatchObject({
    status: 5,
    stderr: expect.stringMatching(/not an intact livesys medium: writing it was interrupted/),
  });
  // Nobody holds the device: it can be claimed.
  run('mkfs.ext4', '-q', device);
}

it.each([
  ['blockdev', 'SIGINT', 130],
  ['blockdev', 'SIGTERM', 143],
  ['mkfs.ext4', 'SIGINT', 130],
] as const)(
  'held at %s, %s ends it with the state of the stick',
  async (program, signal, status) => {
    const command = await startHeld(program);
    process.kill(command.pid, signal);
    const end = await command.ended;

    expect(end).toMatchObject({ status, stdout: '' });
    expect(end.stderr).toMatch(
      new RegExp(
        `\\nInterrupted\\.\\n +${device} is erased: the image is written, but the medium is not complete\\. It does not start; write it again\\.\\nLIVESYS_INTERRUPTED \\(exit ${status}\\)`,
      ),
    );
    expect(command.seen.filter(isAlive)).toEqual([]);
    await assertUnfinished();
  },
);

it.each(['blockdev', 'mkfs.ext4'] as const)(
  'held at %s, kill -9 leaves no process, and a stick that says it is not finished',
  async (program) => {
    const command = await startHeld(program);
    process.kill(command.pid, 'SIGKILL');
    await command.ended;

    expect(command.seen.filter(isAlive)).toEqual([]);
    await assertUnfinished();
  },
);

it('killed while it writes, it leaves a stick that says so', async () => {
  const file = join(workspace.folder, 'stick');
  writeFileSync(file, Buffer.alloc(SIZE, 'old content '));
  device = attach(file);
  const argv = ['write', iso, device, '--fixed', device, '--yes-wipe', device];
  const command = startCommand([LIVESYS, ...argv], { cwd: workspace.folder });
  await command.said(/writing: 25 %/);
  process.kill(command.pid, 'SIGKILL');
  expect(await command.ended).toMatchObject({ signal: 'SIGKILL' });

  await assertUnfinished();
});

const onScreen = async (answer: string) => {
  const file = join(workspace.folder, 'stick');
  writeFileSync(file, Buffer.alloc(SIZE, 'old content '));
  device = attach(file);
  const argv = onTerminal([LIVESYS, 'write', iso, device, '--fixed', device], TERMINAL);
  const command = startCommand(argv, { cwd: workspace.folder, env: { TERM: 'xterm' } });
  await command.said(/Type loop\d+: $/);
  command.type(answer.replace('loopN', device.slice('/dev/'.length)));
  const end = await command.ended;
  const screen = new Screen(TERMINAL.columns, TERMINAL.rows);
  screen.write(end.stdout);
  return { ...end, seen: screen.text };
};

it('asked on a terminal, the name of the device starts it, and nothing else is left on the screen', async () => {
  const { status, seen } = await onScreen('loopN\n');

  expect({ status, seen }).toMatchObject({ status: 0 });
  expect(seen).toMatch(
    /Erase \/dev\/loop\d+ \(200 MiB\) and write image\.iso, with 1\d\d MiB persistence\? Type loop\d+: loop\d+\n/,
  );
  expect(seen).toMatch(
    / ✓ written {4}\d+ MiB .*\n ✓ read back {2}equal.*\n ✓ persistence partition \(ext4, 1\d\d MiB\)\nThe stick is ready\./,
  );
  expect(seen).not.toMatch(/▸/);
});

it.each([
  ['another name', 'sda\n', 2, /was not named\. Nothing was changed/],
  ['the end of input', '\u0004', 2, /was not named\. Nothing was changed/],
  ['Ctrl-C', '\u0003', 130, /Interrupted\.\n +Nothing was changed/],
])('%s changes nothing', async (_, answer, status, says) => {
  const { status: ended, seen } = await onScreen(answer);

  expect(seen).toMatch(says);
  expect(ended).toBe(status);
  const old = Buffer.alloc(SIZE, 'old content ');
  writeFileSync(join(workspace.folder, 'old'), old);
  run('cmp', device, join(workspace.folder, 'old'));
});
