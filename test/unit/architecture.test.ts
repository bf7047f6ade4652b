import { describe, expect, it } from 'vitest';

import { parseSource, type SourceFile, sourceFiles } from '../support/source-files.ts';

// What the linter cannot see: dynamic imports, re-exports, direction between packages, words.

interface Rule {
  readonly name: string;
  readonly applies: (path: string) => boolean;
  readonly broken: (file: SourceFile) => readonly string[];
}

const PLUGIN = /^packages\/(?:distro|initramfs|bootloader)-/;
const CORE = 'packages/core/src/';
const WORLD = /^(?:node:)?(?:fs(?:\/promises)?|child_process|os)$/;
const DISTRIBUTIONS = /\b(?:debian|ubuntu|arch|fedora|manjaro|bookworm|trixie)\b/i;
const PACKAGE_MANAGERS = /\b(?:apt|dpkg|debconf|pacman|dnf|rpm|zypper)\b/i;

/** Files of core that may name a distribution, each with its reason. Meant to stay empty. */
const NAMES_ALLOWED: readonly string[] = [];

const plans = (path: string) =>
  path.startsWith(`${CORE}plan/`) || path.startsWith(`${CORE}steps/`) || PLUGIN.test(path);
const imports = (file: SourceFile, forbidden: RegExp) =>
  file.imports.map(({ specifier }) => specifier).filter((specifier) => forbidden.test(specifier));

const RULES: readonly Rule[] = [
  {
    name: 'only the command runner imports execa',
    applies: (path) => path !== `${CORE}apply/command-runner.ts`,
    broken: (file) => imports(file, /^execa$/),
  },
  {
    name: 'only the hooks import tapable, others its types',
    applies: (path) => !/^packages\/core\/src\/plugins\/hooks[^/]*\.ts$/.test(path),
    broken: (file) =>
      file.imports
        .filter(({ specifier, typeOnly }) => specifier === 'tapable' && !typeOnly)
        .map(({ specifier }) => specifier),
  },
  {
    name: 'planning touches no file, process or system',
    applies: plans,
    broken: (file) => imports(file, WORLD),
  },
  {
    name: 'plan never imports from apply',
    applies: (path) => path.startsWith(`${CORE}plan/`),
    broken: (file) => imports(file, /(?:^|\/)apply\//),
  },
  {
    name: 'nothing imports the command line',
    applies: (path) => !path.startsWith('packages/cli/'),
    broken: (file) => imports(file, /^livesys(?:\/|$)|\/cli\//),
  },
  {
    name: 'plugins import core through core/plugin',
    applies: (path) => PLUGIN.test(path),
    broken: (file) => imports(file, /^@livesys\/core(?!\/plugin$)/),
  },
  {
    name: 'packages meet through their names, not through each other’s folders',
    applies: () => true,
    broken: (file) => imports(file, /^\.\.?\/.*\/src\/|^@livesys\/[^/]+\/(?:src|dist)/),
  },
  {
    name: 'only the command line exits or writes to the terminal',
    // The worker is a program of its own; its output is a protocol that core itself reads.
    applies: (path) => !path.startsWith('packages/cli/') && path !== `${CORE}apply/worker.ts`,
    broken: (file) => [
      ...file.members.filter((member) =>
        /^(?:process\.(?:exit|exitCode|abort|stdout|stderr)|console\..*)$/.test(member),
      ),
      ...imports(file, /^(?:node:)?(?:process|console)$/),
    ],
  },
  {
    name: 'core knows no distribution by name',
    applies: (path) => path.startsWith(CORE) && !NAMES_ALLOWED.includes(path),
    broken: (file) => file.strings.filter((text) => DISTRIBUTIONS.test(text)),
  },
  {
    name: 'parts of every adapter are of no distribution and no package manager',
    applies: (path) => path.startsWith('packages/distro-parts/'),
    broken: (file) =>
      file.strings.filter((text) => DISTRIBUTIONS.test(text) || PACKAGE_MANAGERS.test(text)),
  },
];

const violations = (files: readonly SourceFile[], { applies, broken }: Rule) =>
  files
    .filter(({ path }) => applies(path))
    .flatMap((file) => broken(file).map((what) => `${file.path}: ${what}`));

describe('the architecture', () => {
  const files = sourceFiles();

  it.each(RULES)('$name', (rule) => {
    expect(violations(files, rule)).toEqual([]);
  });
});

describe('the rules themselves', () => {
  it('see every way to import, and the words in strings', () => {
    const text = `
      import { execa } from 'execa';
      import type { SyncHook } from 'tapable';
      export * from '../apply/run.ts';
      const fs = await import('node:fs');
      let x: import('livesys').Config; // debian in a comment
      process.exit(1);
      const name = \`arch-\${x}\`;`;

    const file = parseSource('packages/core/src/plan/sample.ts', text);

    expect(RULES.filter((rule) => violations([file], rule).length > 0).map((r) => r.name)).toEqual([
      'only the command runner imports execa',
      'planning touches no file, process or system',
      'plan never imports from apply',
      'nothing imports the command line',
      'only the command line exits or writes to the terminal',
      'core knows no distribution by name',
    ]);
  });
});
