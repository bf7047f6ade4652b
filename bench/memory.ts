import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

const INTERVAL = 20;

/** Watches the Node processes of a run and keeps the most memory that each program of ours had. */
export class MemoryWatch {
  readonly #peaks = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  start(pid: number): void {
    this.#timer = setInterval(() => this.#look(pid), INTERVAL);
  }

  /** Peak resident MB by the name of the program. */
  stop(): Readonly<Record<string, number>> {
    clearInterval(this.#timer);
    return Object.fromEntries(this.#peaks);
  }

  #look(pid: number): void {
    try {
      if (readlinkSync(`/proc/${pid}/exe`) === process.execPath) this.#note(pid);
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
        for (const child of children.split(' ').filter(Boolean)) this.#look(Number(child));
      }
    } catch {
      // It ended while we looked.
    }
  }

  #note(pid: number): void {
    const script = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1] ?? '';
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const peak = (Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024) / 1e6;
    const name = basename(script);
    this.#peaks.set(name, Math.max(peak, this.#peaks.get(name) ?? 0));
  }
}
