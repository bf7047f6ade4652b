import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';
import { livePrograms, units } from './contents.ts';

const SHELL = fileURLToPath(new URL('../shell', import.meta.url));
const UNITS = fileURLToPath(new URL('../units/', import.meta.url));

const library = shellLibrary();

const unitText = (name: string) => readFileSync(`${UNITS}${name}`, 'utf8');

it('has a program for each service, and a service for each program but one', () => {
  const names = [...units.enabled, ...units.others].filter((name) => name.endsWith('.service'));
  const started = names.map(
    (name) => /^ExecStart=\/usr\/lib\/livesys\/(\S+)$/m.exec(unitText(name))?.[1],
  );
  expect(new Set([...started, 'livesys-kexec'])).toEqual(new Set(livePrograms));
});

it.each(units.enabled)('enables %s as it says itself', (name) => {
  expect(unitText(name)).toMatch(/^WantedBy=multi-user\.target$/m);
});

describe.each(SHELLS)('on the live system, under %s,', (...shell) => {
  const call = (name: string) => {
    const [command = '', ...options] = shell;
    const { status, stdout, stderr } = spawnSync(command, [...options, `${SHELL}/${name}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: `${library.path('bin')}:/usr/sbin:/usr/bin:/sbin:/bin`,
        LIVESYS_LIB: `${SHELL}/lib`,
        LIVESYS_PREFIX: library.path('').replace(/\/$/, ''),
      },
    });
    expect(stderr).toBe('');
    return { status, said: stdout };
  };
  const program = (name: string, body: string) =>
    library.write(`bin/${name}`, `#!/bin/dash\n${body}\n`, 0o755);

  describe('little room', () => {
    /** Blocks and inodes: whole and free, with blocks of 4 KiB. */
    const room = (blocks: number, free: number, inodes = 1000, freeInodes = 900) => {
      program('stat', `echo ${blocks} ${free} 4096 ${inodes} ${freeInodes}`);
      program('wall', `echo "$1" >>'${library.path('wall')}'`);
      return call('livesys-space').said;
    };
    const motd = () => library.read('run/motd.d/livesys-space');

    it('is told once to everybody, until there is room again', () => {
      expect(room(262_144, 13_108)).toBe('');
      const warning = /^51 MiB are left for changes of this live system \(4 %\)\./;
      expect(room(262_144, 13_100).replace('<4>', '')).toMatch(warning);
      expect(motd()).toMatch(/^livesys: 51 MiB are left for changes \(4 %\)\. Delete .*\n$/);
      expect(library.read('wall')).toContain('51 MiB are left');
      expect(room(262_144, 1000)).toBe('');
      expect(room(262_144, 14_000)).toBe('');
      expect(motd()).not.toBe('');
      expect(room(262_144, 30_000)).toBe('');
      expect(motd()).toBe('');
      expect(room(262_144, 1000)).not.toBe('');
      expect(library.read('wall').trimEnd().split('\n')).toHaveLength(2);
    });

    it('is also few files, unless the file system makes them as it needs them', () => {
      expect(room(262_144, 200_000, 100_000, 3000)).toContain('room for 3000 files is left');
      expect(room(262_144, 200_000, 0, 0)).toBe('');
    });

    it('is told of large file systems too', () => {
      expect(room(120_000_000, 2_000_000)).toContain('7812 MiB are left');
    });

    it('is not told where it is not known', () => {
      program('stat', 'exit 1');
      expect(call('livesys-space')).toEqual({ status: 0, said: '' });
    });
  });

  describe('access lists that the image recorded', () => {
    const restore = (exit = 0) => {
      program('systemd-tmpfiles', `echo "$@" >>'${library.path('calls')}'; exit ${exit}`);
      program('touch', `for path; do echo "touch $path" >>'${library.path('calls')}'; done`);
      return call('livesys-access-lists');
    };
    const calls = () =>
      existsSync(library.path('calls')) ? library.read('calls').trimEnd().split('\n') : [];

    it('are set once for each record, so that later changes stay', () => {
      library.write('.livesys/access-lists', 'a "/srv" - - - - u:1000:rwx\n');
      library.write('.livesys/access-lists.paths', '/srv\0/a path\0');
      expect([restore(), restore()]).toEqual([
        { status: 0, said: '' },
        { status: 0, said: '' },
      ]);
      expect(calls()).toEqual([
        ...['--no-create', '--no-dereference', '-a', '/srv', '/a path'].map(
          (word) => `touch ${word}`,
        ),
        `--create ${library.path('.livesys/access-lists')}`,
      ]);
      library.write('.livesys/access-lists', 'a "/opt" - - - - u:1000:rwx\n');
      expect(restore(65).said).toBe('<4>some access lists of the image could not be set\n');
      expect(calls()).toHaveLength(12);
      expect(restore().said).toBe('');
      expect(calls()).toHaveLength(12);
    });

    it('are none in most images', () => {
      library.write('.livesys/access-lists', '');
      expect(restore()).toEqual({ status: 0, said: '' });
      expect(calls()).toEqual([]);
    });
  });

  describe('what a reset put aside', () => {
    const stored = 'run/initramfs/livesys/data/livesys/persistence';

    it('is deleted, and nothing else', () => {
      library.write('run/livesys/state', 'persistence=on\n');
      library.write('elsewhere/precious', '');
      library.write(`${stored}/office/upper/kept`, '');
      for (const name of ['upper.old-1', 'upper.old-12', 'upper.old-x', 'upper.old-'])
        library.write(`${stored}/office/${name}/file`, '');
      symlinkSync(library.path('elsewhere'), library.path(`${stored}/office/upper.old-3`));
      symlinkSync('../../../../elsewhere', library.path(`${stored}/office/upper.old-1/link`));
      expect(call('livesys-tidy')).toEqual({
        status: 0,
        said: 'the changes of profile office that were reset are deleted\n'.repeat(2),
      });
      expect(readdirSync(library.path(`${stored}/office`)).sort()).toEqual([
        'upper',
        'upper.old-',
        'upper.old-3',
        'upper.old-x',
      ]);
      expect(existsSync(library.path('elsewhere/precious'))).toBe(true);
    });

    it('stays where changes are only shown', () => {
      library.write('run/livesys/state', 'persistence=readonly\n');
      library.write(`${stored}/office/upper.old-1/file`, '');
      expect(call('livesys-tidy')).toEqual({ status: 0, said: '' });
      expect(readdirSync(library.path(`${stored}/office`))).toEqual(['upper.old-1']);
    });
  });

  it('the program for another kernel goes where it is still there at the end', () => {
    mkdirSync(library.path('run/initramfs/bin'), { recursive: true });
    mkdirSync(library.path('run/initramfs/livesys/state'), { recursive: true });
    symlinkSync('/bin/true', library.path('bin/kexec'));
    expect(call('livesys-kexec').status).toBe(0);
    expect(readdirSync(library.path('run/initramfs/bin'))).toEqual(['kexec']);
    expect(readdirSync(library.path('run/initramfs')).sort()).toContain('lib');
  });

  describe('folders for containers', () => {
    const prepare = (state = 'profile=office\npersistence=on\n') => {
      library.write('run/initramfs/livesys/state/ready', state);
      library.run(shell, 'livesys_prepare_storage');
      return library.run(
        shell,
        'for name in run/livesys/storage/*; do [ ! -d "$name" ] || readlink "$name"; done',
      );
    };

    it('are made for the engines that are there, on DATA', () => {
      library.write('sysroot/usr/bin/podman', '');
      library.write('sysroot/usr/sbin/dockerd', '');
      mkdirSync(library.path('sysroot/var/lib/containers'), { recursive: true });
      expect(prepare()).toEqual([
        '../../initramfs/livesys/data/livesys/containers/office/containers',
        '../../initramfs/livesys/data/livesys/containers/office/docker',
      ]);
      expect(library.notices()).toEqual([]);
    });

    it('are made in the memory of the temporary layer', () => {
      library.write('sysroot/usr/bin/podman', '');
      expect(prepare('profile=office\npersistence=readonly\n')).toEqual([
        '../../initramfs/livesys/upper-tmp/containers/containers',
      ]);
    });

    it('are not made without an engine, nor over what is there', () => {
      expect(prepare()).toEqual([]);
      library.write('sysroot/usr/bin/podman', '');
      library.write('sysroot/var/lib/containers/storage/overlay/x', '');
      expect(prepare()).toEqual([]);
    });

    it('are not made through a link that a stick brings along', () => {
      library.write('sysroot/usr/bin/podman', '');
      mkdirSync(library.path('elsewhere'));
      mkdirSync(library.path('run/initramfs/livesys/data'), { recursive: true });
      symlinkSync(library.path('elsewhere'), library.path('run/initramfs/livesys/data/livesys'));
      expect(prepare()).toEqual([]);
      expect(readdirSync(library.path('elsewhere'))).toEqual([]);
      expect(library.notices()[0]).toContain('/var/lib/containers');
    });
  });
});
