import { createInterface } from 'node:readline/promises';

/** Asks a person who sits at a terminal; nothing when there is no answer to come (Ctrl-D). */
export async function askOnTerminal(
  question: string,
  options: {
    readonly input: NodeJS.ReadableStream;
    readonly output: NodeJS.WritableStream;
    readonly signal: AbortSignal;
  },
): Promise<string | undefined> {
  const { input, output, signal } = options;
  // The terminal edits the line itself, so that Ctrl-C stays a signal.
  const lines = createInterface({ input, output, terminal: false });
  try {
    const end = new Promise<undefined>((resolve) => {
      lines.once('close', () => resolve(undefined));
    });
    const answer = await Promise.race([lines.question(question, { signal }), end]);
    // What follows starts on a line of its own.
    if (answer === undefined) output.write('\n');
    return answer;
  } finally {
    lines.close();
  }
}
