import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { type Faults, fileTarget } from '../../../../test/support/file-target.ts';
import { DATA_AT, makeDisk, makeHybridIso, makeIso, MIB } from '../../../../test/support/media.ts';
import { openMedium } from '../medium/medium.ts';
import { programRunner, type RunProgram } from '../programs/run-program.ts';
import type { Context } from '../terminal/context.ts';
import { asKnownError } from '../terminal/print-error.ts';
import { writeMedium, type WriteRequest } from './write-medium.ts';

const SIZE = 150 * MIB;

// Many short programs, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let folder = '';
let iso = '';
let disk = '';
let stick = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-write-'));
  iso = makeHybridIso(folder, 'image');
  disk = makeDisk(folder, 'image');
  stick = join(folder, 'stick');
});
beforeEach(() => {
  // An old stick: nothing on it is zero.
  writeFileSync(stick, Buffer.alloc(SIZE, 'old content '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = programRunner(process.env);
type Fields = Readonly<Record<string, unknown>>;

/** Programs of this machine, but for its devices: there is one stick, and it is a file. */
const withStick =
  (more: () => Fields = () => ({})): RunProgram =>
  async (argv, options) => {
    if (argv[0] !== 'lsblk') return run(argv, options);
    const device = {
      ...{ path: stick, type: 'disk', size: statSync(stick).size, 'log-sec': 512, rm: true },
      ...{ tran: 'usb', model: 'SanDisk Ultra', serial: '4C53', fstype: 'vfat', label: 'BACKUP' },
      ...{ mountpoints: [null], ...more() },
    };
    const stdout = Buffer.from(JSON.stringify({ blockdevices: [device] }));
    return { code: 0, signal: null, stdout, stderr: '', line: 'lsblk' };
  };

interface Situation {
  readonly faults?: Faults;
  /** What a person types; without it nobody is there. */
  readonly answers?: readonly string[];
  /** What lsblk tells of the stick, each time it is asked. */
  readonly device?: () => Fields;
  readonly context?: Partial<Context>;
}

/** Writes to the stick; gives what was printed and the error. */
async function write(
  file: string,
  { faults = {}, answers, device, context: more = {} }: Situation = {},
  request: Partial<WriteRequest> = {},
) {
  const said = { stdout: '', stderr: '', asked: '' };
  const left = [...(answers ?? [])];
  const output = (name: 'stdout' | 'stderr') => ({
    ...{ isTTY: false, columns: 80, rows: 24 },
    write: (text: string) => void (said[name] += text),
  });
  const ask = async (question: string) => {
    said.asked += `${question}\n`;
    return left.shift();
  };
  const context: Context = {
    ...{ cwd: folder, env: { ...process.env, LANG: 'C.UTF-8' }, user: { uid: 0, home: '/' } },
    ...{ stdout: output('stdout'), stderr: output('stderr') },
    ...{ signal: new AbortController().signal, now: () => performance.now() },
    ...{ loadEngine: () => Promise.reject(new Error('not needed')) },
    ...(answers ? { ask } : {}),
    ...more,
  };
  let log: readonly string[] = [];
  const open = async (path: string) => {
    const target = fileTarget(path, faults);
    ({ log } = target);
    return target;
  };
  const tools = { run: withStick(device), open };
  const error = await writeMedium({ file, json: false, ...request }, context, tools).then(
    () => undefined,
    asKnownError,
  );
  return { ...said, log, error };
}

const yes = { answers: ['stick', 'stick'] };
const answered = (situation: Situation = {}) => ({ ...situation, answers: [stick] });
const untouched = () =>
  expect(readFileSync(stick).equals(Buffer.alloc(SIZE, 'old content '))).toBe(true);
const unfinished = () =>
  expect(openMedium(stick)).rejects.toThrow(
    /not an intact livesys medium: writing it was interrupted/,
  );

describe('writing a stick', () => {
  it('shows what is on it, asks for its name, writes, compares and makes room for changes', async () => {
    const { stdout, stderr, asked, error } = await write(iso, answered());

    expect(error).toBeUndefined();
    expect(stderr).toMatch(/stick {2}SanDisk Ultra {2}150 MiB {2}usb {2}serial 4C53\n/);
    expect(stderr).toMatch(/\n {6}vfat "BACKUP" {2}→ would be erased\n/);
    expect(asked).toMatch(
      /^Erase \/.*stick \(SanDisk Ultra, 150 MiB\) and write image.iso, with 144 MiB persistence\? Type .*: \n$/,
    );
    expect(stderr).toMatch(/writing: 100 %\n ✓ written {4}[^]*✓ read back {2}equal/);
    expect(stderr).toMatch(/✓ persistence partition \(ext4, 144 MiB\)\n$/);
    expect(stdout).toBe(
      `The stick is ready. It boots with profile "office", persistence on; change it with livesys medium ${stick}.\n`,
    );
  });

  it('gives a medium whose bytes are those of the image but for its table', async () => {
    await write(iso, answered());
    const [written, image] = [readFileSync(stick), readFileSync(iso)];
    // MBR size, header and entries; code, the active entry and all else are the same.
    const table = [446, 34 * 2048] as const;
    expect(written.subarray(0, 446).equals(image.subarray(0, 446))).toBe(true);
    expect([written[0x1be], written[0x1ce]]).toEqual([image[0x1be], image[0x1ce]]);
    expect(written.subarray(table[1], image.length).equals(image.subarray(table[1]))).toBe(true);
    expect(execFileSync('sfdisk', ['--verify', stick], { stdio: 'pipe' }).toString()).toContain(
      'No errors detected',
    );
    const medium = await openMedium(stick);
    expect(medium.data).toMatchObject({ number: 3, offset: 5 * MIB, length: 144 * MIB });
    await medium.close();
    execFileSync('e2fsck', ['-f', '-n', `${stick}?offset=${5 * MIB}`], { stdio: 'ignore' });
  });

  it('writes what makes it a medium last, and reads back from the device', async () => {
    const { log } = await write(iso, answered());

    expect(log[0]).toBe('write 0');
    expect(log.slice(0, 4)).toEqual(['write 0', `write ${SIZE - MIB}`, 'sync', `write ${MIB}`]);
    expect(log.slice(-4)).toEqual(['write 0', 'sync', 'forget', 'close']);
    expect(log.indexOf('forget')).toBeLessThan(log.indexOf('lend'));
    expect(log.lastIndexOf('write 0')).toBeGreaterThan(log.indexOf('lend'));
  });

  it('without room for changes gives the image, bit by bit', async () => {
    for (const image of [iso, disk]) {
      const { stdout } = await write(image, answered(), { persistence: 'none' });
      const bytes = readFileSync(image);

      expect(readFileSync(stick).subarray(0, bytes.length).equals(bytes)).toBe(true);
      expect(stdout).toContain('persistence off');
    }
  });

  it('of a disk image makes its empty place for changes anew, to the end', async () => {
    await write(disk, answered());
    const medium = await openMedium(stick);

    expect(medium.data).toMatchObject({ number: 4, offset: DATA_AT, length: 137 * MIB });
    await medium.close();
    execFileSync('e2fsck', ['-f', '-n', `${stick}?offset=${DATA_AT}`], { stdio: 'ignore' });
  });

  it('tells programs the same as events', async () => {
    const { stdout, stderr } = await write(iso, answered(), { json: true });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });

    expect(stderr).toBe('');
    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      ...['devices', 'write-started', 'write-progress', 'write-stage-finished', 'write-finished'],
    ]);
    expect(events[0]).toMatchObject({ devices: [{ contents: 'vfat "BACKUP"', refusal: null }] });
    expect(events[1]).toMatchObject({ device: stick, persistence: 144 * MIB });
  });
});

