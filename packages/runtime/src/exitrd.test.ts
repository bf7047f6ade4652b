import { mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';
import { exitrd } from './contents.ts';

const EXITRD = fileURLToPath(new URL('../shell/exitrd', import.meta.url));
const LOAD = exitrd
  .slice(1)
  .map((name) => `. '${EXITRD}/${name}'`)
  .join('\n');

/** Notes what it is called for, but is the shell where the shell is busybox. */
const BUSYBOX = '[ "$1" != sh ] || exec /bin/busybox "$@"; echo "$*" >>calls';

const library = shellLibrary();

describe.each(SHELLS)('the exitrd under %s', (...shell) => {
  const home = () => library.path('run/initramfs/livesys');
  const run = (script: string) =>
    library.run(shell, `LIVESYS_OLDROOT=$LIVESYS_PREFIX/oldroot\n${LOAD}\n${script}`);
  /** Lines of the mount table: device, mount point, file system with source and options. */
  const mounts = (...lines: readonly (readonly [string, string, string])[]) =>
    library.write(
      'proc/self/mountinfo',
      lines
        .map(([device, at, rest], index) => `${index + 20} 1 ${device} / ${at} rw - ${rest}\n`)
        .join(''),
    );
  const program = (name: string, body: string) =>
    library.write(`bin/${name}`, `#!/bin/dash\n${body}\n`, 0o755);
  const process = (pid: number, exe: string, open: string) => {
    const at = library.path(`proc/${pid}`);
    mkdirSync(`${at}/fd`, { recursive: true });
    library.write(`proc/${pid}/comm`, 'a splash\n');
    if (exe !== '') symlinkSync(exe, `${at}/exe`);
    symlinkSync(open, `${at}/fd/3`);
  };

  describe('lets go of mounts', () => {
    it('newest first, its own excepted, what livesys mounted by itself', () => {
      mounts(
        ['0:1', '/', 'tmpfs run rw'],
        ['0:2', '/oldroot', 'overlay livesys rw'],
        ['0:3', '/proc', 'proc proc rw'],
        ['0:3', '/proc/sys/fs/binfmt_misc', 'binfmt_misc none rw'],
        ['0:4', library.path('run'), 'tmpfs run rw'],
        ['7:0', `${home()}/lower/000`, 'squashfs /dev/loop0 ro'],
        ['8:2', `${home()}/data`, 'ext4 /dev/sda2 rw'],
        ['0:5', '/oldroot/dev', 'devtmpfs dev rw'],
      );
      const show = (where: string) =>
        run(`livesys_list_mounts ${where}; printf '%s\\n' "$LIVESYS_MOUNTS"`);
      expect(show('outside')).toEqual(['/oldroot/dev', '/oldroot']);
      expect(show('inside')).toEqual([`${home()}/data`, `${home()}/lower/000`]);
    });

    it('all in one call, names with blanks included', () => {
      program('umount', 'printf "%s\\n" "$@" >>calls; : >proc/self/mountinfo');
      mounts(['8:1', '/oldroot', 'x y rw'], ['8:1', '/oldroot/a\\040b\\134c', 'x y rw']);
      expect(run('livesys_let_go_of outside; echo "$?"')).toEqual(['0']);
      expect(library.read('calls')).toBe('/oldroot/a b\\c\n/oldroot\n');
    });

    it('gives up on one that stays, and says who uses it', () => {
      program('umount', 'exit 32');
      program('sleep', '');
      mounts(['0:2', '/oldroot', 'overlay livesys rw']);
      process(77, '/usr/bin/env', '/oldroot/usr/share/theme');
      process(78, '/usr/bin/env', '/elsewhere');
      process(79, '', '/oldroot/kernel-thread');
      library.write('sys/class/block/loop4/loop/backing_file', '/oldroot/home/disk.img\n');
      run('livesys_let_go_of outside || livesys_report_left outside');
      expect(library.read('dev/kmsg')).toBe(
        '<3>LIVESYS: exitrd: /oldroot could not be unmounted, it is used by process 77 (a splash) loop4\n',
      );
    });
  });

  it('removes mapped devices that are not mounted, and detaches loop devices', () => {
    program('dmsetup', 'echo "dmsetup $DM_DISABLE_UDEV $*" >>calls');
    program('losetup', 'echo "losetup $*" >>calls');
    mounts(['253:0', '/oldroot', 'ext4 /dev/dm-0 rw']);
    for (const [index, name] of ['mounted', 'closed'].entries()) {
      library.write(`sys/class/block/dm-${index}/dev`, `253:${index}\n`);
      library.write(`sys/class/block/dm-${index}/dm/name`, `${name}\n`);
    }
    library.write('sys/class/block/loop1/loop/backing_file', '/x\n');
    library.write('sys/class/block/loop2/size', '0\n');
    run('livesys_remove_mappings; livesys_detach_loops');
    expect(library.read('calls')).toBe(
      `dmsetup 1 remove closed\nlosetup -d ${library.path('dev/loop1')}\n`,
    );
  });

  describe('judges whether all is clean', () => {
    const judge = () => run('livesys_find_data_devices; livesys_judge; echo "$LIVESYS_CLEAN"');

    it('by what is mounted: a writable file system, even through a mount that is not', () => {
      mounts(['0:5', '/run', 'tmpfs tmpfs rw'], ['8:1', '/old', 'ext4 /dev/sda1 ro,noatime']);
      expect(judge()).toEqual(['yes']);
      library.write('proc/self/mountinfo', '20 1 8:1 / /old ro - ext4 /dev/sda1 rw,noatime\n');
      expect(judge()).toEqual(['no']);
    });

    it('by what the kernel still holds out of reach', () => {
      const closed = () => {
        mounts(['8:1', `${home()}/data`, 'ext4 /dev/sda1 ro']);
        return run(
          'livesys_find_data_devices; : >proc/self/mountinfo; livesys_judge; echo "$LIVESYS_CLEAN"',
        );
      };
      mkdirSync(library.path('sys/dev/block'), { recursive: true });
      symlinkSync('../../devices/pci/sda/sda1', library.path('sys/dev/block/8:1'));
      expect(closed()).toEqual(['yes']);
      mkdirSync(library.path('sys/fs/ext4/sda1'), { recursive: true });
      expect(closed()).toEqual(['no']);
    });
  });

  describe('finds the mark of use', () => {
    const mark = (state: string) => {
      library.write('run/livesys/state', state);
      return run('livesys_read_session; printf "%s\\n" "$LIVESYS_MARK"')[0]?.replace(home(), '~');
    };

    it('below the directory that plays DATA', () => {
      const state =
        'profile=office\npersistence=on\ndata_path=/run/initramfs/livesys/data/my folder\n';
      expect(mark(state)).toBe('~/data/my folder/livesys/persistence/office/dirty');
    });

    it.each([
      'profile=office\npersistence=off\ndata_path=/run/initramfs/livesys/data\n',
      'profile=office\npersistence=readonly\ndata_path=/run/initramfs/livesys/data\n',
      'profile=../x\npersistence=on\ndata_path=/run/initramfs/livesys/data\n',
      'profile=office\npersistence=on\ndata_path=/run/initramfs/livesys/../../etc\n',
      'profile=office\npersistence=on\ndata_path=/etc\n',
      'profile=office\npersistence=on\ndata_path=\n',
      '',
    ])('nowhere with %j', (state) => {
      expect(mark(state)).toBe('');
    });

    it('and writes again to a file system that was closed before', () => {
      library.write(
        'run/livesys/state',
        'profile=p\npersistence=on\ndata_path=/run/initramfs/livesys/data\n',
      );
      library.write('run/initramfs/livesys/data/livesys/persistence/p/dirty', 'id\n');
      program('rm', 'if [ -e writable ]; then exec /bin/rm "$@"; fi; exit 1');
      program('mount', 'echo "$*" >>calls; : >writable');
      run('livesys_read_session; livesys_remove_mark');
      expect(library.read('calls')).toBe(`-o remount,rw ${home()}/data\n`);
      expect(readdirSync(`${home()}/data/livesys/persistence/p`)).toEqual([]);
    });
  });

  describe('puts the disc out', () => {
    const mayEject = (state: string, cmdline = 'quiet', verb = 'poweroff') => {
      library.write('run/livesys/state', state);
      library.write('proc/cmdline', `${cmdline}\n`);
      library.write('sys/class/block/sr0/dev', '11:0\n');
      return run(`livesys_verb=${verb}; livesys_read_session; livesys_may_eject; echo "$?"`)[0];
    };
    const disc = 'medium_device=/dev/sr0\n';

    it('when the system came from it and lets go of it', () => {
      expect(mayEject(disc)).toBe('0');
      mounts(['11:0', '/m', 'iso9660 /dev/sr0 ro']);
      expect(mayEject(disc)).toBe('1');
    });

    it('from a drive that udev has locked', () => {
      library.write('run/livesys/state', disc);
      library.write('proc/cmdline', 'quiet\n');
      library.write('proc/sys/dev/cdrom/autoeject', '0');
      program('cdrom_id', 'echo "$*" >>calls');
      run('livesys_verb=poweroff LIVESYS_WATCHDOG=; livesys_read_session; livesys_eject');
      expect(library.read('calls')).toBe(`--unlock-media ${library.path('dev/sr0')}\n`);
    });

    it('and goes on where the drive cannot be opened any more', () => {
      library.write('run/livesys/state', disc);
      library.write('proc/cmdline', 'quiet\n');
      library.write('proc/sys/dev/cdrom/autoeject', '0');
      const script = 'livesys_verb=poweroff LIVESYS_WATCHDOG=; livesys_read_session; livesys_eject';
      expect(run(`${script}; echo "went on"`)).toEqual(['went on']);
    });

    it.each<[string, string?, string?]>([
      ['medium_device=/dev/sdb1\n'],
      [`${disc}medium=released\n`],
      [disc, 'quiet livesys.noeject'],
      [disc, 'livesys.noeject=1 quiet'],
      [disc, 'livesys.noeject=yes'],
      [disc, 'noprompt splash'],
      [disc, 'quiet', 'kexec'],
    ])('but not with %j %j %j', (...facts) => {
      expect(mayEject(...facts)).toBe('1');
    });
  });

  describe('leaves', () => {
    /** The last wait never ends; here it ends the script. */
    const leave = (verb: string) => {
      program('sleep', 'kill "$PPID"');
      run(`exec 2>/dev/null; livesys_verb=${verb}; (livesys_leave); :`);
      return [library.read('calls'), library.read('proc/sysrq-trigger')];
    };

    it.each([
      ['poweroff', 'poweroff -n -f\n', 'o'],
      ['reboot', 'reboot -n -f\n', 'b'],
      ['halt', 'halt -n -f\n', ''],
    ])('by %s, and by the kernel itself if that does nothing', (verb, call, key) => {
      program('busybox', BUSYBOX);
      expect(leave(verb)).toEqual([call, key]);
    });

    it('into another kernel, or by a restart', () => {
      program('kexec', 'echo "kexec $*" >>calls');
      program('busybox', BUSYBOX);
      expect(leave('kexec')).toEqual(['kexec -e\nreboot -n -f\n', 'b']);
    });
  });

  describe('is put into memory', () => {
    const install = (script = '') =>
      library.run(
        shell,
        `LIVESYS_EXITRD='${EXITRD}'; ${script}
         livesys_install_exitrd; echo "$? $LIVESYS_REASON"`,
      );
    const at = (name: string) => library.path(`run/initramfs/${name}`);

    it('with its programs, their libraries, and the name that systemd looks for', () => {
      program('mount', '');
      expect(install()).toEqual(['0 ']);
      expect(readdirSync(at('bin'))).toEqual(
        expect.arrayContaining(['busybox', 'losetup', 'mount', 'rm', 'sh', 'sleep', 'umount']),
      );
      expect(readdirSync(at('bin'))).not.toContain('dmsetup');
      expect(readdirSync(at('bin'))).not.toContain('cdrom_id');
      const parts = exitrd.filter((name) => name.endsWith('.sh'));
      expect(readdirSync(at('lib/livesys')).sort()).toEqual(
        ['log.sh', 'paths.sh', 'text.sh', ...parts].sort(),
      );
      expect(statSync(at('shutdown')).mode & 0o777).toBe(0o755);
      const found = library.run(shell, 'find run/initramfs -name "libc.so*" -o -name "ld-*"');
      expect(found).toHaveLength(2);
    });

    it('with what opens a drive, where there is one', () => {
      program('mount', '');
      program('cdrom_id', '');
      library.write('sys/class/block/sr0/dev', '11:0\n');
      expect(install()).toEqual(['0 ']);
      expect(readdirSync(at('bin'))).toContain('cdrom_id');
    });

    it('not at all when a program is missing', () => {
      expect(
        install(
          'PATH=$LIVESYS_PREFIX/bin:/nowhere; mkdir() { /bin/mkdir "$@"; }; cp() { /bin/cp "$@"; }',
        ),
      ).toEqual(['1 the program sh is missing']);
      expect(readdirSync(at(''))).not.toContain('shutdown');
    });
  });
});
