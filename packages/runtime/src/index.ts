import { asset, type Runtime } from '@livesys/core/plugin';
import { binaries, control, entryPoints, exitrd, kernelModules, library } from './contents.ts';

const libraryFiles = library.map((name) => ({
  path: `/usr/lib/livesys/${name}.sh`,
  blob: asset(import.meta.url, `../shell/lib/${name}.sh`),
}));

const exitrdFiles = exitrd.map((name) => ({
  path: `/usr/lib/livesys/exitrd/${name}`,
  blob: asset(
    import.meta.url,
    `../shell/exitrd/${name}`,
    name === 'shutdown' ? { mode: 0o755 } : {},
  ),
}));

const programs = Object.values(entryPoints).map((path) => ({
  path,
  blob: asset(import.meta.url, `../shell/${path.slice('/usr/sbin/'.length)}`, { mode: 0o755 }),
}));

const controlFiles = [
  {
    path: '/usr/bin/livesysctl',
    blob: asset(import.meta.url, '../shell/livesysctl', { mode: 0o755 }),
  },
  ...control.map((name) => ({
    path: `/usr/lib/livesys/control/${name}.sh`,
    blob: asset(import.meta.url, `../shell/control/${name}.sh`),
  })),
];

const booted = [
  {
    path: '/usr/lib/livesys/livesys-booted',
    blob: asset(import.meta.url, '../shell/livesys-booted', { mode: 0o755 }),
  },
  {
    path: '/etc/systemd/system/livesys-booted.service',
    blob: asset(import.meta.url, '../units/livesys-booted.service'),
  },
];

/**
 * What runs at boot and on the live system, as data. Version 1 reads manifests of format 1; it knows
 * every documented kernel argument and says so where one asks for what it cannot do.
 */
export function runtime(): Runtime {
  return {
    version: '1',
    initramfs: {
      files: [...libraryFiles, ...exitrdFiles, ...programs],
      binaries,
      kernelModules,
      entryPoints,
    },
    image: {
      files: [...libraryFiles, ...controlFiles, ...booted],
      enable: ['livesys-booted.service'],
    },
  };
}
