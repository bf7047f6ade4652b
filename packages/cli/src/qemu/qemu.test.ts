import { once } from 'node:events';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { detectAcceleration, probeArguments, probeFirmware } from './acceleration.ts';
import { qemuArguments, type QemuOptions } from './arguments.ts';
import { prepareFirmware } from './firmware.ts';
import { startMachine } from './machine.ts';
import { spawnQuietly } from '../programs/spawn-tied.ts';
import { Qmp } from './qmp.ts';
import { cleanConsole, consoleTail, SerialReader } from './serial.ts';
import { requireQemu } from './tool.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'livesys-qemu-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = (more: Partial<QemuOptions> = {}): QemuOptions => ({
  firmware: { kind: 'bios' },
  drives: [],
  memory: 1024,
  acceleration: 'tcg',
  display: 'none',
  serial: { kind: 'terminal' },
  ...more,
});
const line = (more: Partial<QemuOptions>) => qemuArguments(options(more)).join(' ');

describe('the arguments of QEMU', () => {
  it('keep a stick as it is unless told otherwise', () => {
    const usb = { file: 'a.iso', as: 'usb', boot: true } as const;

    expect(line({ drives: [usb] })).toContain('format=raw,snapshot=on,file=a.iso');
    expect(line({ drives: [{ ...usb, writes: 'keep' }] })).toContain('snapshot=off');
    expect(line({ drives: [usb] })).toContain(
      'usb-storage,id=drive0-device,bus=usb.0,drive=drive0,removable=on,bootindex=0',
    );
  });

  it('never open a disc for writing', () => {
    const text = line({ drives: [{ file: 'a.iso', as: 'cdrom', writes: 'keep', boot: true }] });

    expect(text).toContain('readonly=on,media=cdrom,file=a.iso');
    expect(text).not.toContain('snapshot');
  });

  it('log a serial port that takes input, and end with what a test adds', () => {
    const serial = { kind: 'file', path: 'log', input: 'socket' } as const;
    expect(line({ serial, more: ['-device', 'nvme,serial=x'] })).toMatch(
      /-chardev socket,id=serial,path=socket,server=on,wait=off,logfile=log,logappend=off -serial chardev:serial .*-device nvme,serial=x$/,
    );
  });

  it('do not let a name with commas become options', () => {
    expect(line({ drives: [{ file: 'a,format=qcow2.iso', as: 'disk' }] })).toContain(
      'file=a,,format=qcow2.iso',
    );
    expect(line({ machineSerial: 'x,uuid=y' })).toContain('type=1,serial=x,,uuid=y');
  });

  it('protect the variables of Secure Boot', () => {
    const firmware = { kind: 'uefi', code: 'C', variables: 'V', secureBoot: true } as const;
    const text = line({ firmware });

    expect(text).toContain('-machine q35,smm=on');
    expect(text).toContain('driver=cfi.pflash01,property=secure,value=on');
    expect(text).toContain('unit=0,format=raw,file=C,readonly=on');
    expect(text).toMatch(/unit=1,format=raw,file=V(?: |$)/);
    expect(line({ firmware: { ...firmware, secureBoot: false } })).not.toMatch(/smm|cfi/);
  });

  it('boot a kernel directly with one argument for its command line', () => {
    const argv = qemuArguments(options({ direct: { kernel: 'k', initrd: 'i', append: 'a b' } }));

    expect(argv[argv.indexOf('-append') + 1]).toBe('a b');
  });

  it('leave the first place in the boot order to a kernel that is booted directly', () => {
    const drives = [{ file: 'a.iso', as: 'cdrom', boot: true }] as const;
    const direct = { kernel: 'k', initrd: 'i', append: 'a b' };

    expect(line({ drives })).toContain('bootindex=0');
    expect(line({ drives, direct })).not.toContain('bootindex');
  });

  it('have no network and restart after a reset unless asked', () => {
    expect(line({})).toContain('-nic none');
    expect(line({})).not.toContain('-no-reboot');
    expect(line({ network: 'user', endAtReset: true })).toMatch(/-netdev user.* -no-reboot$/);
  });

  it('emulate one processor, and give what there is with KVM', () => {
    expect(line({})).toContain('-smp 1 ');
    expect(line({ acceleration: 'kvm' })).toMatch(/-smp [1-4] /);
  });

  it('are accepted by QEMU', async () => {
    const iso = join(folder, 'x,y.iso');
    await writeFile(iso, Buffer.alloc(1024 * 1024));
    const control = join(folder, 'control');
    const qemu = await requireQemu(process.env);
    const machine = startMachine(
      qemu,
      options({
        firmware: await prepareFirmware('uefi', folder),
        drives: [
          { file: iso, as: 'cdrom', boot: true },
          { file: iso, as: 'usb' },
          { file: iso, as: 'disk' },
        ],
        memory: 64,
        serial: { kind: 'file', path: join(folder, 'serial') },
        control,
        machineSerial: 'n-1',
        network: 'user',
      }),
    );
    try {
      const qmp = await Qmp.connect(control);
      expect(await qmp.execute('query-status')).toMatchObject({ running: true });
      await expect(qmp.execute('no-such')).rejects.toThrow(/no-such: The command no-such/);
      await qmp.quit();
      await expect(qmp.execute('query-status')).rejects.toThrow(/gone/);
      expect(await machine.exited).toEqual({ code: 0, signal: null });
    } finally {
      await machine.kill();
    }
  });
});

