import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { foreignVariables, readEfiVariables } from './efi-variables.ts';
import { readFacts } from './facts.ts';
import { Guest, type GuestOptions } from './guest.ts';
import { PROBE_FILES } from './probe.ts';

let folder = '';
let guest: Guest | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-harness-'));
});
afterEach(async () => {
  await guest?.dispose();
  guest = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A boot sector that prints its text on the serial port and switches the machine off. */
const PRINT_AND_OFF =
  'fa31c08ed8fcbe1e7cac84c0741288c4bafd03eca82074fb88e0baf803eeebe9ba0406b80020eff4ebfd';

/** A disc that boots with a BIOS in no time. */
function makeDisc(name: string, text: string): string {
  const tree = join(folder, name);
  mkdirSync(tree);
  const code = Buffer.concat([Buffer.from(PRINT_AND_OFF, 'hex'), Buffer.from(`${text}\0`)]);
  const image = Buffer.alloc(2048);
  code.copy(image);
  // The text follows the code; the instruction at 6 loads its address.
  image.writeUInt16LE(0x7c00 + PRINT_AND_OFF.length / 2, 7);
  writeFileSync(join(tree, 'boot.img'), image);
  const iso = join(folder, `${name}.iso`);
  const boot = ['-b', 'boot.img', '-no-emul-boot', '-boot-load-size', '4'];
  execFileSync('xorriso', ['-as', 'mkisofs', '-quiet', ...boot, '-o', iso, tree], {
    stdio: 'ignore',
  });
  return iso;
}

const start = async (options: GuestOptions) => {
  guest = await Guest.start(options);
  return guest;
};
const disc = (name: string, text: string) => ({ file: makeDisc(name, text), as: 'cdrom' }) as const;

describe('a guest', () => {
  it('has booted when its nonce came back and nothing of others changed', async () => {
    const text =
      'noise\nLIVESYS-TEST: nonce=n1\r\nLIVESYS-TEST: root.type=overlay\nLIVESYS-TEST: lines=3\n';
    const running = await start({ medium: disc('good', text), nonce: 'n1' });

    await running.waitFor(/root\.type=overlay/, 20);
    const report = await running.expectBooted(20);

    expect(report.facts.get('root.type')).toBe('overlay');
    expect(report.exit).toEqual({ code: 0, signal: null });
    expect(report.changedDecoys).toEqual([]);
  });

  it('with the nonce of another run has not booted', async () => {
    const running = await start({
      medium: disc('other', 'LIVESYS-TEST: nonce=old\n'),
      decoys: false,
    });

    await expect(running.expectBooted(20)).rejects.toThrow(/nonce of this run[^]*nonce=old/);
  });

  it('whose lines were lost is noticed', async () => {
    const text = 'LIVESYS-TEST: nonce=n2\nLIVESYS-TEST: lines=5\n';
    const running = await start({ medium: disc('lost', text), nonce: 'n2', decoys: false });

    await expect(running.expectBooted(20)).rejects.toThrow(/lines were lost/);
  });

  it('that says nothing fails with what was on the console', async () => {
    const running = await start({ medium: disc('silent', 'only this\n'), decoys: false });

    await expect(running.waitFor(/READY/, 20)).rejects.toThrow(/QEMU ended\n── console\nonly this/);
  });

  it('that hangs is ended at the limit', async () => {
    const running = await start({ decoys: false });

    await expect(running.finish(0.3)).rejects.toThrow(/not off within/);
  });

  it('is gone after dispose, with its files', async () => {
    const running = await start({ decoys: false });
    const qmp = await running.control();
    const closed = qmp.execute('query-status');
    await closed;
    await running.dispose();

    await expect(qmp.execute('query-status')).rejects.toThrow(/gone/);
  });

  it('that writes to a decoy is found out', async () => {
    const running = await start({ nonce: 'n3', medium: disc('decoy', 'LIVESYS-TEST: nonce=n3\n') });
    const { drives } = (running as unknown as { decoys: { drives: { file: string }[] } }).decoys;
    const bytes = readFileSync(drives[0]?.file ?? '');
    bytes[2000] = 1;
    writeFileSync(drives[0]?.file ?? '', bytes);

    await expect(running.expectBooted(20)).rejects.toThrow(/decoy ext4 was written to/);
  });
});

describe('EFI variables', () => {
  it('written by the firmware itself are not foreign', async () => {
    const running = await start({ firmware: 'uefi', decoys: false, memory: 256 });
    await running.waitFor(/Shell>|startup\.nsh/, 20);
    const file = (running as unknown as { variables: string }).variables;
    const bytes = readFileSync(file);
    const names = readEfiVariables(bytes).map(({ name }) => name);

    expect(names).toContain('BootOrder');
    expect(foreignVariables(bytes)).toEqual([]);
  });
});

describe('the probe', () => {
  /** A system as the probe sees it, in a folder. */
  const probe = (shell: readonly string[]) => {
    const root = mkdtempSync(join(folder, 'root-'));
    const files = {
      'sys/class/dmi/id/product_serial': 'n4\n',
      'proc/cmdline': 'root=livesys:x quiet\n',
      'proc/swaps': 'Filename\n',
      'proc/meminfo': 'MemTotal:         998924 kB\nMemFree: 1 kB\n',
      'proc/self/mountinfo': [
        '22 1 0:21 / / rw,relatime shared:1 - overlay livesys rw,lowerdir=02:01:00,upperdir=u',
        '23 22 0:22 / /run rw - tmpfs tmpfs rw,size=100000k,mode=755',
        '24 22 0:23 / /mnt/a rw - ext4 /dev/vda rw',
        '25 22 0:24 / /auto rw - autofs systemd-1 rw',
        '26 22 0:25 / /auto rw - binfmt_misc binfmt_misc rw',
        '27 22 0:26 / /run/x rw - tmpfs tmpfs rw',
        '28 22 0:27 / /run/x rw - tmpfs tmpfs rw',
        '',
      ].join('\n'),
      'run/livesys/state': 'layers=base,site\nbad key=1\n',
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    const port = join(root, 'port');
    const script = join(PROBE_FILES, 'usr/local/lib/livesys-test/probe');
    const env = { ...process.env, LIVESYS_TEST_ROOT: root, LIVESYS_TEST_PORT: port };
    execFileSync(shell[0] ?? '', [...shell.slice(1), script], { env });
    return readFacts(readFileSync(port, 'utf8'));
  };

  it.each([[['dash']], [['busybox', 'sh']], [['mksh']]])(
    'tells what it finds under %s',
    (shell) => {
      expect(Object.fromEntries(probe(shell))).toMatchObject({
        nonce: 'n4',
        firmware: 'bios',
        'root.type': 'overlay',
        'root.lowers': '3',
        'root.writable': 'yes',
        'mounts.twice': '/run/x',
        'mounts.virtio': '1',
        'tmpfs./run': '100000',
        'tmpfs./run/x': 'default',
        'state.layers': 'base,site',
        swaps: '0',
        memory: '998924',
        'holders.virtio': '',
        lines: '19',
      });
    },
  );
});
