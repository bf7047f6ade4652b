import { mkdirSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHANGES, liveSystem, sealed } from '../../../test/support/live-system.ts';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const DATA = 'run/initramfs/livesys/data';

const library = shellLibrary();
const { boot, select, call: callUnder } = liveSystem(library);

describe.each(SHELLS)('livesysctl under %s', (...shell) => {
  const call = (argv: readonly string[], user?: number) => callUnder(shell, argv, user);

  describe('chooses what is next', () => {
    const selection = () => library.read(`${DATA}/livesys/selection`);

    it('a profile, and leaves the choice of persistence', () => {
      boot();
      select('persistence off\n');
      const { code, out } = call(['profile', 'use', 'bare']);
      expect(code).toBe(0);
      expect(out).toMatch(/^From the next boot, profile bare, and .* in memory only\.\n/);
      expect(selection()).toBe(sealed('livesys-selection 1\nprofile bare\npersistence off\n'));
      expect(library.read(`${DATA}/livesys/grubenv`)).toContain('livesys_profile=bare\n');
    });

    it('persistence, and leaves the choice of the profile', () => {
      boot();
      select('profile office\n');
      expect(call(['persistence', 'off']).out).toMatch(
        /^From the next boot, changes are kept in memory only\. What is stored stays: \d+ KiB\.\n/,
      );
      expect(selection()).toBe(sealed('livesys-selection 1\nprofile office\npersistence off\n'));
      expect(call(['persistence', 'on']).out).toMatch(
        /^From the next boot, changes are kept on \/dev\/sdb3\. Stored already: \d+ KiB\.\n/,
      );
    });

    it('over a damaged selection, and says so', () => {
      boot();
      library.write(`${DATA}/livesys/selection`, 'livesys-selection 1\nprofile $(touch hacked)\n');
      const { code, err } = call(['profile', 'use', 'office']);
      expect([code, err]).toEqual([
        0,
        expect.stringContaining('the selection on /dev/sdb3 is ignored'),
      ]);
      expect(selection()).toBe(sealed('livesys-selection 1\nprofile office\n'));
      expect(readdirSync(library.path('.'))).not.toContain('hacked');
    });

    it('but no profile that is not there', () => {
      boot();
      const { code, err } = call(['profile', 'use', 'offic']);
      expect(code).toBe(2);
      expect(err).toContain('did you mean "office"?');
      expect(err).toContain('profiles of this medium: bare office');
    });

    it('not as a user, and says how', () => {
      boot();
      const { code, err } = call(['persistence', 'off'], 1000);
      expect([code, err]).toEqual([4, expect.stringContaining('sudo livesysctl persistence off')]);
      expect(selection()).toBe('');
    });

    it('not where there is nothing to write to, and says what to do', () => {
      boot({ persistence: 'off', data_device: '', data_path: '', medium_device: '/dev/sr0' });
      const { code, err } = call(['profile', 'use', 'bare']);
      expect(code).toBe(4);
      expect(err).toContain('/dev/sr0 has no partition for changes');
      expect(err).toContain('boot menu');
    });

    it('not through a symbolic link', () => {
      boot();
      mkdirSync(library.path('elsewhere'));
      library.run(shell, `rm -r ${DATA}/livesys; ln -s "$PWD/elsewhere" ${DATA}/livesys`);
      expect(call(['profile', 'use', 'bare']).code).toBe(5);
      expect(readdirSync(library.path('elsewhere'))).toEqual([]);
    });
  });

  describe('resets', () => {
    const request = () => readdirSync(library.path(CHANGES)).includes('reset');

    it('by a request that can be taken back', () => {
      boot();
      const { code, out } = call(['persistence', 'reset']);
      expect(code).toBe(0);
      expect(out).toMatch(/^The next boot of profile office starts without .*: \d+ KiB\.\n/);
      expect(request()).toBe(true);
      expect(call(['status']).out).toContain('without what is stored now');
      expect(call(['persistence', 'reset', '--cancel']).out).toContain('stay');
      expect(request()).toBe(false);
      expect(call(['persistence', 'reset', '--cancel'])).toMatchObject({ code: 0 });
    });

    it('nothing where nothing is stored', () => {
      boot({ profile: 'bare' });
      expect(call(['persistence', 'reset'])).toMatchObject({
        code: 0,
        out: 'Nothing is stored for profile bare.\n',
      });
    });

    it('nothing through a symbolic link', () => {
      boot();
      mkdirSync(library.path('elsewhere/upper'), { recursive: true });
      library.run(shell, `rm -r ${CHANGES}; ln -s "$PWD/elsewhere" ${CHANGES}`);
      expect(call(['persistence', 'reset'])).toMatchObject({
        code: 5,
        err: expect.stringContaining('is a symbolic link') as string,
      });
    });
  });

  describe('tells how it is used', () => {
    it.each([
      [[]],
      [['stat']],
      [['profile', 'use']],
      [['persistence', 'maybe']],
      [['layers', 'x']],
    ])('after %j', (argv) => {
      const { code, out, err } = call(argv);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain('usage: livesysctl status');
    });

    it.each([
      [['--help'], 'exit codes'],
      [['help'], 'exit codes'],
      [['profile', '--help'], 'livesysctl profile use NAME'],
      [['persistence', 'reset', '--help'], 'reset --cancel'],
      [['status', '-h'], 'only root'],
      [['layers', '--help'], 'the lowest first'],
    ])('when asked by %j', (argv, word) => {
      const { code, out, err } = call(argv);
      expect([code, err]).toEqual([0, '']);
      expect(out.toLowerCase()).toContain(word.toLowerCase());
      expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(88);
    });
  });
});
