import { describe, expect, it } from 'vitest';
import type { Probe } from '@livesys/core/plugin';
import { detect } from './detect.ts';

/** A root made of files; `/lib` and `/sbin` are links into `/usr`, as on a merged system. */
function root(files: Record<string, string>): Probe {
  const real = (path: string) => path.replace(/^\/(lib|sbin)(?=\/)/, '/usr/$1');
  const inside = (path: string) => Object.keys(files).some((file) => file.startsWith(`${path}/`));
  return {
    readText: (path) => files[real(path)],
    list: (folder) => {
      const names = Object.keys(files).flatMap((file) =>
        file.startsWith(`${folder}/`) ? [file.slice(folder.length + 1).replace(/\/.*/, '')] : [],
      );
      return [...new Set(names)].sort();
    },
    stat: (path) =>
      files[real(path)] === undefined
        ? undefined
        : { kind: 'file', size: 1, modified: 1_700_000_000 },
    realPath: (path) => {
      if (path === '/sbin/init') return '/usr/lib/systemd/systemd';
      return files[real(path)] !== undefined || inside(real(path)) ? real(path) : undefined;
    },
  };
}

const status = (...names: string[]) =>
  names
    .map(
      (name) => `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1`,
    )
    .join('\n\n');

const kernel = (release: string, suffix = '') => ({
  [`/boot/vmlinuz-${release}`]: '',
  [`/usr/lib/modules/${release}/modules.dep`]: `kernel/fs/overlayfs/overlay.ko${suffix}:\nkernel/drivers/usb/storage/usb-storage.ko${suffix}: kernel/drivers/usb/core/usbcore.ko${suffix}\n`,
  [`/usr/lib/modules/${release}/modules.builtin`]: 'kernel/drivers/tty/serial/8250/8250.ko\n',
});

const BASE = {
  '/etc/os-release': 'ID=debian\nVERSION_CODENAME=bookworm\n',
  '/etc/debian_version': '12.11\n',
  '/var/lib/dpkg/status': status('dpkg', 'apparmor', 'linux-image-6.1.0-10-amd64'),
};

describe('detect', () => {
  it('reads release, architecture, kernels, packages and their time', () => {
    const facts = detect(
      root({
        ...BASE,
        ...kernel('6.1.0-9-amd64'),
        ...kernel('6.1.0-10-amd64', '.xz'),
        '/boot/vmlinuz-6.1.0-8-amd64': 'without modules',
      }),
    );
    expect(facts).toMatchObject({
      release: 'bookworm',
      architecture: 'x86_64',
      initSystem: 'systemd',
      securityModules: ['apparmor'],
      packages: { dpkg: '1' },
      packagesChanged: 1_700_000_000,
    });
    expect(facts.kernels.map(({ release }) => release)).toEqual([
      '6.1.0-10-amd64',
      '6.1.0-9-amd64',
    ]);
    expect(facts.incompleteKernels).toEqual([
      { release: '6.1.0-8-amd64', lacks: '/lib/modules/6.1.0-8-amd64/modules.dep' },
    ]);
    expect(facts.kernels[0]).toEqual({
      release: '6.1.0-10-amd64',
      image: '/boot/vmlinuz-6.1.0-10-amd64',
      modules: '/usr/lib/modules/6.1.0-10-amd64',
      moduleNames: ['overlay', 'usb_storage'],
      builtinNames: ['8250'],
      package: 'linux-image-6.1.0-10-amd64',
    });
    expect(facts.kernels[1]?.package).toBeUndefined();
  });

  it("believes dpkg's arch file", () => {
    const facts = detect(root({ ...BASE, '/var/lib/dpkg/arch': 'arm64\namd64\n' }));
    expect(facts.architecture).toBe('aarch64');
  });

  it('tells sid from testing by the suites that apt reads', () => {
    const testing = {
      ...BASE,
      '/etc/os-release': 'ID=debian\nVERSION_CODENAME=forky\n',
      '/etc/debian_version': 'forky/sid\n',
    };
    const list = { '/etc/apt/sources.list': 'deb http://a.example/debian sid main\n' };
    expect(detect(root(testing)).release).toBe('forky');
    expect(detect(root({ ...testing, ...list })).release).toBe('sid');
  });

  it('takes the release from debian_version where os-release names none', () => {
    expect(detect(root({ ...BASE, '/etc/os-release': 'ID=x\nID_LIKE=debian\n' })).release).toBe(
      'bookworm',
    );
  });

  it('refuses a root without packages and an unknown architecture', () => {
    expect(() => detect(root({}))).toThrow(
      expect.objectContaining({ code: 'LIVESYS_SOURCE_NOT_ROOT' }),
    );
    expect(() => detect(root({ ...BASE, '/var/lib/dpkg/arch': 'hppa\n' }))).toThrow(/hppa/);
  });
});
