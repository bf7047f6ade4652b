import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
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

/** Emulated machines are about eight times slower than the limits a test gives. */
const TCG_FACTOR = 8;
const TEST_LINE = /^LIVESYS-TEST: ([\w./@:+-]+)=(.*)$/gm;

/**
 * What the signed shim writes at its first start on a machine, whatever it starts: which old
 * loaders it refuses. A machine that ever started a current shim has it; a new one here has not.
 */
const SHIM_REVOCATIONS = 'SbatLevel-605dab50-e046-4300-abb6-3dd810dd8b23';

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
}

/** What a guest told, and what is left of its machine. */
export interface GuestReport {
  readonly exit: Exit;
  readonly seconds: number;
  /** Everything on the serial port, without cursor movement. */
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
    this.reader = new SerialReader(join(parts.folder, 'serial'));
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
        cpus: 2,
        acceleration: kind,
        display: 'none',
        serial: { kind: 'file', path: join(folder, 'serial') },
        control: join(folder, 'control'),
        machineSerial: nonce,
        endAtReset: true,
        ...(options.direct === undefined ? {} : { direct: options.direct }),
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
    const { facts } = report;
    const problems = [
      ...(facts.get('nonce') === this.nonce ? [] : [`the nonce of this run did not come back`]),
      ...(Number(facts.get('lines')) === countLines(report.console) ? [] : ['lines were lost']),
      ...(report.exit.code === 0 ? [] : [`QEMU ended with ${JSON.stringify(report.exit)}`]),
      ...report.changedDecoys.map((name) => `the decoy ${name} was written to`),
      ...(report.mediumUnchanged || this.options.medium?.writes === 'keep'
        ? []
        : ['the medium was written to']),
      ...report.foreignVariables
        .filter((name) => name !== SHIM_REVOCATIONS)
        .map((name) => `EFI variable ${name} was written`),
    ];
    if (problems.length > 0) throw new Error(await this.explain(problems.join('; ')));
    return report;
  }

  /** Ends the machine and removes everything. May be called twice. */
  async dispose(): Promise<void> {
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
    const tail = consoleTail(await this.reader.read(), 40);
    const qemu = this.machine.errors();
    return [what, '── console', ...tail, ...(qemu === '' ? [] : ['── QEMU', qemu])].join('\n');
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

/** What the guest said, by key. */
export function readFacts(console: string): Map<string, string> {
  return new Map([...console.matchAll(TEST_LINE)].map(([, key = '', value = '']) => [key, value]));
}

function countLines(console: string): number {
  return [...console.matchAll(TEST_LINE)].length;
}
