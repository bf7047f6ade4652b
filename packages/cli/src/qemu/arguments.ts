import { availableParallelism } from 'node:os';

/** Which firmware starts the machine. UEFI needs its code and a copy of its variables. */
export type Firmware =
  | { readonly kind: 'bios' }
  | {
      readonly kind: 'uefi';
      readonly code: string;
      /** A private copy: the firmware writes into it. */
      readonly variables: string;
      readonly secureBoot: boolean;
    };

/** A file that the machine sees as a disk or a disc. */
export interface Drive {
  readonly file: string;
  readonly as: 'cdrom' | 'usb' | 'disk';
  /** Default: `throw-away`. Discs are always read-only. */
  readonly writes?: 'throw-away' | 'keep';
  /** The one that the firmware starts from. */
  readonly boot?: boolean | undefined;
}

/** Boots a kernel without firmware menu and boot loader. */
export interface DirectKernel {
  readonly kernel: string;
  readonly initrd: string;
  readonly append: string;
}

export interface QemuOptions {
  readonly firmware: Firmware;
  readonly drives: readonly Drive[];
  readonly direct?: DirectKernel;
  /** MiB. */
  readonly memory: number;
  readonly acceleration: 'kvm' | 'tcg';
  readonly display: 'window' | 'none';
  /**
   * The first serial port: the terminal that QEMU runs in, or a file, with a socket for what is
   * typed where that is given.
   */
  readonly serial:
    | { readonly kind: 'terminal' }
    | { readonly kind: 'file'; readonly path: string; readonly input?: string };
  /** Path of a socket for QMP. */
  readonly control?: string;
  /**
   * The serial number of the machine, which a guest reads in /sys/class/dmi/id/product_serial:
   * a way in that needs no module, no kernel argument and no drive.
   */
  readonly machineSerial?: string;
  /** A reset ends QEMU instead of starting again. Default: false. */
  readonly endAtReset?: boolean;
  /** Default: `none`, so that nothing depends on the network by accident. */
  readonly network?: 'user' | 'none';
  /** Further arguments, as they are: devices that only a test has. */
  readonly more?: readonly string[];
}

/**
 * QEMU emulates string instructions byte by byte. Without their fast forms (erms, fsrm) kernels
 * clear and copy pages by words; with them, a page that held code can take QEMU 7.2 seconds, and
 * the kernel says that a processor is stuck.
 */
export const EMULATED_PROCESSOR = 'max,-erms,-fsrm';

/** With KVM, at most. */
const PROCESSORS = 4;

/**
 * How many processors a machine has. Emulated, one: of two that ran side by side, one tripped over code
 * that the kernel changed in itself meanwhile, and the kernel gave up (QEMU 7.2).
 */
const processors = ({ acceleration }: QemuOptions): number =>
  acceleration === 'kvm' ? Math.min(PROCESSORS, availableParallelism()) : 1;

/**
 * The arguments of `qemu-system-x86_64` for a machine. The same options give the same list on one machine.
 * Nothing is there by default (`-nodefaults`), so a machine is what these options say.
 */
export function qemuArguments(options: QemuOptions): string[] {
  return [
    ...['-nodefaults', '-no-user-config'],
    ...['-machine', machine(options)],
    ...['-accel', options.acceleration === 'kvm' ? 'kvm' : 'tcg,thread=multi'],
    ...['-cpu', options.acceleration === 'kvm' ? 'host' : EMULATED_PROCESSOR],
    ...['-smp', String(processors(options)), '-m', `${options.memory}M`],
    ...firmwareArguments(options.firmware),
    ...['-device', 'virtio-rng-pci'],
    ...displayArguments(options.display),
    ...serialArguments(options.serial),
    ...(options.control === undefined
      ? []
      : ['-qmp', `unix:${quoteValue(options.control)},server=on,wait=off`]),
    ...(options.machineSerial === undefined
      ? []
      : ['-smbios', `type=1,serial=${quoteValue(options.machineSerial)}`]),
    ...(options.drives.some(({ as }) => as === 'usb') ? ['-device', 'qemu-xhci,id=usb'] : []),
    ...options.drives.flatMap((drive, index) =>
      // A kernel that is booted directly has the first place itself, and QEMU refuses a second one.
      driveArguments({ ...drive, boot: drive.boot && !options.direct }, `drive${index}`),
    ),
    ...networkArguments(options.network ?? 'none'),
    ...(options.direct === undefined ? [] : directArguments(options.direct)),
    ...(options.endAtReset === true ? ['-no-reboot'] : []),
    ...(options.more ?? []),
  ];
}

function machine({ firmware }: QemuOptions): string {
  // Secure Boot is worth nothing unless only SMM code may write the variables.
  return firmware.kind === 'uefi' && firmware.secureBoot ? 'q35,smm=on' : 'q35';
}

function firmwareArguments(firmware: Firmware): string[] {
  if (firmware.kind === 'bios') return [];
  const pflash = (unit: number, file: string, more: string) => [
    '-drive',
    `if=pflash,unit=${unit},format=raw,file=${quoteValue(file)}${more}`,
  ];
  return [
    ...(firmware.secureBoot ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []),
    ...pflash(0, firmware.code, ',readonly=on'),
    ...pflash(1, firmware.variables, ''),
  ];
}

/** A graphics card in any case: boot menus and kernels behave differently without one. */
function displayArguments(display: QemuOptions['display']): string[] {
  return display === 'none' ? ['-vga', 'std', '-display', 'none'] : ['-vga', 'std'];
}

function serialArguments(serial: QemuOptions['serial']): string[] {
  // Through `mon:` Ctrl-C reaches the guest, and Ctrl-A X ends the machine.
  if (serial.kind === 'terminal') return ['-serial', 'mon:stdio'];
  if (serial.input === undefined) return ['-serial', `file:${quoteValue(serial.path)}`];
  const socket = `path=${quoteValue(serial.input)},server=on,wait=off`;
  const log = `logfile=${quoteValue(serial.path)},logappend=off`;
  return ['-chardev', `socket,id=serial,${socket},${log}`, '-serial', 'chardev:serial'];
}

function driveArguments(drive: Drive, id: string): string[] {
  const keeps = drive.writes === 'keep' && drive.as !== 'cdrom';
  const mode = drive.as === 'cdrom' ? 'readonly=on' : `snapshot=${keeps ? 'off' : 'on'}`;
  const media = drive.as === 'cdrom' ? ',media=cdrom' : '';
  const boot = drive.boot === true ? ',bootindex=0' : '';
  const device = {
    cdrom: `ide-cd,id=${id}-device,drive=${id}${boot}`,
    usb: `usb-storage,id=${id}-device,bus=usb.0,drive=${id},removable=on${boot}`,
    disk: `virtio-blk-pci,id=${id}-device,drive=${id}${boot}`,
  }[drive.as];
  return [
    ...['-drive', `if=none,id=${id},format=raw,${mode}${media},file=${quoteValue(drive.file)}`],
    ...['-device', device],
  ];
}

function networkArguments(network: 'user' | 'none'): string[] {
  return network === 'none'
    ? ['-nic', 'none']
    : ['-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net'];
}

function directArguments({ kernel, initrd, append }: DirectKernel): string[] {
  return ['-kernel', kernel, '-initrd', initrd, '-append', append];
}

/** QEMU separates options by commas; one in a value is doubled. */
function quoteValue(value: string): string {
  return value.replaceAll(',', ',,');
}
