import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  IMAGE,
  linkTools,
  loopsOf,
  makeDisk,
  makeMedium,
  type Medium,
  RUNTIME,
  sha256,
  tool,
  writeManifest,
} from './support/live-media.ts';

// Real squashfs images, loop devices and overlay mounts, as root in a mount namespace of its own.
const DASH = ['/usr/bin/dash'];

let work: string;
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'livesys-assemble-'));
  linkTools(join(work, 'tools'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const IN_NAMESPACE = `
loop=$(losetup -r -f --show "$DISK") || exit 99
root=$1; shift
export LIVESYS_PROC=/proc LIVESYS_SYS=/sys LIVESYS_DEV=/dev LIVESYS_KMSG=$root/kmsg LIVESYS_PREFIX=$root
mkdir -p "$root/run" && : >"$root/kmsg"
printf 'root=livesys:%s livesys.medium=%s livesys.timeout=0 %s\\n' "$ID" "$loop" "$ARGUMENTS" >"$root/cmdline"
run() { PATH="$TOOLS" "$@"; }
run "$@" "$SCRIPTS/livesys-assemble" --cmdline "$root/cmdline" || status=$?
if [ -z "$status" ]; then
  run "$@" "$SCRIPTS/livesys-assemble" --cmdline "$root/cmdline" && run "$@" "$SCRIPTS/livesys-publish" || status=98
  cat "$root/sysroot/top"
  ls "$root/sysroot/.livesys/layer" | wc -l
  echo $(ls "$root/sysroot" | grep only-)
  grep -c " $root/sysroot " /proc/self/mountinfo
  stat -c %a "$root/sysroot"
  touch "$root/sysroot/written" && ls "$root/run/initramfs/livesys/upper-tmp/upper/written" >/dev/null && echo written
  awk -v at="$root/run/initramfs/livesys/upper-tmp" '$5 == at { print $NF }' /proc/self/mountinfo
fi
losetup -d "$loop"
exit "\${status:-0}"
`;

interface Outcome {
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly kmsg: string;
  readonly root: string;
}

let runs = 0;

function assemble(
  disk: string,
  options: {
    readonly id?: string;
    readonly arguments?: string;
    readonly shell?: readonly string[];
    readonly root?: string;
  } = {},
): Outcome {
  const root = options.root ?? join(work, `run-${runs++}`);
  const argv = ['-m', 'bash', '-c', IN_NAMESPACE, 'bash', root, ...(options.shell ?? DASH)];
  const env = {
    ...process.env,
    SCRIPTS: RUNTIME,
    LIVESYS_LIB: join(RUNTIME, 'lib'),
    LIVESYS_EXITRD: join(RUNTIME, 'exitrd'),
    DISK: disk,
    TOOLS: join(work, 'tools'),
    ID: options.id ?? IMAGE,
    ARGUMENTS: options.arguments ?? '',
  };
  const result = spawnSync('unshare', argv, {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(result.stderr).toBe('');
  return {
    status: result.status,
    lines: result.stdout.split('\n').slice(0, -1),
    kmsg: readFileSync(join(root, 'kmsg'), 'utf8'),
    root,
  };
}

function expectAssembled(outcome: Outcome): void {
  if (outcome.status !== 0) throw new Error(outcome.kmsg);
}

const loopsOfOurs = () => loopsOf(work);
const state = (outcome: Outcome) => readFileSync(join(outcome.root, 'run/livesys/state'), 'utf8');

describe('assembling real layers', () => {
  it.each([1, 2, 8, 64, 500])('stacks %i of them in order', (count) => {
    const { directory } = makeMedium(join(work, `stack-${count}`), count);
    const disk = makeDisk(directory);
    const before = sha256(disk);
    const outcome = assemble(disk, { arguments: 'livesys.overlay-size=24M' });
    expectAssembled(outcome);
    const [top, visible, only, mounts, mode, written, upper] = outcome.lines;
    expect([top, visible, only, mounts, mode, written]).toEqual([
      `${count - 1}`,
      `${count}`,
      `only-${count - 1}`,
      '1',
      '755',
      'written',
    ]);
    expect(upper).toContain('size=24576k');
    expect(readdirSync(join(outcome.root, 'run/initramfs'))).toContain('shutdown');
    expect(outcome.kmsg).toContain(`LIVESYS: READY profile=all layers=${count} `);
    const published = JSON.parse(
      readFileSync(join(outcome.root, 'run/livesys/state.json'), 'utf8'),
    ) as { layers: string[] };
    expect(published).toMatchObject({
      image: IMAGE,
      profile: 'all',
      layer_count: count,
      medium_fs: 'ext4',
      persistence: 'off',
      ready: true,
    });
    expect(published.layers).toHaveLength(count);
    expect(sha256(disk)).toBe(before);
    expect(loopsOfOurs()).toEqual([]);
  });

  describe('with eight layers', () => {
    let medium: Medium;
    let disk: string;
    beforeAll(() => {
      medium = makeMedium(join(work, 'eight'), 8);
      disk = makeDisk(medium.directory);
    });

    /** A copy of the medium that was changed, as a disk. */
    function changed(
      name: string,
      change: (file: (number: number) => string, directory: string) => void,
    ): string {
      const directory = join(work, name);
      cpSync(medium.directory, directory, { recursive: true });
      change(
        (number) => (medium.files[number] ?? '').replace(medium.directory, directory),
        directory,
      );
      return makeDisk(directory);
    }
    const flip = (file: string) => {
      const bytes = readFileSync(file);
      // The date of the superblock: it mounts all the same.
      bytes.writeUInt8(bytes.readUInt8(8) ^ 1, 8);
      writeFileSync(file, bytes);
    };

    it('gives the same state under every shell', () => {
      const shells = [
        DASH,
        ['/usr/bin/busybox', 'sh'],
        ['/usr/bin/bash', '--posix'],
        ['/usr/bin/mksh'],
      ];
      const states = shells.map((shell) =>
        state(assemble(disk, { shell })).replace(/uptime_ready=.*|\/dev\/loop\d+/g, ''),
      );
      expect(new Set(states).size).toBe(1);
    });

    it('follows the order of the profile', () => {
      const outcome = assemble(disk, { arguments: 'livesys.profile=turned' });
      expect(outcome.lines[0]).toBe('0');
    });

    it('accepts sound layers under livesys.verify=full', () => {
      const outcome = assemble(disk, { arguments: 'livesys.verify=full' });
      expectAssembled(outcome);
      expect(state(outcome)).toContain('verify=full\n');
    });

    it('refuses every layer with a flipped byte under livesys.verify=full, and only then', () => {
      const damaged = changed('flipped', (file) => [2, 5].forEach((number) => flip(file(number))));
      expect(assemble(damaged).status).toBe(0);
      const { status, kmsg } = assemble(damaged, { arguments: 'livesys.verify=full' });
      expect(status).toBe(1);
      expect(kmsg).toMatch(
        /FAIL code=E34 [^]*layer l2: expected [0-9a-f]{64}, found [^]*layer l5: expected/,
      );
    });

    it('names all layers that are missing, cut or linked', () => {
      const damaged = changed('missing', (file) => {
        rmSync(file(1));
        truncateSync(file(3), 100);
        rmSync(file(4));
        symlinkSync('/etc/passwd', file(4));
      });
      const { status, kmsg } = assemble(damaged);
      expect(status).toBe(1);
      expect(kmsg).toMatch(
        /FAIL code=E33 [^]*layer l1: .* is missing[^]*layer l4: .* symbolic link[^]*layer l3: .* has 100 bytes/,
      );
      expect(kmsg).toMatch(/loop\d+ .* holds this image/);
    });

    it('refuses a file that is another layer', () => {
      const { kmsg } = assemble(
        changed('swapped', (file, directory) => {
          cpSync(file(2), file(1));
          const manifest = readFileSync(join(directory, 'livesys/manifest'), 'utf8')
            .split('\n')
            .slice(0, -2);
          const bytes = `${readFileSync(file(2)).length}`;
          writeManifest(
            directory,
            manifest.map((line) =>
              line.startsWith('layer l1 ')
                ? line.replace(/squashfs \d+/, `squashfs ${bytes}`)
                : line,
            ),
          );
        }),
      );
      expect(kmsg).toMatch(/FAIL code=E35 [^]*layer l1: .* is not this layer/);
    });

    it('refuses a layer that does not mount', async () => {
      const { kmsg } = assemble(
        changed('unmountable', (file) =>
          writeFileSync(file(7), Buffer.alloc(readFileSync(file(7)).length)),
        ),
      );
      expect(kmsg).toMatch(/FAIL code=E35 [^]*layer l7: squashfs does not mount/);
      // What tells the progress of a check ends within its last second, in the namespace of its boot.
      await expect.poll(loopsOfOurs, { timeout: 5000 }).toEqual([]);
    });

    it('refuses a damaged manifest, and a linked one', () => {
      const damaged = changed('damaged', (_file, directory) => {
        const path = join(directory, 'livesys/manifest');
        writeFileSync(path, readFileSync(path, 'utf8').replace('default', '-'));
      });
      expect(assemble(damaged).kmsg).toMatch(
        /FAIL code=E30 [^]*the manifest is damaged: expected hash/,
      );
      const linked = changed('linked', (_file, directory) => {
        renameSync(join(directory, 'livesys/manifest'), join(directory, 'manifest'));
        symlinkSync('../manifest', join(directory, 'livesys/manifest'));
      });
      expect(assemble(linked).kmsg).toMatch(/FAIL code=E20 [^]*its manifest is a symbolic link/);
    });

    it('tells another image by its id', () => {
      const { status, kmsg } = assemble(disk, { id: IMAGE.replace('0', 'f') });
      expect(status).toBe(1);
      expect(kmsg).toMatch(new RegExp(`FAIL code=E20 [^]*another image: ${IMAGE}`));
    });

    it('lists the profiles when the one asked for is unknown', () => {
      expect(assemble(disk, { arguments: 'livesys.profile=al' }).kmsg).toMatch(
        /FAIL code=E32 [^]*did you mean "all"[^]*profiles on this medium: all turned/,
      );
    });

    it('starts over after a failure', () => {
      const failed = assemble(disk, { arguments: 'livesys.profile=none' });
      expect(failed.status).toBe(1);
      const outcome = assemble(disk, { root: failed.root });
      expectAssembled(outcome);
    });

    it('boots from an image file inside another file system', () => {
      const carrier = join(work, 'carrier');
      mkdirSync(join(carrier, 'isos'), { recursive: true });
      tool(
        'mksquashfs',
        medium.directory,
        join(carrier, 'isos/live.iso'),
        '-quiet',
        '-no-progress',
      );
      const outcome = assemble(makeDisk(carrier), { arguments: 'findiso=/isos/live.iso' });
      expectAssembled(outcome);
      expect(state(outcome)).toContain('medium_iso=/isos/live.iso\n');
      expect(assemble(disk, { arguments: 'livesys.iso=/other.iso' }).kmsg).toMatch(
        /FAIL code=E22 [^]*no file \/other.iso/,
      );
      expect(loopsOfOurs()).toEqual([]);
    });
  });

  it('refuses a stack without an init', () => {
    const { directory } = makeMedium(join(work, 'no-init'), 1, { bootable: false });
    expect(assemble(makeDisk(directory)).kmsg).toMatch(/FAIL code=E60 [^]*has no \/sbin\/init/);
  });
});
