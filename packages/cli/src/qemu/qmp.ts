import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** What QEMU sends: an answer to a command, or news of the machine. */
interface Message {
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
  readonly event?: string;
  readonly data?: unknown;
}

interface Pending {
  readonly command: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** QEMU's control protocol: `quit`, `screendump`, `device_del`, `query-status` and the rest. */
export class Qmp {
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Set<(event: string, data: unknown) => void>();
  private nextId = 1;
  private closed = false;
  private readonly socket: Socket;
  private readonly gone: Promise<void>;

  private constructor(socket: Socket) {
    this.socket = socket;
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => this.receive(line));
    // QEMU resets the connection when it quits; an end is an end. readline repeats the error.
    lines.on('error', () => {});
    socket.on('error', () => {});
    this.gone = new Promise((resolve) => {
      socket.on('close', () => {
        this.close();
        resolve();
      });
    });
  }

  /** Connects to a socket made with `-qmp unix:PATH,server=on`; tries until `timeout` is over. */
  static async connect(path: string, timeout = 10_000): Promise<Qmp> {
    const qmp = new Qmp(await connectWithin(path, Date.now() + timeout));
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  execute(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    if (this.closed) return Promise.reject(new Error(`${command}: the machine is gone`));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { command, resolve, reject });
      this.socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });
  }

  /** Ends the machine. That the connection breaks meanwhile is the proof that it worked. */
  async quit(): Promise<void> {
    await this.execute('quit').catch(() => {});
    await this.gone;
  }

  onEvent(listener: (event: string, data: unknown) => void): void {
    this.listeners.add(listener);
  }

  /** Lets go of the connection; the machine runs on. */
  disconnect(): void {
    this.socket.destroy();
  }

  private receive(line: string): void {
    const message = JSON.parse(line) as Message;
    if (message.event !== undefined) {
      for (const listener of this.listeners) listener(message.event, message.data);
    }
    const waiting = message.id === undefined ? undefined : this.pending.get(message.id);
    if (!waiting || message.id === undefined) return;
    this.pending.delete(message.id);
    if (message.error) waiting.reject(new Error(`${waiting.command}: ${message.error.desc}`));
    else waiting.resolve(message.return);
  }

  private close(): void {
    this.closed = true;
    for (const { command, reject } of this.pending.values()) {
      reject(new Error(`${command}: the machine is gone`));
    }
    this.pending.clear();
  }
}

/** QEMU makes the socket a moment after it started. */
async function connectWithin(path: string, deadline: number): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      socket.destroy();
      if (Date.now() >= deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
