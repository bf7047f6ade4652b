import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

// The first process of the boot image, as that of a PID namespace and with a real /run; what it calls is told by others.
const SCRIPT = fileURLToPath(
  new URL('../../packages/initramfs-dracut/shell/livesys-init', import.meta.url),
);
const CALLED = [
  '/usr/lib/systemd/systemd-udevd',
  '/usr/sbin/udevadm',
  '/usr/sbin/livesys-assemble',
  '/usr/sbin/livesys-publish',
  '/usr/sbin/switch_root',
  '/usr/lib/livesys/dracut-init',
];
const OURS = 'quiet root=livesys:1 rd.auto=0 rd.luks=0';
const [UDEV, ASSEMBLE, PUBLISH] = [
  'systemd-udevd --daemon --resolve-names=never',
  'livesys-assemble --cmdline /run/initramfs/livesys/cmdline --newroot /sysroot',
  'livesys-publish --newroot /sysroot',
];
const STOP_UDEV = ['udevadm control --exit', 'udevadm info --cleanup-db'];

let work = '';

beforeEach(() => {
  work = mkdtempSync('/dev/shm/livesys-first-process-');
  for (const name of ['root', 'work']) mkdirSync(join(work, name));
  write('/init', readFileSync(SCRIPT, 'utf8'), 0o755);
  for (const path of CALLED) write(path, '#!/bin/sh\necho "${0##*/} $*" >>/calls\n', 0o755);
  write('/usr/lib/livesys/rules.d/99-set-aside.rules', '');
  write('/usr/lib/udev/rules.d/80-drivers.rules', '');
  write('/sysroot/sbin/init', '', 0o755);
  write('/sysroot/bin/other', '', 0o755);
  mkdirSync(upper('/sys/kernel'), { recursive: true });
  write('/keys', '1\n');
  write('/dev/kmsg', '');
  write('/sys/bus/pci/devices/a/uevent', 'MODALIAS=pci:v1\n');
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

const upper = (path: string): string => join(work, 'upper', path);

function write(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(upper(path)), { recursive: true });
  writeFileSync(upper(path), content, { mode });
}

/** What was called, with which arguments, until the first process had become another. */
function boot(cmdline: string): readonly string[] {
  write('/cmdline', `${cmdline}\n`);
  const script = [
    `cd ${work} && mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root`,
    'mount -t proc proc root/proc && mount --bind root/cmdline root/proc/cmdline',
    'mount --bind root/keys root/proc/sys/kernel/ctrl-alt-del && exec chroot root /init single',
  ].join(' && ');
  const argv = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', script];
  const { status, stderr } = spawnSync('unshare', argv, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return readFileSync(upper('calls'), 'utf8').trimEnd().split('\n');
}

const isAside = () => !existsSync(upper('/usr/lib/udev/rules.d/99-set-aside.rules'));

it('puts the root together and hands over', () => {
  expect(boot(OURS)).toEqual([
    ...[UDEV, ASSEMBLE, PUBLISH, ...STOP_UDEV],
    'switch_root /sysroot /sbin/init single',
  ]);
  expect(readFileSync(upper('/sys/bus/pci/devices/a/uevent'), 'utf8')).toBe('add\n');
  expect(isAside()).toBe(true);
});

it('at Ctrl-Alt-Del has the live system leave again', () => {
  rmSync(upper('/sysroot/sbin/init'));
  symlinkSync('/lib/systemd/systemd', upper('/sysroot/sbin/init'));
  write('/sysroot/lib/systemd/systemd', '', 0o755);
  const pressed = 'kill -INT 1; until [ -e /run/initramfs/livesys/leaving ]; do sleep 0.1; done';
  write('/usr/sbin/livesys-assemble', `#!/bin/sh\n${pressed}\n`, 0o755);

  expect(boot(OURS).at(-1)).toBe('switch_root /sysroot /sbin/init single --unit=reboot.target');
  expect(readFileSync(upper('/keys'), 'utf8')).toBe('0\n');
});

it.each([
  ['/bin/other', '/bin/other'],
  ['/bin/none', '/sbin/init'],
])('with init=%s it starts %s', (asked, started) => {
  expect(boot(`${OURS} init=${asked}`)).toContain(`switch_root /sysroot ${started} single`);
});

it('leaves a root that cannot be had to dracut, which knows that it was tried', () => {
  const tell = 'echo "${0##*/} $(ls /run/initramfs/livesys)" >>/calls';
  write('/usr/lib/livesys/dracut-init', `#!/bin/sh\n${tell}\n`, 0o755);
  write('/usr/sbin/livesys-assemble', '#!/bin/sh\nexit 1\n', 0o755);

  expect(boot(OURS)).toEqual([UDEV, ...STOP_UDEV, 'dracut-init cmdline', 'failed-early']);
  expect(readFileSync(upper('/keys'), 'utf8')).toBe('1\n');
  expect(isAside()).toBe(false);
});

it.each(['root=/dev/sda1', `${OURS} rd.break=pre-mount`])('leaves %s to dracut', (cmdline) => {
  expect(boot(cmdline)).toEqual(['dracut-init single']);
  expect(isAside()).toBe(false);
});

it('leaves a live root without a program to start to dracut', () => {
  rmSync(upper('/sysroot/sbin/init'));
  expect(boot(OURS)).toEqual([UDEV, ASSEMBLE, PUBLISH, ...STOP_UDEV, 'dracut-init single']);
});
