import { readFileSync } from 'node:fs';

import type { Facts } from '@livesys/core/plugin';
import { memoryProbe } from '@livesys/plugin-testkit';
import { readFacts } from '@livesys/core';

export type Release = 'bookworm' | 'trixie';

/** Facts of a real system, as `livesys plan --write-facts` wrote them; see fixtures/README.md. */
export function recordedFacts(release: Release): Facts {
  const file = new URL(`../fixtures/debian-${release}.json`, import.meta.url);
  return readFacts(JSON.parse(readFileSync(file, 'utf8')));
}

const SOURCES = `Types: deb
URIs: http://mirror.example.org/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example.org/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;

/** The machine that every plan here is made on: a Debian with one mirror. */
export const BUILDER = memoryProbe({
  files: {
    '/etc/apt/sources.list.d/debian.sources': SOURCES,
    '/usr/share/keyrings/debian-archive-keyring.gpg': '',
  },
});
