import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Acceleration,
  cleanConsole,
  consoleTail,
  detectAcceleration,
  type Drive,
  type Exit,
  type Machine,
  prepareFirmware,
  Qmp,
  type QemuOptions,
  requireQemu,
  SerialReader,
  startMachine,
} from '../../../packages/cli/src/qemu/index.ts';
import { type Decoys, hashFile, makeDecoys } from './decoy.ts';
import { foreignVariables } from './efi-variables.ts';
import { readFacts, runProblems } from './facts.ts';
import { type Job, jobArguments } from './job.ts';

/** Emulated machines are about eight times slower than the limits a test gives. */
const TCG_FACTOR = 8;

export interface GuestOptions {
  readonly firmware?: 'bios' | 'uefi' | 'uefi-secure';
  /** The ISO or disk image; it must be the same after the run unless it may be written. */
  readonly medium?: Omit<Drive, 'boot'>;
  readonly drives?: readonly Drive[];
  readonly direct?: NonNullable<QemuOptions['direct']>;
  /** MiB. Default: 1024. */
  readonly memory?: number;
  /** Disks that must not change. Default: true. */
  readonly decoys?: boolean;
  /** Default: a fresh one; the probe in the guest reads it as the serial number of the machine. */
  readonly nonce?: string;
  /** What the probe runs before the machine goes off. */
  readonly job?: Job;
  /** Further arguments of QEMU. */
  readonly more?: readonly string[];
}

/** What a guest told, and what is left of its machine. */
export interface GuestReport {
  readonly exit: Exit;
  readonly seconds: number;
  /** Everything on the serial ports, without cursor movement: what the probe told, then the console. */
  readonly console: string;
  /** From `LIVESYS-TEST: key=value`; a key said twice has its last value. */
  readonly facts: ReadonlyMap<string, string>;
  readonly changedDecoys: readonly string[];
  readonly mediumUnchanged: boolean;
  /** EFI variables that the firmware did not write; empty with a BIOS. */
  readonly foreignVariables: readonly string[];
}

let acceleration: Promise<Acceleration> | undefined;

/**
 * A virtual machine under test. It ends with this process, whatever happens; call `dispose` in
 * `afterEach` or `finally` to end it earlier and to remove its files.
 */
export class Guest {
  readonly nonce: string;
  /** Limits are multiplied by this. */
  readonly factor: number;
  private readonly started = Date.now();
  private readonly reader: SerialReader;
  private exit: Exit | undefined;
  private keyboard: Socket | undefined;
  private readonly folder: string;
  private readonly options: GuestOptions;
  private readonly machine: Machine;
  private readonly variables: string | undefined;
  private readonly decoys: Decoys | undefined;
  private readonly mediumHash: string | undefined;

  private constructor(parts: GuestParts) {
    this.nonce = parts.nonce;
    this.factor = parts.factor;
    this.folder = parts.folder;
    this.options = parts.options;
    this.machine = parts.machine;
    this.variables = parts.variables;
    this.decoys = parts.decoys;
    this.mediumHash = parts.mediumHash;
    this.reader = new SerialReader(join(parts.folder, 'told'), join(parts.folder, 'serial'));
    void this.noteExit();
  }

