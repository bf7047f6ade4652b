import assert from 'node:assert/strict';
import test from 'node:test';
import { memoryProbe, type SampleRoot, testDistro } from '@livesys/plugin-testkit';
import fedora from './index.ts';

const MODULES = '/usr/lib/modules';
const kernel = (release: string) => ({
  [`${MODULES}/${release}/vmlinuz`]: '',
  [`${MODULES}/${release}/modules.dep`]:
    'kernel/fs/squashfs/squashfs.ko.xz:\nkernel/fs/overlayfs/overlay.ko.xz:\nkernel/drivers/usb/storage/usb-storage.ko.xz: kernel/a.ko.xz\n',
  [`${MODULES}/${release}/modules.builtin`]: 'kernel/drivers/block/loop.ko\n',
});
const root: SampleRoot = {
  name: 'fedora 41',
  files: {
    '/etc/os-release': 'ID=fedora\nVERSION_ID=41\nPRETTY_NAME="Fedora Linux 41"\n',
    '/etc/selinux/config': 'SELINUX=enforcing\n',
    '/usr/lib/sysimage/libdnf5/nevras.toml':
      'version = "1.0"\n[nevras]\n"systemd-256.7-1.fc41.x86_64" = {from_repo="fedora"}\n"glibc-2.40-3.fc41.x86_64" = {from_repo="fedora"}\n',
    '/usr/lib/systemd/systemd': '',
    ...kernel('6.9.7-200.fc41.x86_64'),
    ...kernel('6.11.4-301.fc41.x86_64'),
  },
  links: { '/lib': 'usr/lib', '/sbin': 'usr/bin', '/usr/bin/init': '../lib/systemd/systemd' },
};

testDistro(fedora(), { test, roots: [root] });

void test('kernels come newest first and packages with their versions', () => {
  const facts = fedora().detect(memoryProbe(root));
  assert.deepEqual(
    facts.kernels.map(({ release }) => release),
    ['6.11.4-301.fc41.x86_64', '6.9.7-200.fc41.x86_64'],
  );
  assert.deepEqual(facts.packages, { glibc: '2.40-3.fc41', systemd: '256.7-1.fc41' });
});
