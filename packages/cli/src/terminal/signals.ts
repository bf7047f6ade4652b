/** Signal numbers, for the exit code 128 + n. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

export interface Interruption {
  readonly signal: AbortSignal;
  /** 130 or 143 once a signal came. */
  readonly exitCode: number | undefined;
  dispose(): void;
}

/**
 * `timeout`, and npm when it runs a script, send what the terminal or they have sent already once
 * more. Nobody types that fast, in milliseconds.
 */
const ECHO = 300;

/**
 * Turns the first SIGINT or SIGTERM into an abort, so that work unwinds. The second one ends the
 * process at once: the kernel then removes the sandbox with everything in it.
 */
export function catchSignals(
  process: NodeJS.EventEmitter,
  options: {
    onFirst(): void;
    exit(code: number): void;
    /** Milliseconds, from any start. */
    now(): number;
  },
): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let first = 0;
  const handlers = Object.entries(SIGNALS).map(([name, number]) => {
    const handle = () => {
      if (exitCode !== undefined) {
        if (options.now() - first > ECHO) options.exit(exitCode);
        return;
      }
      first = options.now();
      exitCode = 128 + number;
      controller.abort();
      // Whoever draws on the terminal has made way for a message by now.
      options.onFirst();
    };
    process.on(name, handle);
    return { name, handle };
  });
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    dispose() {
      for (const { name, handle } of handlers) process.off(name, handle);
    },
  };
}