describe('a stick stays as it is', () => {
  it.each([
    ['nobody is there to ask', {}, {}, /no terminal to ask on/, 'LIVESYS_USAGE'],
    ['the name is not typed', { answers: ['y'] }, {}, /was not named/, 'LIVESYS_USAGE'],
    ['input ends', { answers: [] }, {}, /was not named/, 'LIVESYS_USAGE'],
    [
      'it is mounted',
      { ...yes, device: () => ({ mountpoints: ['/mnt'] }) },
      {},
      /no device to write to/,
      'LIVESYS_DEVICE_REFUSED',
    ],
    [
      'more room is wanted than there is',
      yes,
      { persistence: 2 ** 40 },
      /has room for/,
      'LIVESYS_USAGE',
    ],
    [
      'it is too small',
      { ...yes, device: () => ({ size: MIB }) },
      {},
      /no device to write to/,
      'LIVESYS_DEVICE_REFUSED',
    ],
  ])('when %s', async (_, situation, request, message, code) => {
    const { error } = await write(iso, situation, request);

    expect(error).toMatchObject({ code, exitCode: 2, message: expect.stringMatching(message) });
    untouched();
  });

  it('when another one is in its place before the name is typed', async () => {
    const sticks = [{ serial: 'A' }, { serial: 'B' }];
    const { error } = await write(iso, { answers: [stick], device: () => sticks.shift() ?? {} });

    expect(error).toMatchObject({
      code: 'LIVESYS_DEVICE_REFUSED',
      message: expect.stringMatching(/is another device now than the one that was shown/),
    });
    untouched();
  });

  it('when the image is not ours, is cut, or lacks a layer', async () => {
    const foreign = makeIso(folder, 'foreign', { a: Buffer.alloc(MIB) });
    const cut = join(folder, 'cut.iso');
    copyFileSync(iso, cut);
    truncateSync(cut, 2 * MIB);
    for (const image of [foreign, cut]) {
      const { error } = await write(image, answered());

      expect(error).toMatchObject({ code: 'LIVESYS_MEDIUM_INVALID', exitCode: 5 });
    }
    untouched();
  });
});

