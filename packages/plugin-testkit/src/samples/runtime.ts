import { blob, type Runtime } from '@livesys/core/plugin';

const program = (name: string) => ({
  path: `/usr/sbin/livesys-${name}`,
  blob: blob(`#!/bin/sh\n# the phase ${name} of a sample runtime\n`, { mode: 0o755 }),
});

/** A runtime in miniature: the shape of the real one, with programs that do nothing. */
export const sampleRuntime: Runtime = {
  version: '1',
  initramfs: {
    files: [
      { path: '/usr/lib/livesys/lib.sh', blob: blob('# the library of a sample runtime\n') },
      ...['parse', 'assemble', 'publish', 'emergency'].map(program),
    ],
    binaries: { required: ['blkid', 'losetup', 'mount'], optional: ['lsblk'] },
    kernelModules: { required: ['loop', 'overlay', 'squashfs'], optional: ['isofs'] },
    entryPoints: {
      parse: '/usr/sbin/livesys-parse',
      assemble: '/usr/sbin/livesys-assemble',
      publish: '/usr/sbin/livesys-publish',
      emergency: '/usr/sbin/livesys-emergency',
    },
  },
  image: {
    files: [{ path: '/usr/bin/livesysctl', blob: blob('#!/bin/sh\n', { mode: 0o755 }) }],
    enable: [],
  },
};
