import { asset, type Runtime } from '@livesys/core/plugin';
import {
  binaries,
  control,
  entryPoints,
  exitrd,
  kernelModules,
  library,
  livePrograms,
  units,
} from './contents.ts';

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

const liveProgramFiles = livePrograms.map((name) => ({
  path: `/usr/lib/livesys/${name}`,
  blob: asset(import.meta.url, `../shell/${name}`, { mode: 0o755 }),
}));

const unitFiles = [
  ...[...units.enabled, ...units.others].map((name) => ({
    path: `/etc/systemd/system/${name}`,
    blob: asset(import.meta.url, `../units/${name}`),
  })),
  {
    path: '/etc/systemd/system/systemd-kexec.service.d/livesys.conf',
    blob: asset(import.meta.url, '../units/systemd-kexec-livesys.conf'),
  },
  {
    path: '/etc/systemd/system.conf.d/livesys.conf',
    blob: asset(import.meta.url, '../units/system-livesys.conf'),
  },
  {
    path: '/etc/udev/rules.d/90-livesys.rules',
    blob: asset(import.meta.url, '../units/90-livesys.rules'),
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
      files: [...libraryFiles, ...controlFiles, ...liveProgramFiles, ...unitFiles],
      enable: units.enabled,
    },
  };
}
