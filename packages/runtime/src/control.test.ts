import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveSystem } from '../../../test/support/live-system.ts';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const library = shellLibrary();
const { boot, select, call: callUnder } = liveSystem(library);

describe.each(SHELLS)('livesysctl under %s', (...shell) => {
  const call = (argv: readonly string[], user?: number) => callUnder(shell, argv, user);

  describe('shows the status', () => {
    it('of a session that keeps its changes', () => {
      boot();
      select('profile bare\n');
      const { code, out, err } = call(['status']);
      expect([code, err]).toEqual([0, '']);
      expect(out.replace(/[\d.]+ [KMG]iB/g, 'SIZE').split('\n')).toEqual([
        'livesys  office · persistence on · medium /dev/sdb2',
        expect.stringMatching(/^layers   base  office · verified as they are read/),
        'changes  SIZE in 1 file, since 3 days, SIZE free on /dev/sdb3',
        'next     profile bare, persistence off',
        '',
      ]);
    });

    it('of a temporary one, and why it is', () => {
      boot({
        persistence: 'off',
        persistence_reason: 'sdb3 is full: 3 MiB are left',
        data_device: '',
        data_path: '',
        notice_1: 'E45 changes are kept in memory only: sdb3 is full: 3 MiB are left',
        verify: 'full',
      });
      mkdirSync(library.path('run/initramfs/livesys/upper-tmp/upper'), { recursive: true });
      const { out } = call(['status']);
      expect(out).toContain('persistence off');
      expect(out).toContain('verified at boot');
      expect(out).toMatch(/^changes {2}.* in memory, gone when it is switched off$/m);
      expect(out).toContain('next     profile office, persistence on\n');
      expect(out).toMatch(/^note {5}E45 changes are kept in memory only/m);
    });

    it.each([
      ['/dev/mapper/livesys-data', '/dev/sdb3', '', '/dev/sdb3, encrypted'],
      ['/dev/sdc1', '/changes.img', '/changes.img', '/dev/sdc1/changes.img, encrypted'],
    ])('of one that keeps them on %s, which is encrypted', (device, encrypted, inside, place) => {
      boot({ data_device: device, data_encrypted: encrypted, data_inside: inside });
      const { out } = call(['status']);
      expect(out).toMatch(new RegExp(`^changes .* free on ${place}$`, 'm'));
      expect(out).toContain('next     profile office, persistence on\n');
    });

    it('of one whose changes were not unlocked', () => {
      boot({
        persistence: 'off',
        data_device: '/dev/sdb3',
        data_encrypted: '/dev/sdb3',
        data_path: '',
      });
      mkdirSync(library.path('run/initramfs/livesys/upper-tmp/upper'), { recursive: true });
      expect(call(['status'])).toMatchObject({
        code: 0,
        err: '',
        out: expect.stringContaining(
          'next     as chosen last; /dev/sdb3 is encrypted and was not unlocked\n',
        ) as string,
      });
      expect(call(['profile', 'list']).out).toContain(
        'Which one is next is not known: /dev/sdb3 is',
      );
      expect(call(['profile', 'use', 'bare'])).toEqual({
        code: 5,
        out: '',
        err: `livesysctl: /dev/sdb3 is encrypted, and was not unlocked for this session
  Start an entry of the boot menu that keeps changes, type the passphrase, and choose there.
`,
      });
    });

    it('of one that runs from memory', () => {
      boot({ toram: 'yes', medium: 'released', verify: 'no' });
      expect(call(['status']).out).toContain('in memory, the medium may be removed');
    });

    it.each([
      ['dmsetup', 'livesys-000: 0 8 verity V\nlivesys-001: 0 8 verity C\n', 'errors in 1'],
      ['dmsetup', 'livesys-000: 0 8 verity V\n', 'no error'],
      [
        'dmesg',
        '[9.1] device-mapper: verity: 7:1: data block 7 is corrupted\n[9.2] device-mapper: verity: 7:1: data block 8 is corrupted\n[9.3] device-mapper: verity: 7:0: metadata block 9 is corrupted\n',
        'errors in 2',
      ],
      ['dmesg', '[9.1] device-mapper: verity: sha256 using "sha256-ni"\n', 'no error'],
    ])('with what the kernel found wrong so far, from %s: %#', (program, said, told) => {
      boot();
      library.write('bin/dmsetup', '#!/bin/sh\nexit 1\n', 0o755);
      library.write(`bin/${program}`, `#!/bin/sh\ncat <<'END'\n${said}END\n`, 0o755);
      expect(call(['status']).out).toContain(`verified as they are read, ${told}\n`);
      expect(call(['status'], 1000).out).toContain('verified as they are read\n');
    });

    it('as far as a user may see it', () => {
      boot({ data_path: '/run/initramfs/livesys/other' });
      expect(call(['status'], 1000).out).toContain('next     as chosen last; only root can see it');
    });

    it('as JSON, with what has become of it', () => {
      boot();
      select('profile bare\npersistence on\n');
      library.write('run/initramfs/livesys/data/livesys/persistence/bare/reset', '');
      const status = JSON.parse(call(['status', '--json']).out) as Record<string, unknown>;
      expect(status).toMatchObject({
        profile: 'office',
        notices: [],
        changes: { files: 1 },
        next: { profile: 'bare', persistence: 'on', reset: true },
      });
      const { bytes, free } = status['changes'] as { bytes: number; free: number };
      expect(bytes % 1024).toBe(0);
      expect(free).toBeGreaterThan(0);
    });

    it('not on another system', () => {
      expect(call(['status'])).toMatchObject({ code: 4, out: '' });
    });
  });

  describe('lists profiles', () => {
    it('with what is now and what is next', () => {
      boot();
      select('profile bare\n');
      expect(
        call(['profile', 'list'])
          .out.split('\n')
          .map((line) => line.trimEnd()),
      ).toEqual([
        'profile  persistence                 layers',
        'bare     off          next           base',
        'office   on           now, default   base office',
        '',
      ]);
    });

    it('as JSON', () => {
      boot();
      expect(JSON.parse(call(['profile', 'list', '--json']).out)).toEqual([
        {
          name: 'bare',
          persistence: 'off',
          now: false,
          next: false,
          default: false,
          layers: ['base'],
        },
        {
          name: 'office',
          persistence: 'on',
          now: true,
          next: true,
          default: true,
          layers: ['base', 'office'],
        },
      ]);
    });
  });

  it('lists layers, the lowest first', () => {
    boot();
    expect(call(['layers']).out.split('\n').slice(1)).toEqual([
      '  1  base                    3.0 GiB  squashfs  block by block',
      '  2  office                    5 MiB  squashfs  as a whole',
      '',
    ]);
  });
});
