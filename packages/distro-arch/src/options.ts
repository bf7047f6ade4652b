import { checkOptions, oneOf } from '@livesys/core/plugin';

/**
 * `minimal` is Arch's package `base`, a kernel and what a live system needs, without manual pages
 * and documentation (licences stay). `standard` adds firmware and manual pages, and leaves nothing
 * out.
 */
export type Variant = 'minimal' | 'standard';

/**
 * `required`: packages without a good signature are refused. `as-configured`: what the pacman.conf
 * of the root, and for a new one that of the builder, says of each repository, such as one of packages
 * that somebody built at home; with `mirror` it is `required`.
 * `never`: nothing is checked.
 */
export type Signatures = 'required' | 'as-configured' | 'never';

/**
 * Where the tools of a build are installed. `layer`: above the image's root, which must be as new as
 * its repositories. `own-root`: in a new root from the same repositories, with the image's kernel
 * modules and firmware. `auto`: the second for a root that lacks some of them and was changed last
 * before the repositories were looked at.
 */
export type ToolsPlace = 'auto' | 'layer' | 'own-root';

/** What `arch()` takes. The first six are for bootstrap; an existing root says them itself. */
export interface ArchUserOptions {
  /**
   * `rolling`, or a day such as `2024-11-01` as an archive keeps it, whose address `mirror` names.
   * Default: `rolling`.
   */
  readonly release?: string;
  /**
   * Address of a mirror, with `$repo` and `$arch` or the folder above them. Default: what the
   * builder's pacman.conf names.
   */
  readonly mirror?: string;
  /** Names of repositories, first one first. Default: as in pacman.conf; `core`, `extra`. */
  readonly repositories?: readonly string[];
  /** A pacman.conf on the builder to take instead of `/etc/pacman.conf`, absolute. */
  readonly pacmanConf?: string;
  /** The kernel's package. Default: `linux`. */
  readonly kernel?: string;
  /** Default: `minimal`. */
  readonly variant?: Variant;
  /** Default: `required`. */
  readonly signatures?: Signatures;
  /** Default: `auto`. */
  readonly tools?: ToolsPlace;
}

/** The same with defaults filled in. */
export interface ArchOptions {
  readonly release: string;
  readonly mirror: string | undefined;
  readonly repositories: readonly string[] | undefined;
  readonly pacmanConf: string;
  readonly kernel: string;
  readonly variant: Variant;
  readonly signatures: Signatures;
  readonly tools: ToolsPlace;
}

/** Checks the options, also those that come from YAML or JSON, and reports every problem. */
export function resolveOptions(given: ArchUserOptions = {}): ArchOptions {
  checkOptions<ArchUserOptions>('arch', given, {
    release: [matches(/^(rolling|\d{4}-\d\d-\d\d)$/), '"rolling" or a day such as "2024-11-01"'],
    mirror: [matches(/^(https?|ftp|file):\/{2,3}\S+$/), 'an address such as "https://…"'],
    repositories: [
      (value) =>
        Array.isArray(value) && value.length > 0 && value.every(matches(/^(?!options$)[\w.+@-]+$/)),
      'a list such as ["core", "extra"]',
    ],
    pacmanConf: [matches(/^\/\S+$/), 'an absolute path such as "/etc/pacman.conf"'],
    kernel: [matches(/^linux[\w.+@-]*$/), 'a package such as "linux-lts"'],
    variant: oneOf('minimal', 'standard'),
    signatures: oneOf('required', 'as-configured', 'never'),
    tools: oneOf('auto', 'layer', 'own-root'),
  });
  return {
    release: given.release ?? 'rolling',
    mirror: given.mirror,
    repositories: given.repositories,
    pacmanConf: given.pacmanConf ?? '/etc/pacman.conf',
    kernel: given.kernel ?? 'linux',
    variant: given.variant ?? 'minimal',
    signatures: given.signatures ?? 'required',
    tools: given.tools ?? 'auto',
  };
}

function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value);
}
