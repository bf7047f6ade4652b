import type { Ops, Text } from '@livesys/core/plugin';
import { text } from '@livesys/core/plugin';

/** Where the adapter keeps its files while a task runs; seen the same inside and outside. */
export const BUILD_FOLDER = '/tmp/livesys-build';

/**
 * Programs that maintainer scripts call and that must do nothing while packages are installed into
 * a tree: starting services, and making boot images and boot menus of the distribution's own.
 */
const STUBS = [
  'deb-systemd-invoke',
  'grub-install',
  'invoke-rc.d',
  'service',
  'start-stop-daemon',
  'update-grub',
  'update-grub2',
  'update-initramfs',
];

/**
 * Puts the stubs into a root. They come first in the PATH that apt gives to dpkg and its scripts,
 * so nothing in the root itself is replaced, diverted or marked, as `policy-rc.d` and
 * `dpkg-divert` would need it.
 */
export function writeStubs(ops: Ops, root: Text = ''): void {
  for (const name of STUBS) {
    ops.write(text`${root}${BUILD_FOLDER}/bin/${name}`, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  }
}

/** Makes apt put the stubs in front of every other program. */
export const STUBS_FIRST = `DPkg::Path "${BUILD_FOLDER}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
`;

/** Nothing may ask: not debconf, not dpkg, not the helpers that like to be called after it. */
export const QUIET_ENVIRONMENT = {
  DEBIAN_FRONTEND: 'noninteractive',
  DEBCONF_NONINTERACTIVE_SEEN: 'true',
  APT_LISTCHANGES_FRONTEND: 'none',
  NEEDRESTART_SUSPEND: '1',
} as const;

/** What debconf, dpkg and apt leave behind that is no part of what they installed. */
export const LEFTOVERS: readonly string[] = [
  '/var/cache/debconf/config.dat-old',
  '/var/cache/debconf/passwords.dat-old',
  '/var/cache/debconf/templates.dat-old',
  '/var/lib/dpkg/available-old',
  '/var/lib/dpkg/diversions-old',
  '/var/lib/dpkg/statoverride-old',
  '/var/lib/dpkg/status-old',
  '/var/log/alternatives.log',
  '/var/log/apt/eipp.log.xz',
  '/var/log/apt/history.log',
  '/var/log/apt/term.log',
  '/var/log/dpkg.log',
];
