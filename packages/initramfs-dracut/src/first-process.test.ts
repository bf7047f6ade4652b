import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SHELLS } from '../../../test/support/shell-library.ts';

const SCRIPT = readFileSync(new URL('../shell/livesys-init', import.meta.url), 'utf8');
/** All but what it does by itself. */
const FUNCTIONS = SCRIPT.slice(0, SCRIPT.indexOf('\nif mount_api'));

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-first-process-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(SHELLS)('the first process under %s', (...shell) => {
  const [program = '', ...options] = shell;
  const run = (script: string): string => {
    const text = `${FUNCTIONS}\nPATH=$OLD; home='${folder}' live_root='${folder}/root'\n${script}`;
    const env = { OLD: process.env['PATH'] ?? '' };
    const { stdout, stderr } = spawnSync(program, [...options, '-c', text], { env });
    expect(stderr.toString()).toBe('');
    return stdout.toString().trim();
  };
  const judge = (cmdline: string): string => {
    writeFileSync(join(folder, 'cmdline'), `${cmdline} \n`);
    return run('if are_arguments_ours; then echo "ours $init"; else echo "left to dracut"; fi');
  };

  it.each([
    'root=livesys:1',
    'quiet root=livesys:1 rd.auto=0 rd.luks=0 rd.lvm=0 rd.md=0 rd.dm=0 noresume livesys.profile=x',
    'root=livesys:1 rd.shell=0 rd.emergency=poweroff',
    'root=/dev/sda1 root=livesys:1 *',
  ])('does it by itself with %s', (cmdline) => {
    expect(judge(cmdline)).toBe('ours');
  });

  it.each([
    ...['', 'root=/dev/sda1', 'root=livesys:1 root=LABEL=x'],
    ...['root=livesys:1 rd.break', 'rd.break=pre-mount root=livesys:1', 'root=livesys:1 rd.debug'],
    ...['root=livesys:1 rd.driver.blacklist=nouveau', 'root=livesys:1 rd.luks=1', 'rd.auto'],
  ])('leaves it to dracut with "%s"', (cmdline) => {
    expect(judge(cmdline)).toBe('left to dracut');
  });

  it('starts the program that init= names', () => {
    expect(judge('root=livesys:1 init=/bin/sh')).toBe('ours /bin/sh');
  });

  it('asks for the events of disks and of what may have a driver', () => {
    const uevents = {
      'bus/mmc/devices/mmc0:1': 'MMC_TYPE=SD\nMODALIAS=mmc:block\n',
      'bus/pci/devices/0000:00:01.0': 'PCI_ID=8086:29C0\nMODALIAS=pci:v00008086\n',
      'bus/memstick/devices/memstick0': 'MEMSTICK_TYPE=01\n',
      'bus/memory/devices/memory0': '',
      'bus/cpu/devices/cpu0': 'MODALIAS=cpu:type:x86\n',
      'bus/platform/devices/alarm': 'MODALIAS=\n',
      'class/block/sda': 'DEVTYPE=disk\n',
      'class/tty/tty1': 'DEVNAME=tty1\n',
    };
    for (const [path, text] of Object.entries(uevents)) {
      mkdirSync(join(folder, path), { recursive: true });
      writeFileSync(join(folder, path, 'uevent'), text);
    }
    run(`sys='${folder}'; PATH=; coldplug`);

    const asked = Object.keys(uevents).filter(
      (path) => readFileSync(join(folder, path, 'uevent'), 'utf8') === 'add\n',
    );
    expect(asked).toEqual([
      'bus/mmc/devices/mmc0:1',
      'bus/pci/devices/0000:00:01.0',
      'bus/memstick/devices/memstick0',
      'class/block/sda',
    ]);
  });

  it('finds programs behind links of the live root', () => {
    mkdirSync(join(folder, 'root/usr/lib'), { recursive: true });
    mkdirSync(join(folder, 'root/sbin'));
    writeFileSync(join(folder, 'root/usr/lib/systemd'), '', { mode: 0o755 });
    writeFileSync(join(folder, 'root/usr/lib/text'), '', { mode: 0o644 });
    symlinkSync('/usr/lib/systemd', join(folder, 'root/sbin/init'));
    symlinkSync('../sbin/init', join(folder, 'root/sbin/other'));
    const found = (path: string) => run(`is_program ${path} && echo yes || echo no`);

    expect(['/sbin/init', '/sbin/other', '/usr/lib/systemd'].map(found)).toEqual(
      Array(3).fill('yes'),
    );
    expect(['/usr/lib/text', '/bin/none'].map(found)).toEqual(['no', 'no']);
  });
});