describe('the probe for KVM', () => {
  it('reaches long mode and tells so by the exit code', async () => {
    const path = join(folder, 'probe');
    await writeFile(path, probeFirmware());
    const qemu = await requireQemu(process.env);

    expect(await spawnQuietly(qemu, probeArguments(path, 'tcg'), { timeout: 20_000 })).toEqual({
      code: 99,
      signal: null,
    });
  });

  it('says no when QEMU does not get there', async () => {
    expect((await detectAcceleration('/bin/true')).kind).toBe('tcg');
  });
});

describe('firmware', () => {
  it('is copied, so that its variables stay as they are', async () => {
    const firmware = await prepareFirmware('uefi', folder);

    expect(firmware).toMatchObject({ kind: 'uefi', variables: join(folder, 'variables.fd') });
  });

  it('that is not there is named with its package', async () => {
    await expect(prepareFirmware('uefi-secure', folder, async () => false)).rejects.toMatchObject({
      code: 'LIVESYS_TOOL_MISSING',
      exitCode: 4,
      hint: expect.stringContaining('ovmf'),
    });
  });
});

describe('QEMU', () => {
  it('that is not there is named with its package', async () => {
    await expect(requireQemu({ PATH: folder })).rejects.toMatchObject({
      exitCode: 4,
      hint: expect.stringContaining('qemu-system-x86'),
    });
  });

  it('that cannot start says why', async () => {
    const qemu = await requireQemu(process.env);
    const machine = startMachine(
      qemu,
      options({
        drives: [{ file: '/nowhere.iso', as: 'cdrom' }],
        serial: { kind: 'file', path: join(folder, 's') },
      }),
    );

    expect((await machine.exited).code).toBe(1);
    expect(machine.errors()).toContain('/nowhere.iso');
  });
});

describe('the control connection', () => {
  it('that is reset at quit counts as ended', async () => {
    const path = join(folder, 'fake');
    const server = createServer((socket: Socket) => {
      socket.write('{"QMP": {}}\n');
      socket.on('data', (data) => {
        const { id, execute } = JSON.parse(String(data)) as { id: number; execute: string };
        // Closing with a command unread is what makes the other side see a reset.
        if (execute === 'cont') socket.pause();
        if (execute === 'cont') setTimeout(() => socket.destroy(), 100);
        socket.write(`{"return": {}, "id": ${id}}\n{"event": "RESUME"}\n`);
      });
    });
    server.listen(path);
    await once(server, 'listening');
    const qmp = await Qmp.connect(path);
    const events: string[] = [];
    qmp.onEvent((event) => events.push(event));
    await qmp.execute('cont');

    await qmp.quit();
    await new Promise((resolve) => server.close(resolve));

    expect(events).toContain('RESUME');
  });
});

describe('the serial console', () => {
  it('is read as it grows', async () => {
    const path = join(folder, 'console');
    const reader = new SerialReader(path);
    const found = reader.expect(/nonce=(\w+)/, { until: Date.now() + 10_000, stop: () => false });
    await writeFile(path, 'Booting\r\n\u001B[0mLIVESYS-TEST: non');
    await appendFile(path, 'ce=abc\r\n');

    expect((await found)?.[1]).toBe('abc');
  });

  it('is read beside another port, of which no line is torn by it', async () => {
    const [told, path] = [join(folder, 'told'), join(folder, 'messages')];
    const reader = new SerialReader(told, path);
    await writeFile(told, 'ready=');
    await writeFile(path, 'usb 1-1: new device\r\n');
    expect(await reader.read()).toBe('ready=\nusb 1-1: new device\r\n');
    await appendFile(told, 'yes\r\n');
    expect(await reader.read()).toBe('ready=yes\r\n\nusb 1-1: new device\r\n');
  });

  it('gives up in time, and at once when the machine is gone', async () => {
    const reader = new SerialReader(join(folder, 'none'));

    expect(await reader.expect(/x/, { until: Date.now(), stop: () => false })).toBeUndefined();
    expect(await reader.expect(/x/, { until: Infinity, stop: () => true })).toBeUndefined();
  });

  it('is shown without cursor movement', async () => {
    const text = '\u001B[2J\u001B[01;01H\u001B[=3hGRUB loading\r\n\r\n\u0007Linux\rversion\u001B(B';

    expect(cleanConsole(text)).toBe('GRUB loading\n\nLinux\nversion');
    expect(consoleTail(text, 2)).toEqual(['Linux', 'version']);
  });
});
