import { memoryProbe, type SampleRoot, testDistro } from '@livesys/plugin-testkit';
import { describe, test } from 'vitest';
import debian from './index.ts';

const KERNEL = '6.1.0-49-amd64';
const DEP = ['fs/squashfs/squashfs', 'fs/overlayfs/overlay', 'drivers/usb/storage/usb-storage'];

const stanza = (name: string) =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n`;

const root = (name: string, osRelease: string, packages: readonly string[]): SampleRoot => ({
  name,
  files: {
    '/etc/debian_version': '12.11\n',
    '/etc/os-release': osRelease,
    '/var/lib/dpkg/status': packages.map(stanza).join('\n'),
    [`/boot/vmlinuz-${KERNEL}`]: 'a kernel',
    [`/usr/lib/modules/${KERNEL}/modules.dep`]: DEP.map((one) => `kernel/${one}.ko:\n`).join(''),
    [`/usr/lib/modules/${KERNEL}/modules.builtin`]: 'kernel/drivers/block/loop.ko\n',
    '/usr/lib/systemd/systemd': '',
  },
  links: { '/lib': 'usr/lib', '/sbin': 'usr/sbin', '/usr/sbin/init': '../lib/systemd/systemd' },
});

const DEBIAN = 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12"\nVERSION_CODENAME=bookworm\n';
const DERIVATIVE = 'ID=derived\nID_LIKE="debian"\nPRETTY_NAME=Derived\nVERSION_CODENAME=first\n';
const MINIMAL = ['dpkg', 'kmod', `linux-image-${KERNEL}`, 'systemd'];
const FULL = [...MINIMAL, 'cryptsetup', 'initramfs-tools', 'mdadm', 'openssh-server'];

const builder = memoryProbe({
  files: {
    '/etc/apt/sources.list': 'deb http://mirror.example.org/debian bookworm main\n',
    '/usr/share/keyrings/debian-archive-keyring.gpg': '',
  },
});

describe.each(['bookworm', 'trixie'])('%s', (release) => {
  testDistro(debian({ release }), {
    test,
    builder,
    roots: [root('debian', DEBIAN, MINIMAL), root('a derivative', DERIVATIVE, FULL)],
  });
});
