import { symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SHELLS, shellLibrary } from '../../../test/support/shell-library.ts';

const MIB = 2 ** 20;
const tree = shellLibrary();

const layer = (name: string, bytes: number) =>
  tree.write(
    `run/initramfs/livesys/state/manifest.d/layer/${name}`,
    `layers/${name}-0123456789abcdef.squashfs ${bytes} ${'0'.repeat(64)} squashfs - -\n`,
  );
const available = (mib: number) =>
  tree.write('proc/meminfo', `MemTotal: 9999999 kB\nMemAvailable: ${mib * 1024} kB\n`);

describe.each(SHELLS)('under %s', (...shell) => {
  const start = (toram: string, script: string) =>
    tree.run(
      shell,
      `LIVESYS_LAYERS=a,b LIVESYS_LAYER_COUNT=2 LIVESYS_MANIFEST=$LIVESYS_STATE/manifest.d LIVESYS_MEDIUM_DEVICE=/dev/sdz1
      LIVESYS_ARG_toram=${toram} LIVESYS_DATA_PATH= LIVESYS_DATA_NAME=
      livesys_copy_layers() { echo "copy $LIVESYS_RAM_SIZE"; }
      ${script}`,
    );
  const copy = (toram: string) =>
    start(
      toram,
      'livesys_copy_to_ram; echo "$? $LIVESYS_TORAM $LIVESYS_CODE $LIVESYS_REASON $LIVESYS_SOURCE"',
    );
  const source = () => `${tree.path('run/initramfs/livesys')}/medium/livesys`;

  describe('copying to memory', () => {
    it('is not done without a word', () => {
      expect(copy('')).toEqual([`0 no   ${source()}`]);
      expect(copy('no')).toEqual([`0 no   ${source()}`]);
    });

    it.each(['yes', 'auto'])('takes a twentieth more than the layers have, with %s', (asked) => {
      layer('a', 100 * MIB);
      layer('b', 100 * MIB - 1);
      available(2000);
      expect(copy(asked)[0]).toBe(`copy ${200 * 1024 + 1 + 10 * 1024}`);
      expect(copy(asked)[1]).toMatch(/^0 yes /);
    });

    it('counts beyond 32 bits', () => {
      layer('a', 9000 * MIB);
      layer('b', 9000 * MIB);
      available(10_000);
      expect(copy('yes')).toEqual([
        `1 no E31 the layers do not fit into memory: need 19157 MiB, have 10000 MiB ${source()}`,
      ]);
      available(20_000);
      expect(copy('yes')[1]).toMatch(/^0 yes/);
    });

    it('leaves 256 MiB free: forced it fails, by itself it is left out with a word', () => {
      layer('a', 100 * MIB - 1024);
      layer('b', 100 * MIB - 1024);
      available(466);
      expect(copy('yes')[1]).toMatch(/^0 yes/);
      available(465);
      expect(copy('yes')).toEqual([
        `1 no E31 the layers do not fit into memory: need 467 MiB, have 465 MiB ${source()}`,
      ]);
      expect(copy('auto')).toEqual([`0 no   ${source()}`]);
      expect(tree.notices()).toEqual([
        'the layers do not fit into memory, the medium stays in use: need 467 MiB, have 465 MiB',
      ]);
    });
  });

  describe('releasing the medium', () => {
    const release = (variables: string) =>
      start(
        'yes',
        `umount() { echo "umount $1"; }
        LIVESYS_TORAM=yes ${variables}; livesys_release_medium; echo "$LIVESYS_MEDIUM"`,
      );
    const home = () => tree.path('run/initramfs/livesys');
    const mounted = (...names: readonly string[]) =>
      tree.write(
        'proc/self/mountinfo',
        names.map((name) => `1 1 0:1 / ${home()}/${name} rw - x x rw\n`).join(''),
      );

    it('says that it may be removed', () => {
      mounted('medium');
      expect(release('')).toEqual([`umount ${home()}/medium`, 'released']);
      expect(tree.notices()).toEqual(['the system is in memory: you may remove the medium now']);
    });

    it('lets go of the file system that holds an ISO file, too', () => {
      mounted('medium', 'carrier');
      expect(release('')).toEqual([
        `umount ${home()}/medium`,
        `umount ${home()}/carrier`,
        'released',
      ]);
    });

    it('does nothing where the layers are on it', () => {
      mounted('medium');
      expect(release('LIVESYS_TORAM=no')).toEqual(['attached']);
    });

    it.each([
      ['sdz3', 'attached'],
      ['sdz', 'attached'],
      ['sdy1', 'released'],
    ])('with changes kept on %s it is %s', (data, medium) => {
      mounted('medium');
      for (const [disk, parts] of [
        ['sdz', ['sdz1', 'sdz3']],
        ['sdy', ['sdy1']],
      ] as const) {
        tree.write(`sys/devices/${disk}/size`, '1\n');
        symlinkSync(`../../devices/${disk}`, tree.path(`sys/class/block/${disk}`));
        for (const part of parts) {
          tree.write(`sys/devices/${disk}/${part}/partition`, '1\n');
          symlinkSync(`../../devices/${disk}/${part}`, tree.path(`sys/class/block/${part}`));
        }
      }
      const lines = release(`LIVESYS_DATA_PATH=x LIVESYS_DATA_NAME=${data}`);
      expect(lines.at(-1)).toBe(medium);
      expect(tree.notices()).toEqual([expect.stringMatching(/leave it in place$|you may remove/)]);
    });
  });
});
