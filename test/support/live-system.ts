import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { symlinkSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ShellLibrary } from './shell-library.ts';

const SHELL = fileURLToPath(new URL('../../packages/runtime/shell', import.meta.url));
const HASH = 'a'.repeat(64);
const MANIFEST = `livesys 1
image 01234567-89ab-cdef-0123-456789abcdef
layer base layers/base-0123456789abcdef.squashfs 3328599654 ${HASH} squashfs 3328599000 ${HASH}
layer office layers/office-0123456789abcdef.squashfs 5242880 ${HASH} squashfs - -
profile bare - base
profile office default base,office
persist office data - optional
end ${HASH}
`;

/** Where the running profile, `office`, keeps its changes. */
export const CHANGES = 'run/initramfs/livesys/data/livesys/persistence/office';

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A fake live system of profile `office` with the layers `base` and `office`, and its livesysctl. */
export interface LiveSystem {
  /** Makes it as the boot leaves it; facts replace those of `/run/livesys/state`. */
  readonly boot: (facts?: Readonly<Record<string, string>>) => void;
  /** Stores a selection of these lines. */
  readonly select: (lines: string) => void;
  /** Runs livesysctl, as root unless told otherwise. */
  readonly call: (shell: readonly string[], argv: readonly string[], user?: number) => Said;
}

/** Adds the end line to a selection. */
export function sealed(body: string): string {
  return `${body}end ${createHash('sha256').update(body).digest('hex')}\n`;
}

/** To be called once, outside of any test. */
export function liveSystem(library: ShellLibrary): LiveSystem {
  return {
    boot: (facts = {}) => boot(library, facts),
    select: (lines) =>
      library.write(
        'run/initramfs/livesys/data/livesys/selection',
        sealed(`livesys-selection 1\n${lines}`),
      ),
    call: (shell, argv, user = 0) => call(library, shell, argv, user),
  };
}

function boot(library: ShellLibrary, state: Readonly<Record<string, string>>): void {
  const facts = {
    profile: 'office',
    persistence: 'on',
    persistence_asked: 'on',
    layers: 'base,office',
    medium_device: '/dev/sdb2',
    data_device: '/dev/sdb3',
    data_path: '/run/initramfs/livesys/data',
    verify: 'lazy',
    ...state,
  };
  const lines = Object.entries(facts).map(([key, value]) => `${key}=${value}\n`);
  library.write('run/livesys/state', lines.join(''));
  library.write('run/livesys/state.json', '{\n  "profile": "office",\n  "notices": []\n}\n');
  library.write('run/livesys/manifest', MANIFEST);
  library.write(`${CHANGES}/upper/etc/motd`, 'x'.repeat(5000));
  library.write(`${CHANGES}/fingerprint`, '');
  utimesSync(library.path(`${CHANGES}/fingerprint`), 0, Date.now() / 1000 - 3.5 * 86_400);
  symlinkSync(CHANGES.replace('run', '..'), library.path('run/livesys/upper'));
}

/** An `id` of the tree answers who is asking. */
function call(
  library: ShellLibrary,
  shell: readonly string[],
  argv: readonly string[],
  user: number,
): Said {
  library.write('bin/id', `#!/bin/sh\necho ${user}\n`, 0o755);
  const [command = '', ...options] = shell;
  const result = spawnSync(command, [...options, `${SHELL}/livesysctl`, ...argv], {
    encoding: 'utf8',
    cwd: library.path('.'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      LANG: 'C.UTF-8',
      PATH: `${library.path('bin')}:/usr/sbin:/usr/bin:/sbin:/bin`,
      LIVESYS_LIB: `${SHELL}/lib`,
      LIVESYS_CONTROL: `${SHELL}/control`,
      LIVESYS_PREFIX: library.path('').replace(/\/$/, ''),
    },
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}
