import { checkOptions, oneOf } from '@livesys/core/plugin';

/**
 * `minimal` is the required packages and what a live system needs to start and be used, without
 * manual pages and documentation (copyright files stay). `standard` adds Debian's packages of
 * priority important, such as network tools and editors, and leaves nothing out.
 */
export type Variant = 'minimal' | 'standard';

/** What `debian()` takes. Only bootstrap uses these; an existing root says all this itself. */
export interface DebianUserOptions {
  /** Codename or suite. Default: `trixie`. */
  readonly release?: string;
  /** Base address of a mirror. Default: the builder's own apt sources for Debian. */
  readonly mirror?: string;
  /** Default: `minimal`. */
  readonly variant?: Variant;
  /** Default: as in the builder's sources; `main` with a mirror. */
  readonly components?: readonly string[];
}

/** The same with defaults filled in. */
export interface DebianOptions {
  readonly release: string;
  readonly variant: Variant;
  readonly mirror: string | undefined;
  readonly components: readonly string[] | undefined;
}

/** Checks the options, also those that come from YAML or JSON, and reports every problem. */
export function resolveOptions(given: DebianUserOptions = {}): DebianOptions {
  checkOptions<DebianUserOptions>('debian', given, {
    release: [matches(/^[a-z][a-z0-9.-]*$/), 'a codename such as "bookworm"'],
    mirror: [
      matches(/^(https?|ftp|file|copy):\/{2,3}[^\s[\]]+$/),
      'an address such as "https://…"',
    ],
    variant: oneOf('minimal', 'standard'),
    components: [
      (value) => Array.isArray(value) && value.length > 0 && value.every(matches(/^[a-z-]+$/)),
      'a list such as ["main", "non-free-firmware"]',
    ],
  });
  return {
    release: given.release ?? 'trixie',
    variant: given.variant ?? 'minimal',
    mirror: given.mirror,
    components: given.components,
  };
}

function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value);
}
