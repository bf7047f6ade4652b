import {
  joinText,
  type Artifact,
  type BootAssets,
  type BootEntry,
  type Bootloader,
  type BootloaderContext,
} from '@livesys/core/plugin';

type LinuxEntry = Extract<BootEntry, { kind: 'linux' }>;

const LOADER = '/usr/lib/systemd/boot/efi/systemd-bootx64.efi';
const TOOLS = { on: 'tools', mounts: {} } as const;

/** systemd-boot, and one unified kernel image for each line of the menu. UEFI only. */
export default function systemdBoot(options: { readonly timeout?: number } = {}): Bootloader {
  return {
    role: 'bootloader',
    name: 'livesys-bootloader-systemd-boot',
    version: '1.0.0',
    apiVersion: '^1.0.0',
    needs: [
      {
        name: 'ukify',
        reason: 'puts kernel, initramfs and arguments into one EFI program',
        packages: { debian: ['systemd-ukify'], fedora: ['systemd-ukify'], arch: ['systemd-ukify'] },
      },
      {
        name: 'systemd-boot',
        reason: 'shows the menu',
        packages: {
          debian: ['systemd-boot-efi'],
          fedora: ['systemd-boot-unsigned'],
          arch: ['systemd'],
        },
      },
    ],
    supports: { firmware: ['uefi'], architecture: ['x86_64'], kernelsOn: 'esp' },
    assets: (context) => assets(context, options.timeout ?? 5),
  };
}

function assets(context: BootloaderContext, timeout: number): BootAssets {
  const { plan, entries, menu, sign } = context;
  const { loader } = plan.task(
    { id: 'bootloader:systemd-boot', title: 'systemd-boot', place: TOOLS, outputs: ['loader'] },
    (ops) => ops.copy(LOADER, ops.output('loader')),
  );
  const linux = entries.filter((entry) => entry.kind === 'linux');
  const images = linux.map((entry, index) => [
    // The menu is sorted by file name.
    `/EFI/Linux/${String(index).padStart(2, '0')}-${entry.id}.efi`,
    sign(unifiedKernelImage(context, entry)),
  ]);
  const first = linux.findIndex(({ id }) => id === menu.defaultEntry);
  return {
    firmware: ['uefi'],
    esp: {
      '/EFI/BOOT/BOOTX64.EFI': sign(loader),
      '/loader/loader.conf': [
        `default ${String(Math.max(first, 0)).padStart(2, '0')}-*`,
        `timeout ${timeout}`,
        'editor no',
        `auto-firmware ${entries.some(({ kind }) => kind === 'firmware-setup') ? 'yes' : 'no'}`,
        '',
      ].join('\n'),
      ...(Object.fromEntries(images) as Record<string, Artifact>),
    },
  };
}

function unifiedKernelImage({ plan, facts }: BootloaderContext, entry: LinuxEntry): Artifact {
  const task = {
    id: `uki:${entry.id}`,
    title: `unified kernel image ${entry.id}`,
    place: TOOLS,
    outputs: ['efi'],
  } as const;
  return plan.task(task, (ops) => {
    ops.write('/tmp/cmdline', joinText(entry.arguments, ' '));
    ops.write('/tmp/os-release', osRelease(facts.osRelease.id, entry));
    ops.exec([
      'ukify',
      'build',
      '--linux',
      ops.input(entry.kernel),
      ...entry.initrds.flatMap((initrd) => ['--initrd', ops.input(initrd)]),
      '--cmdline',
      '@/tmp/cmdline',
      '--os-release',
      '@/tmp/os-release',
      '--output',
      ops.output('efi'),
    ]);
  }).efi;
}

/** The menu shows PRETTY_NAME of the image. */
function osRelease(id: string, entry: LinuxEntry): string {
  const title = entry.title.replaceAll(/[\p{Cc}"$`\\]/gu, ' ').trim();
  return `ID=${id}\nIMAGE_ID=${entry.id}\nPRETTY_NAME="${title}"\n`;
}
