import type { Engine } from '../engine/engine.ts';
import type { Output } from './output.ts';

/** What a command may know of the process it runs in. Nothing global is read elsewhere. */
export interface Context {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly user: { readonly uid: number; readonly home: string };
  /** Results. */
  readonly stdout: Output;
  /** Everything else. */
  readonly stderr: Output;
  /** Asks a person; only there where one sits at a terminal. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  readonly signal: AbortSignal;
  /** Milliseconds, from any start. */
  readonly now: () => number;
  readonly loadEngine: () => Promise<Engine>;
}