  static async start(options: GuestOptions): Promise<Guest> {
    const qemu = await requireQemu(process.env);
    acceleration ??= detectAcceleration(qemu);
    const { kind } = await acceleration;
    const folder = await mkdtemp(join(tmpdir(), 'livesys-guest-'));
    try {
      const nonce = options.nonce ?? randomBytes(8).toString('hex');
      const firmware = await prepareFirmware(options.firmware ?? 'bios', folder);
      const decoys = options.decoys === false ? undefined : await makeDecoys(folder);
      const mediumHash =
        options.medium === undefined ? undefined : await hashFile(options.medium.file);
      const machine = startMachine(qemu, {
        firmware,
        drives: [
          ...(options.medium === undefined ? [] : [{ ...options.medium, boot: true }]),
          ...(options.drives ?? []),
          ...(decoys?.drives ?? []),
        ],
        memory: options.memory ?? 1024,
        acceleration: kind,
        display: 'none',
        serial: { kind: 'file', path: join(folder, 'serial'), input: join(folder, 'keys') },
        control: join(folder, 'control'),
        machineSerial: nonce,
        endAtReset: true,
        ...(options.direct === undefined ? {} : { direct: options.direct }),
        more: [
          ...['-chardev', `file,id=told,path=${join(folder, 'told')}`, '-serial', 'chardev:told'],
          ...jobArguments(folder, options.job),
          ...(options.more ?? []),
        ],
      });
      const factor = kind === 'kvm' ? 1 : TCG_FACTOR;
      const variables = firmware.kind === 'uefi' ? firmware.variables : undefined;
      return new Guest({ nonce, factor, folder, options, machine, variables, decoys, mediumHash });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Waits for something on the console; fails with its last lines. */
  async waitFor(pattern: RegExp, seconds: number): Promise<RegExpExecArray> {
    const until = Date.now() + seconds * 1000 * this.factor;
    const match = await this.reader.expect(pattern, { until, stop: () => this.exit !== undefined });
    if (match) return match;
    const why = this.exit === undefined ? `not within ${seconds} s × ${this.factor}` : 'QEMU ended';
    throw new Error(await this.explain(`${String(pattern)} did not appear: ${why}`));
  }

  /** Controls QEMU: pulls devices, takes pictures of the screen. */
  async control(): Promise<Qmp> {
    return Qmp.connect(join(this.folder, 'control'));
  }

  /** Types on the serial port, as a person at a terminal does. */
  async type(keys: string): Promise<void> {
    if (this.keyboard === undefined) {
      this.keyboard = connect(join(this.folder, 'keys'));
      // Listened to, or QEMU would wait for us; the log has it all.
      this.keyboard.on('error', () => {}).resume();
      await once(this.keyboard, 'connect');
    }
    this.keyboard.write(keys);
  }

  /** Cuts the power: what the guest did not hand to its disks is lost. */
  async cutPower(): Promise<void> {
    await this.machine.kill();
  }

  /** Waits until the machine is off, then looks at what is left. Asserts nothing. */
  async finish(seconds: number): Promise<GuestReport> {
    await this.waitForExit(seconds);
    const { medium } = this.options;
    const console = cleanConsole(await this.reader.read());
    return {
      exit: this.exit ?? { code: null, signal: null },
      seconds: (Date.now() - this.started) / 1000,
      console,
      facts: readFacts(console),
      changedDecoys: (await this.decoys?.changed()) ?? [],
      mediumUnchanged: medium === undefined || (await hashFile(medium.file)) === this.mediumHash,
      foreignVariables:
        this.variables === undefined ? [] : foreignVariables(await readFile(this.variables)),
    };
  }

  /**
   * The whole of a good run: the probe after multi-user.target printed this run's nonce and every
   * line it counted, the machine went off by itself, and nothing of others was touched.
   */
  async expectBooted(seconds: number): Promise<GuestReport> {
    const report = await this.finish(seconds);
    const problems = runProblems(report, this.nonce);
    if (!report.mediumUnchanged && this.options.medium?.writes !== 'keep') {
      problems.push('the medium was written to');
    }
    if (problems.length > 0) throw new Error(await this.explain(problems.join('; ')));
    return report;
  }

  /** Ends the machine and removes everything. May be called twice. */
  async dispose(): Promise<void> {
    this.keyboard?.destroy();
    await this.machine.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async noteExit(): Promise<void> {
    this.exit = await this.machine.exited;
  }

  private async waitForExit(seconds: number): Promise<void> {
    const limit = seconds * 1000 * this.factor;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), limit);
    });
    const result = await Promise.race([this.machine.exited, late]);
    clearTimeout(timer);
    if (result !== 'late') return;
    const message = await this.explain(
      `the machine was not off within ${seconds} s × ${this.factor}`,
    );
    await this.machine.kill();
    throw new Error(message);
  }

  private async explain(what: string): Promise<string> {
    const text = await this.reader.read();
    const own = cleanConsole(text)
      .split('\n')
      .filter((line) => /LIVESYS: |notice/.test(line));
    const tail = consoleTail(text, 40);
    const qemu = this.machine.errors();
    return [
      what,
      ...(own.length === 0 ? [] : ['── livesys', ...own.slice(-40)]),
      '── console',
      ...tail,
      ...(qemu === '' ? [] : ['── QEMU', qemu]),
    ].join('\n');
  }
}

interface GuestParts {
  readonly nonce: string;
  readonly factor: number;
  readonly folder: string;
  readonly options: GuestOptions;
  readonly machine: Machine;
  readonly variables: string | undefined;
  readonly decoys: Decoys | undefined;
  readonly mediumHash: string | undefined;
}
