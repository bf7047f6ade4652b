import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until something is seen while a command runs. A command that ends first fails the test with how
 * it ended, and one that gets nowhere fails it after a minute.
 */
export async function seenWhile(
  { ended }: { readonly ended: Promise<unknown> },
  isSeen: () => boolean,
  every = 10,
): Promise<void> {
  let told: string | undefined;
  const tell = (what: unknown): void => void (told = JSON.stringify(what) ?? String(what));
  ended.then(tell, (error: unknown) => tell(String(error)));
  const limit = Date.now() + 60_000;
  while (!isSeen()) {
    if (told !== undefined) throw new Error(`it ended before that was seen: ${told}`);
    if (Date.now() > limit) throw new Error('it was never seen at work');
    await pause(every);
  }
}
