import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SHELLS, shellLibrary } from '../../../test/support/shell-library.ts';

const HASH = '0123456789abcdef'.repeat(4);
const tree = shellLibrary();

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const facts = (name: string, more: string, bytes = 10, hash = HASH) =>
  tree.write(
    `run/initramfs/livesys/state/manifest.d/layer/${name}`,
    `layers/${name}-0123456789abcdef.squashfs ${bytes} ${hash} squashfs ${more}\n`,
  );

/** Programs of the initramfs that note how they were called and say what they are told to. */
const program = (name: string, script: string) =>
  tree.write(`bin/${name}`, `#!/bin/sh\necho "${name} $*" >>calls\n${script}\n`, 0o755);
const calls = () => tree.read('calls').split('\n').slice(0, -1);

describe.each(SHELLS)('under %s', (...shell) => {
  const start = (layers: string, script: string, verify = '', toram = 'no') =>
    tree.run(
      shell,
      `LIVESYS_LAYERS=${layers} LIVESYS_LAYER_COUNT=2 LIVESYS_MANIFEST=$LIVESYS_STATE/manifest.d LIVESYS_MEDIUM_DEVICE=/dev/sdz
      LIVESYS_ARG_verify=${verify} LIVESYS_TORAM=${toram} LIVESYS_SOURCE=medium
      ${script}`,
    );
  const verify = (layers: string, asked = '', toram = 'no') =>
    start(
      layers,
      'livesys_verify_layers; echo "$? $LIVESYS_VERIFY $LIVESYS_CODE $LIVESYS_REASON"',
      asked,
      toram,
    );

  it.each([
    ['4096', 4096, '1', '0'],
    ['99999999999999', 1048576, '95367431', '671743'],
    ['2199023259648', 4096, '536870913', '0'],
    ['0', 10, '0', '0'],
    ['9', 10, '0', '9'],
    ['1000', 10, '100', '0'],
  ])('%s / %i is %s, rest %s', (number, by, quotient, rest) => {
    expect(
      tree.run(
        shell,
        `livesys_divide ${number} ${by}; echo "$LIVESYS_QUOTIENT $LIVESYS_REMAINDER"`,
      ),
    ).toEqual([`${quotient} ${rest}`]);
  });

  describe('checking layers', () => {
    it('is left to the kernel where nobody asked and it can', () => {
      facts('a', `4096 ${HASH}`);
      facts('b', `8192 ${HASH}`);
      program('dmsetup', '');
      program('modprobe', '');
      expect(verify('a,b')).toEqual(['0 lazy  ']);
      expect(calls()).toEqual(['modprobe -qa dm_mod sha256_ssse3 sha2_ce sha256_arm64 dm_verity']);
      expect(tree.notices()).toEqual([]);
    });

    it.each([
      ['a layer has no hash tree', 'layer b has no hash tree', '- -'],
      ['a layer is larger than the arithmetic', 'layer b is too large', `409600000000000 ${HASH}`],
    ])('is left out where %s, with a word only to who asked', (_, reason, more) => {
      facts('a', `4096 ${HASH}`);
      facts('b', more);
      program('dmsetup', '');
      expect(verify('a,b')).toEqual(['0 no  ']);
      expect(tree.notices()).toEqual([]);
      expect(verify('a,b', 'lazy')).toEqual(['0 no  ']);
      expect(tree.notices()).toEqual([
        `livesys.verify=lazy is not possible, blocks are not checked: ${reason}`,
      ]);
    });

    it('is left out where dmsetup fails, and leaves nothing behind', () => {
      facts('a', `4096 ${HASH}`);
      program('dmsetup', 'echo "/dev/mapper/control: open failed" >&2; exit 1');
      tree.write('run/initramfs/livesys/state/attached', '001 a /dev/loop3\n');
      const script =
        'LIVESYS_VERIFY=lazy; livesys_open_verity; echo "$? $LIVESYS_VERIFY $LIVESYS_MINORS"';
      expect(start('a', script)).toEqual(['0 no  ']);
      expect(calls()).toEqual([
        'dmsetup create --noudevsync --noudevrules --concise',
        'dmsetup remove --deferred --noudevsync livesys-001',
      ]);
      expect(tree.notices()).toEqual([]);
    });

    it('is left out where there is no room for its table', () => {
      tree.write('run/initramfs/livesys/state/attached', '001 a /dev/loop3\n');
      program('dmsetup', '');
      const script =
        'livesys_derive_salts() { return 1; }; LIVESYS_VERIFY=lazy; livesys_open_verity; echo "$? $LIVESYS_VERIFY $LIVESYS_NO_VERITY"';
      expect(start('a', script, 'lazy')).toEqual(['0 no its table cannot be written']);
      expect(tree.notices()).toEqual([
        'livesys.verify=lazy is not possible, blocks are not checked: its table cannot be written',
      ]);
    });

    it('by the kernel maps all of them by one table', () => {
      facts('a', `4096 ${HASH}`);
      facts('b-1.0', `274877906944 ${'f'.repeat(64)}`);
      program(
        'dmsetup',
        'case $1 in create) cat >table ;; *) echo livesys-001:7; echo x:1 ;; esac',
      );
      tree.write(
        'run/initramfs/livesys/state/attached',
        '001 a /dev/loop3\n000 b-1.0 /dev/loop10\n',
      );
      const script =
        'LIVESYS_VERIFY=lazy; livesys_open_verity; echo "$? $LIVESYS_VERIFY $LIVESYS_MINORS"';
      expect(start('a,b-1.0', script)).toEqual(['0 lazy  livesys-001:7 x:1 ']);
      const verity = (loop: string, blocks: number, root: string, name: string) =>
        `0 ${blocks * 8} verity 1 ${loop} ${loop} 4096 4096 ${blocks} ${blocks + 1} sha256 ${root} ${sha256(`livesys-salt ${name}`)}`;
      // Its bytes do not fit into 32 bits.
      expect(tree.read('table')).toBe(
        `livesys-001,,,ro,${verity('/dev/loop3', 1, HASH, 'a')};livesys-000,,,ro,${verity('/dev/loop10', 67_108_864, 'f'.repeat(64), 'b-1.0')}`,
      );
    });

    it('in full reads each of them and names all that are damaged', () => {
      for (const name of ['a', 'b', 'c']) {
        facts(name, '- -', 10, sha256(name));
        tree.write(`medium/layers/${name}-0123456789abcdef.squashfs`, name);
      }
      expect(verify('a,b,c', 'full')).toEqual(['0 full  ']);
      for (const name of ['a', 'c'])
        tree.write(`medium/layers/${name}-0123456789abcdef.squashfs`, 'x');
      expect(verify('a,b,c', 'full')).toEqual([
        '1 full E34 layers on /dev/sdz are damaged:',
        `layer a: expected ${sha256('a')}, found ${sha256('x')}`,
        `layer c: expected ${sha256('c')}, found ${sha256('x')}`,
      ]);
      expect(verify('a,b,c', 'no')).toEqual(['0 no  ']);
    });

    it('in full tells a layer that cannot be read from one that is damaged', () => {
      facts('a', '- -', 10, sha256('a'));
      facts('b', '- -', 10, sha256('b'));
      tree.write('medium/layers/a-0123456789abcdef.squashfs', 'x');
      expect(verify('a,b', 'full')).toEqual([
        '1 full E23 layers cannot be read:',
        'layer b: layers/b-0123456789abcdef.squashfs on /dev/sdz cannot be read',
        `layer a: expected ${sha256('a')}, found ${sha256('x')}`,
      ]);
    });

    it('is always in full where layers were copied to memory, unless it was refused', () => {
      facts('a', `4096 ${HASH}`, 10, sha256('a'));
      tree.write('medium/layers/a-0123456789abcdef.squashfs', 'a');
      expect(verify('a', '', 'yes')).toEqual(['0 full  ']);
      expect(verify('a', 'lazy', 'yes')).toEqual(['0 full  ']);
      expect(verify('a', 'no', 'yes')).toEqual(['0 no  ']);
    });
  });
});
