import type { TestPackage } from './repository.ts';

/** The release of a kernel that is newer than any, and only a name. */
export const NEWER_KERNEL = '99.9.9-livesys-amd64';
const IMAGE = `linux-image-${NEWER_KERNEL}`;
const FIELDS = { Version: '99', Architecture: 'amd64' };

/** What the package of a kernel does in Debian 13 when it is installed. */
const POSTINST = `#!/bin/sh -e
[ "$1" = configure ] || exit 0
linux-update-symlinks install ${NEWER_KERNEL} /boot/vmlinuz-${NEWER_KERNEL}
linux-run-hooks image postinst ${NEWER_KERNEL} /boot/vmlinuz-${NEWER_KERNEL} -- "$@"
`;

/** A newer kernel, and the package that brings the newest one onto a system, so that a full upgrade installs it. */
export const KERNEL_PACKAGES: readonly TestPackage[] = [
  {
    name: IMAGE,
    fields: { ...FIELDS, Depends: 'linux-base' },
    files: {
      [`boot/vmlinuz-${NEWER_KERNEL}`]: 'no kernel',
      [`usr/lib/modules/${NEWER_KERNEL}/modules.order`]: '',
    },
    postinst: POSTINST,
  },
  { name: 'linux-image-amd64', fields: { ...FIELDS, Depends: IMAGE }, files: {} },
];
