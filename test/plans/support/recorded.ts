import { readFileSync } from 'node:fs';

import { readFacts } from '@livesys/core';
import type { Facts } from '@livesys/core/plugin';
import { collectFacts } from '@livesys/core/testing';
import arch from '@livesys/distro-arch';
import { memoryProbe, type SampleRoot } from '@livesys/plugin-testkit';

import { ARCH, ENDEAVOUROS, MANJARO } from '../../support/arch-roots.ts';

export type Release = 'bookworm' | 'trixie' | keyof typeof DOCUMENTED;

/** Systems that were not at hand: their layout is known from documentation. */
const DOCUMENTED = { arch: ARCH, manjaro: MANJARO, endeavouros: ENDEAVOUROS };

/** Facts of a real system, as `livesys plan --write-facts` wrote them; see fixtures/README.md. */
export function recordedFacts(release: Release): Facts {
  if (release === 'arch') return fresh(documentedFacts(ARCH));
  if (release === 'manjaro' || release === 'endeavouros')
    return documentedFacts(DOCUMENTED[release]);
  const file = new URL(`../fixtures/debian-${release}.json`, import.meta.url);
  return readFacts(JSON.parse(readFileSync(file, 'utf8')));
}

function documentedFacts(root: SampleRoot): Facts {
  return collectFacts(memoryProbe(root), root.name, [arch()]).facts;
}

/** As of a root that was bootstrapped after the repositories were looked at. */
function fresh(facts: Facts): Facts {
  const packagesChanged = Date.parse('2026-01-01T00:10:00.000Z') / 1000;
  const distro = { ...facts.distro, packagesChanged };
  return { ...facts, distro, sourceDateEpoch: packagesChanged };
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

/** The machine that every plan here is made on: a Debian with one mirror, and with Arch's keys. */
export const BUILDER = memoryProbe({
  files: {
    '/etc/apt/sources.list.d/debian.sources': SOURCES,
    '/usr/share/keyrings/debian-archive-keyring.gpg': '',
    '/etc/pacman.conf':
      '[core]\nInclude = /etc/pacman.d/mirrorlist\n[extra]\nInclude = /etc/pacman.d/mirrorlist\n',
    '/etc/pacman.d/mirrorlist': 'Server = https://mirror.example.org/archlinux/$repo/os/$arch\n',
    '/usr/share/keyrings/archlinux.gpg': '',
    '/usr/share/keyrings/archlinux-trusted': '',
  },
});
