import { defineConfig } from 'livesys';

import base from './livesys.config.ts';

// The source is the machine that the tests run on; its distribution is found out.
const { source: _, distro: __, layers: ___, ...rest } = base;

/** Of /usr, programs and the libraries that they need to run: machines of developers have a lot more. */
const USR = [
  ...['/usr/*', '!/usr/bin', '!/usr/lib', '!/usr/lib64', '!/usr/sbin', '!/usr/share'],
  '/usr/share/*',
  ...['/usr/lib/*/', '!/usr/lib/*-linux-gnu', '!/usr/lib/modules'],
  ...['/usr/lib/*-linux-gnu/*/', '/usr/lib/*.a', '/usr/lib/*-linux-gnu/libLLVM*'],
];

export default defineConfig({
  ...rest,
  // A machine may hold anything: folders stay, and of what is in them the system itself.
  excludes: [
    ...['/*/*', '!/boot/*', '!/etc/*', '!/usr/*', '!/var/lib', '!/var/tmp'],
    ...USR,
    ...['/var/lib/*', '!/var/lib/dpkg', '/var/tmp/*'],
  ],
  compression: { algorithm: 'lz4' },
});
