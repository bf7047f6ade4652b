import { open, stat } from 'node:fs/promises';

/** What a guest prints, kept as it comes from the files that QEMU writes, one for each port. */
export class SerialReader {
  private readonly ports: readonly SerialPort[];

  constructor(...paths: readonly string[]) {
    this.ports = paths.map((path) => new SerialPort(path));
  }

  /** Everything so far, with what the files got since the last call: one port after the other. */
  async read(): Promise<string> {
    return (await Promise.all(this.ports.map((port) => port.read()))).join('\n');
  }

  /** Waits for a line; gives the match. Ends without one at `until` or when `stop` says so. */
  async expect(
    pattern: RegExp,
    options: { readonly until: number; readonly stop: () => boolean },
  ): Promise<RegExpExecArray | undefined> {
    for (;;) {
      // Asked before reading: what was written until the end is still read.
      const last = options.stop() || Date.now() >= options.until;
      const match = pattern.exec(cleanConsole(await this.read()));
      if (match) return match;
      if (last) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

class SerialPort {
  private offset = 0;
  private text = '';
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async read(): Promise<string> {
    const size = await stat(this.path).then(
      (found) => found.size,
      () => 0,
    );
    if (size <= this.offset) return this.text;
    const file = await open(this.path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(size - this.offset),
        0,
        size - this.offset,
        this.offset,
      );
      this.offset += bytesRead;
      // Boot messages are ASCII; a broken byte of a firmware must not stop us.
      this.text += buffer.subarray(0, bytesRead).toString('latin1');
    } finally {
      await file.close();
    }
    return this.text;
  }
}

/** Console output without what moves cursors and changes colours, with plain line ends. */
export function cleanConsole(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/\u001B(?:\[[0-9;?=]*[A-Za-z]|[()][A-Z0-9]|[=>78cDEHM])/g, '')
      .replaceAll(/\r+\n?/g, '\n')
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000B-\u001F]/g, '')
  );
}

/** The last lines of a console that say something. */
export function consoleTail(text: string, count = 15): string[] {
  const lines = cleanConsole(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  return lines.slice(-count);
}
