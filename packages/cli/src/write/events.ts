import type { KnownError } from '../terminal/print-error.ts';

/** The parts of a write that take time. */
export type Stage = 'write' | 'compare' | 'persistence';

/** What a write tells while it runs; `docs/events.md` describes each. Sizes are bytes. */
export type WriteEvent =
  | {
      readonly type: 'devices';
      readonly devices: readonly {
        readonly path: string;
        readonly model: string;
        readonly serial: string;
        readonly transport: string;
        readonly bytes: number;
        readonly contents: string;
        readonly refusal: string | null;
      }[];
    }
  | {
      readonly type: 'write-started';
      readonly image: string;
      readonly device: string;
      readonly bytes: number;
      /** Size of the partition for changes; 0 for none. */
      readonly persistence: number;
    }
  | {
      readonly type: 'write-progress';
      readonly stage: Stage;
      readonly done: number;
      readonly bytes: number;
    }
  | {
      readonly type: 'write-stage-finished';
      readonly stage: Stage;
      readonly bytes: number;
      readonly milliseconds: number;
    }
  | {
      readonly type: 'write-finished';
      readonly device: string;
      readonly imageId: string;
      /** What it starts with unless another entry is chosen. */
      readonly profile: string;
      readonly persistence: 'on' | 'off';
      readonly milliseconds: number;
    }
  | FailedEvent;

export interface FailedEvent {
  readonly type: 'failed';
  readonly code: string;
  readonly exitCode: number;
  readonly message: string;
  readonly hint: string;
  readonly details: readonly string[];
}

export function failedEvent({ code, exitCode, message, hint, details }: KnownError): FailedEvent {
  return { type: 'failed', code, exitCode, message, hint, details: details ?? [] };
}