describe('a write that goes wrong says in what state the stick is, and the stick says so, too:', () => {
  it.each([
    ['an error of the device', { failsAt: 2 * MIB }, /reported an error \(EIO\)/],
    ['an end before its end', { endsAt: 2 * MIB }, /reported an error \(ENOSPC\)/],
    ['a pulled device', { failsAt: 2 * MIB, pulled: true }, /is gone: it was pulled out/],
  ])('%s', async (_, faults, message) => {
    const { error } = await write(iso, answered({ faults }));

    expect(error).toMatchObject({
      ...{ code: 'LIVESYS_WRITE_FAILED', exitCode: 5 },
      message: expect.stringMatching(message),
      hint: expect.stringMatching(
        /is erased in part: .* of 3.0 MiB written. It does not start; write it again\.$/,
      ),
    });
    await unfinished();
  });

  it('a device that gives back something else', async () => {
    const { error } = await write(iso, answered({ faults: { forgets: 3 * MIB + 5 } }));

    expect(error).toMatchObject({
      ...{ code: 'LIVESYS_WRITE_DIFFERS', exitCode: 5 },
      hint: expect.stringMatching(/the image is written, but the medium is not complete/),
    });
    await unfinished();
  });

  it('an error at the very first byte', async () => {
    const { error } = await write(iso, answered({ faults: { failsAt: 0 } }));

    expect(error).toMatchObject({ hint: expect.stringMatching(/erased in part: 0 B of/) });
  });

  it('a file system that cannot be made', async () => {
    const broken: RunProgram = async (argv, options) =>
      argv[0] === 'mkfs.ext4'
        ? { code: 1, signal: null, stdout: Buffer.alloc(0), stderr: 'no', line: 'mkfs.ext4 …' }
        : withStick()(argv, options);
    const target = fileTarget(stick);
    const error = await writeMedium(
      { file: iso, json: false },
      {
        ...{ cwd: folder, env: process.env, user: { uid: 0, home: '/' }, now: () => 0 },
        stdout: { isTTY: false, columns: 80, rows: 24, write: () => {} },
        stderr: { isTTY: false, columns: 80, rows: 24, write: () => {} },
        signal: new AbortController().signal,
        ask: async () => stick,
        loadEngine: () => Promise.reject(new Error('not needed')),
      },
      { run: broken, open: async () => target },
    ).then(() => undefined, asKnownError);

    expect(error).toMatchObject({
      ...{ code: 'LIVESYS_COMMAND_FAILED', details: ['no'] },
      hint: expect.stringMatching(/not complete\. It does not start; write it again\.$/),
    });
    await unfinished();
  });

  it('an interruption', async () => {
    const controller = new AbortController();
    const onWrite = (offset: number) => {
      if (offset === MIB) controller.abort();
    };
    const { error, log } = await write(
      disk,
      answered({ faults: { onWrite }, context: { signal: controller.signal } }),
    );

    expect(error).toMatchObject({
      code: 'LIVESYS_INTERRUPTED',
      hint: expect.stringMatching(/is erased in part: .* of .* written\. It does not start/),
    });
    expect(log.at(-1)).toBe('close');
    await unfinished();
  });

  it('an interruption before anything was done', async () => {
    const signal = AbortSignal.abort();
    const { error } = await write(iso, answered({ context: { signal } }));

    expect(error).toMatchObject({ code: 'LIVESYS_INTERRUPTED', hint: 'Nothing was changed.' });
    untouched();
  });
});
