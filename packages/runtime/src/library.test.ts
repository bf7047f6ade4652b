import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SHELLS = [['dash'], ['busybox', 'sh'], ['bash', '--norc', '--posix'], ['mksh']] as const;
const LIBRARY = fileURLToPath(new URL('../shell/lib', import.meta.url));
const IMAGE = '01234567-89ab-cdef-0123-456789abcdef';
const HEX = '0123456789abcdef';

let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'livesys-runtime-'));
  for (const directory of ['run', 'proc/self', 'dev', 'sys/class/block', 'sysroot', 'bin']) {
    mkdirSync(join(tree, directory), { recursive: true });
  }
  writeFileSync(join(tree, 'proc/uptime'), '12.50 3.00\n');
  writeFileSync(join(tree, 'proc/self/mountinfo'), '');
  writeFileSync(join(tree, 'proc/filesystems'), 'nodev\toverlay\n\tsquashfs\n');
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

describe.each(SHELLS)('the library under %s', (...shell) => {
  /** Runs a script with the library loaded and its paths in the fake tree. */
  function run(script: string): string[] {
    const lines = [
      'set -u',
      `. '${LIBRARY}/lib.sh'`,
      'livesys_set_paths; livesys_make_directories; livesys_reset_arguments; LIVESYS_CODE= LIVESYS_REASON= LIVESYS_STAGE=test',
      script,
    ];
    const [command, ...options] = shell as readonly string[];
    const result = spawnSync(command ?? 'sh', [...options, '-c', lines.join('\n')], {
      encoding: 'utf8',
      cwd: tree,
      // bash takes a socket on stdin for a remote shell and reads ~/.bashrc.
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        LC_ALL: 'C',
        PATH: `${tree}/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
        LIVESYS_LIB: LIBRARY,
        LIVESYS_PREFIX: tree,
      },
    });
    expect(result.stderr).toBe('');
    return result.stdout.split('\n').slice(0, -1);
  }

  const notices = () => {
    try {
      return readFileSync(join(tree, 'run/initramfs/livesys/state/notices'), 'utf8');
    } catch {
      return '';
    }
  };

  function cmdline(text: string, print: string): string[] {
    writeFileSync(join(tree, 'cmdline'), `${text}\n`);
    return run(`livesys_parse_cmdline cmdline; echo "$?"\nprintf '%s\\n' ${print}`);
  }

  describe('kernel arguments', () => {
    it('fills in the defaults', () => {
      const print =
        '"$LIVESYS_ARG_image" "$LIVESYS_ARG_overlay_size" "$LIVESYS_ARG_timeout" "$LIVESYS_ARG_verify"';
      expect(cmdline(`quiet root=livesys:${IMAGE} ro`, print)).toEqual([
        '0',
        IMAGE,
        '50%',
        '60',
        'no',
      ]);
    });

    it('lets another root alone', () => {
      expect(cmdline('root=UUID=1 livesys.timeout=x', '""')[0]).toBe('3');
      expect(cmdline('quiet', '""')[0]).toBe('3');
    });

    it('takes the last of repeated arguments and an id in capitals', () => {
      const text = `root=/dev/sda root=livesys:${IMAGE.toUpperCase()} livesys.profile=a livesys.profile=b`;
      expect(cmdline(text, '"$LIVESYS_ARG_image" "$LIVESYS_ARG_profile"')).toEqual([
        '0',
        IMAGE,
        'b',
      ]);
    });

    it('keeps what is quoted together', () => {
      const text = `root=livesys:${IMAGE} "livesys.medium=LABEL=my  stick" livesys.iso="/a b.iso" x="y`;
      expect(cmdline(text, '"$LIVESYS_ARG_medium" "$LIVESYS_ARG_iso"')).toEqual([
        '0',
        'LABEL=my stick',
        '/a b.iso',
      ]);
    });

    it.each([
      ['root=livesys:', 'root=livesys:'],
      ['root=livesys:1234', 'root=livesys:1234'],
      [`root=livesys:${IMAGE}0`, `root=livesys:${IMAGE}0`],
      [`root=livesys:${IMAGE} livesys.overlay-size=0%`, 'livesys.overlay-size=0%'],
      [`root=livesys:${IMAGE} livesys.overlay-size=101%`, 'livesys.overlay-size=101%'],
      [`root=livesys:${IMAGE} livesys.overlay-size=2T`, 'livesys.overlay-size=2T'],
      [`root=livesys:${IMAGE} livesys.timeout=-1`, 'livesys.timeout=-1'],
      [`root=livesys:${IMAGE} livesys.verify=yes`, 'livesys.verify=yes'],
      [`root=livesys:${IMAGE} livesys.profile=../x`, 'livesys.profile=../x'],
      [`root=livesys:${IMAGE} livesys.profile=$(reboot)`, 'livesys.profile=$(reboot)'],
      [`root=livesys:${IMAGE} livesys.manifest=abc`, 'livesys.manifest=abc'],
      [`root=livesys:${IMAGE} livesys.medium=sda`, 'livesys.medium=sda'],
      [`root=livesys:${IMAGE} livesys.iso=/a/../b`, 'livesys.iso=/a/../b'],
      [`root=livesys:${IMAGE} livesys.persistence=maybe`, 'livesys.persistence=maybe'],
    ])('refuses %s', (text, named) => {
      const [status, code, reason] = cmdline(text, '"$LIVESYS_CODE" "$LIVESYS_REASON"');
      expect([status, code]).toEqual(['1', 'E10']);
      expect(reason).toContain(named);
    });

    it.each(['50%', '1%', '100%', '512M', '2G', '4096k'])('accepts the size %s', (size) => {
      const text = `root=livesys:${IMAGE} livesys.overlay-size=${size}`;
      expect(cmdline(text, '"$LIVESYS_ARG_overlay_size"')).toEqual(['0', size]);
    });

    it('names the nearest known argument', () => {
      cmdline(`root=livesys:${IMAGE} livesys.profil=a livesys.zzzzzzzzzzzz=1 livesys.verify`, '""');
      expect(notices()).toContain('livesys.profil is not known; did you mean livesys.profile?');
      expect(notices()).toContain('livesys.zzzzzzzzzzzz is not known\n');
      expect(notices()).toContain('livesys.verify needs a value');
    });

    it('says what it cannot do, once', () => {
      const text = `root=livesys:${IMAGE} livesys.persistence=on livesys.toram livesys.verify=lazy livesys.data=LABEL=x`;
      writeFileSync(join(tree, 'cmdline'), text);
      run('livesys_parse_cmdline cmdline; livesys_parse_cmdline cmdline');
      expect(notices().split('\n').slice(0, -1)).toEqual([
        'livesys.verify=lazy is not supported by this image: only the sizes of the layers are checked',
        'this image has no persistence, changes are kept in memory',
        'livesys.data= is not supported by this image',
        'livesys.toram is not supported by this image: leave the medium in place',
      ]);
      expect(readFileSync(join(tree, 'dev/kmsg'), 'utf8')).toContain(
        '<3>LIVESYS: this image has no persistence',
      );
    });

    it('accepts the names of other live systems, below its own', () => {
      const print =
        '"$LIVESYS_ARG_iso" "$LIVESYS_ARG_overlay_size" "$LIVESYS_ARG_verify" "$LIVESYS_ARG_persistence"';
      const text = `root=livesys:${IMAGE} livesys.overlay-size=1G iso-scan/filename=a.iso cow_spacesize=2G checksum=y nopersistence`;
      expect(cmdline(text, print)).toEqual(['0', '/a.iso', '1G', 'full', 'off']);
    });

    it('survives long and odd input', () => {
      const text = `${'x'.repeat(2000)} "" = root=livesys:${IMAGE} livesys.=1 livesys.${'y'.repeat(300)}=* ' \` $(`;
      expect(cmdline(text, '""')[0]).toBe('0');
    });
  });

  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  const sealed = (body: string) => `${body}end ${digest(body)}\n`;
  const layer = (name: string, bytes = 10) =>
    `layer ${name} layers/${name}-${HEX}.squashfs ${bytes} ${HEX.repeat(4)} squashfs - -\n`;
  const head = `livesys 1\nimage ${IMAGE}\n`;
  const good = `${head}${layer('base')}${layer('desk.top-1')}profile office default base,desk.top-1\nprofile rescue - base\npersist office data LIVESYS-DATA optional\nx-note anything at all\n`;

  function manifest(content: string | Uint8Array, script = ''): string[] {
    writeFileSync(join(tree, 'manifest'), content);
    return run(
      `livesys_parse_manifest manifest m; echo "$?" "$LIVESYS_CODE" "$LIVESYS_REASON"\n${script}`,
    );
  }

  describe('the manifest', () => {
    it('is read', () => {
      const script =
        'livesys_choose_profile; echo "$? $LIVESYS_IMAGE $LIVESYS_PROFILE $LIVESYS_LAYERS $LIVESYS_LAYER_COUNT"';
      expect(manifest(sealed(good), script)).toEqual([
        '0  ',
        `0 ${IMAGE} office base,desk.top-1 2`,
      ]);
      expect(notices()).toContain('this image has no persistence');
    });

    it('is pinned by livesys.manifest=', () => {
      writeFileSync(join(tree, 'manifest'), sealed(good));
      const script = (hash: string) =>
        `LIVESYS_ARG_manifest=${hash}; livesys_parse_manifest manifest m; echo "$? $LIVESYS_CODE"`;
      expect(run(script(digest(sealed(good))))).toEqual(['0 ']);
      expect(run(script(digest('another')))).toEqual(['1 E30']);
    });

    const profile = 'profile p default base\n';
    it.each<readonly [string, string | Uint8Array]>([
      ['empty', ''],
      ['without an end line', good],
      ['with a wrong hash', `${good}end ${HEX.repeat(4)}\n`],
      ['with something after the end line', `${sealed(good)}x-more\n`],
      ['cut in its last line', sealed(good).slice(0, -1)],
      ['cut in the middle', sealed(good).slice(0, 200)],
      ['of a later version', sealed(good.replace('livesys 1', 'livesys 2'))],
      ['without an image', sealed(`livesys 1\n${layer('base')}${profile}`)],
      ['with a second image line', sealed(`${head}image ${IMAGE}\n${layer('base')}${profile}`)],
      ['with NUL', sealed(`${head}x-\0\n${layer('base')}${profile}`)],
      ['with CRLF', sealed(good.replaceAll('\n', '\r\n'))],
      ['with a tab', sealed(good.replace('profile office', 'profile\toffice'))],
      [
        'with a line of 1 MB',
        sealed(`${head}x-${'a'.repeat(1_000_000)}\n${layer('base')}${profile}`),
      ],
      ['with two blanks', sealed(good.replace('profile office', 'profile  office'))],
      ['with an empty line', sealed(`${head}\n${layer('base')}${profile}`)],
      ['with an unknown line', sealed(`${good}exec reboot\n`)],
      ['with a command as name', sealed(good.replaceAll('base', '$(touch${IFS}hacked)'))],
      ['with a command in backticks', sealed(good.replaceAll('base', '`touch\u0020hacked`'))],
      ['with a pattern as name', sealed(good.replaceAll('base', '*'))],
      ['with a path as name', sealed(good.replaceAll('base', '../base'))],
      ['with .. as name', sealed(good.replaceAll('base', '..'))],
      ['with a file outside', sealed(good.replace('layers/base', '../../etc/base'))],
      ['with an absolute file', sealed(good.replace('layers/base', '/layers/base'))],
      ['with another layer’s file', sealed(good.replace('layers/base', 'layers/desk.top-1'))],
      ['with a size that is none', sealed(good.replace('squashfs 10', 'squashfs 1e9'))],
      ['with a short hash', sealed(good.replace(HEX.repeat(4), HEX))],
      ['with another file system', sealed(good.replace(' squashfs -', ' ext4 -'))],
      ['with a layer twice', sealed(`${head}${layer('base')}${layer('base')}${profile}`)],
      ['without a profile', sealed(`${head}${layer('base')}`)],
      [
        'with a profile of a missing layer',
        sealed(`${head}${layer('base')}profile p - base,other\n`),
      ],
      ['with two defaults', sealed(`${good}profile third default base\n`)],
      [
        'with an empty layer in a profile',
        sealed(`${head}${layer('base')}profile p - base,,base\n`),
      ],
      ['with persistence of a missing profile', sealed(`${good}persist nobody data x optional\n`)],
      ['with a hostile persistence target', sealed(good.replace('LIVESYS-DATA', '../../etc'))],
    ])('is refused %s', (_what, content) => {
      expect(manifest(content, '[ ! -e hacked ] && echo safe')).toEqual([
        expect.stringMatching(/^1 E30 the manifest/),
        'safe',
      ]);
    });

    it('holds 500 layers with the longest names, and not 501 in a profile', () => {
      const names = Array.from(
        { length: 501 },
        (_, i) => `${String(i).padStart(3, '0')}${'n'.repeat(61)}`,
      );
      const of = (list: string[]) =>
        sealed(`${head}${list.map((n) => layer(n)).join('')}profile p - ${list.join(',')}\n`);
      expect(manifest(of(names.slice(0, 500)))).toEqual(['0  ']);
      expect(manifest(of(names))[0]).toMatch(/^1 E30 .*501 layers/);
    }, 60_000);
  });

  describe('the profile', () => {
    const choose = 'livesys_choose_profile; printf "%s\\n" "$?" "$LIVESYS_CODE" "$LIVESYS_REASON"';

    it('is E32 with the valid names when it is unknown', () => {
      expect(manifest(sealed(good), `LIVESYS_ARG_profile=ofice; ${choose}`).slice(1)).toEqual([
        '1',
        'E32',
        'there is no profile "ofice"; did you mean "office"?',
        'profiles on this medium: office rescue',
      ]);
    });

    it('stops when it requires persistence, unless that is switched off', () => {
      const required = sealed(good.replace('optional', 'required'));
      expect(manifest(required, choose).slice(1, 3)).toEqual(['1', 'E40']);
      expect(manifest(required, `LIVESYS_ARG_persistence=off; ${choose}`).slice(1, 2)).toEqual([
        '0',
      ]);
    });

    it('names every layer that is missing, linked or of another size', () => {
      const names = ['a', 'b', 'c', 'd', 'e-e'];
      const body = `${head}${names.map((n) => layer(n)).join('')}profile p - ${names.join(',')}\n`;
      mkdirSync(join(tree, 'medium/layers'), { recursive: true });
      const file = (name: string) => join(tree, `medium/layers/${name}-${HEX}.squashfs`);
      writeFileSync(file('a'), 'x'.repeat(10));
      writeFileSync(file('b'), 'x');
      symlinkSync('/etc/passwd', file('c'));
      writeFileSync(file('e-e'), '');
      const lines = manifest(
        sealed(body),
        'livesys_choose_profile; livesys_check_layer_files medium; printf "%s\\n" "$LIVESYS_CODE" "$LIVESYS_REASON"',
      );
      expect(lines.slice(1)).toEqual([
        'E33',
        'profile p cannot be assembled:',
        `layer c: layers/c-${HEX}.squashfs is a symbolic link`,
        `layer d: layers/d-${HEX}.squashfs is missing`,
        `layer b: layers/b-${HEX}.squashfs has 1 bytes instead of 10`,
        `layer e-e: layers/e-e-${HEX}.squashfs has 0 bytes instead of 10`,
      ]);
    });
  });

  describe('devices', () => {
    function disk(name: string, sectors: string, files: Readonly<Record<string, string>> = {}) {
      const directory = join(tree, 'sys/class/block', name);
      mkdirSync(directory, { recursive: true });
      for (const [file, text] of Object.entries({ size: sectors, ...files })) {
        mkdirSync(join(directory, file, '..'), { recursive: true });
        writeFileSync(join(directory, file), `${text}\n`);
      }
    }
    function blkid(answers: Readonly<Record<string, string>>) {
      const cases = Object.entries(answers).map(([name, text]) => `*/${name}) printf '${text}' ;;`);
      writeFileSync(join(tree, 'bin/blkid'), `#!/bin/sh\ncase $4 in ${cases.join(' ')} esac\n`, {
        mode: 0o755,
      });
    }

    it('are listed with the reason why each was refused', () => {
      disk('sda', '3907029168', { 'sda1/partition': '1' });
      disk('sda1', '2048000', { partition: '1' });
      disk('sdb', '8388608', { removable: '1' });
      disk('sdc', '8388608', { 'holders/dm-0/x': '' });
      disk('dm-0', '8388608');
      disk('sde', '0');
      disk('loop0', '8388608');
      disk('zram0', '8388608');
      blkid({ sda1: 'ID_FS_TYPE=swap\\n', sdb: 'ID_FS_TYPE=crypto_LUKS\\nID_FS_UUID=77-1\\n' });
      const script = `LIVESYS_ARG_image=${IMAGE} LIVESYS_ARG_timeout=0; livesys_find_medium; echo "$LIVESYS_CODE $LIVESYS_REASON"; livesys_device_table`;
      expect(run(script).map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
        `E20 no medium holds image ${IMAGE} (waited 0 s)`,
        'device size fs label uuid verdict',
        'sdb 4294MB crypto_LUKS - 77-1 encrypted: never opened',
        'dm-0 4294MB - - - part of a volume or array: never used',
        'sda 2000GB - - - has partitions, each is tried by itself',
        'sda1 1048MB swap - - swap: never touched',
        'sdc 4294MB - - - in use by dm-0',
        'sde 0 - - - no medium in it',
      ]);
    });

    it('are waited for until the time is over', () => {
      const script = `sleep() { printf '20.00 0\\n' >proc/uptime; }; LIVESYS_ARG_image=${IMAGE} LIVESYS_ARG_timeout=5; livesys_find_medium; echo "$LIVESYS_REASON"; livesys_device_table`;
      expect(run(script)).toEqual([
        `no medium holds image ${IMAGE} (waited 8 s)`,
        'no disk, stick or drive was seen',
      ]);
    });

    it('are mounted without a journal replay', () => {
      const script =
        'for t in ext3 xfs btrfs vfat ntfs; do livesys_probe_options $t; echo "$LIVESYS_DRIVER $LIVESYS_OPTIONS"; done';
      expect(run(script)).toEqual([
        'ext4 ro,nodev,nosuid,noexec,noload',
        'xfs ro,nodev,nosuid,noexec,norecovery,nouuid',
        'btrfs ro,nodev,nosuid,noexec,rescue=nologreplay',
        'vfat ro,nodev,nosuid,noexec',
        'ntfs3 ro,nodev,nosuid,noexec',
      ]);
    });
  });

  it('resolves links inside the assembled root', () => {
    mkdirSync(join(tree, 'sysroot/usr/lib/systemd'), { recursive: true });
    mkdirSync(join(tree, 'sysroot/usr/sbin'), { recursive: true });
    symlinkSync('usr/sbin', join(tree, 'sysroot/sbin'));
    symlinkSync('../../../../lib/systemd/systemd', join(tree, 'sysroot/usr/sbin/init'));
    symlinkSync('/usr/lib', join(tree, 'sysroot/lib'));
    symlinkSync('loop', join(tree, 'sysroot/loop'));
    expect(
      run(
        'livesys_resolve sysroot /sbin/init; echo "$LIVESYS_RESOLVED"; livesys_resolve sysroot /loop || echo endless',
      ),
    ).toEqual(['/usr/lib/systemd/systemd', 'endless']);
  });

  it('reports a failure with code, reason, table and next step', () => {
    run(
      '( livesys_step() { livesys_error E33 "a layer is gone"; }; livesys_stage profile livesys_step )',
    );
    expect(readFileSync(join(tree, 'dev/kmsg'), 'utf8').split('\n').slice(0, -1)).toEqual([
      '<3>LIVESYS: stage=profile result=fail t=12.50 code=E33',
      '<3>LIVESYS: FAIL code=E33 stage=profile image=none',
      '<3>LIVESYS: a layer is gone',
      '<3>LIVESYS: next: The medium is damaged or incomplete: write or copy it again.',
    ]);
  });

  it('says the state as JSON whatever it holds', () => {
    writeFileSync(
      join(tree, 'state'),
      'format=1\nprofile=a"\\b\nlayers=x,y\nlayer_count=2\nnotice_1=n=1\nready=yes\n',
    );
    expect(JSON.parse(run('livesys_state_json state').join('\n'))).toEqual({
      format: 1,
      profile: 'a"\\b',
      layers: ['x', 'y'],
      layer_count: 2,
      ready: true,
      notices: ['n=1'],
    });
  });
});
