import {
  type Bootloader,
  type BootloaderContext,
  type DistroAdapter,
  type Facts,
  type InitramfsBuilder,
  isArtifact,
  joinText,
  type LiveUser,
  type OutputFormat,
  secret,
  type Source,
  type Text,
  text,
} from '@livesys/core/plugin';

const VERSION = { version: '1.0.0', apiVersion: '^1.0.0' };
const TOOLS = { on: 'tools', mounts: {} } as const;

/** A password that may appear nowhere but in standard input. */
export const PASSWORD = 'contract-test-password';

const user = { name: 'live', autologin: true, sudo: true };
export const LIVE_USERS: Readonly<Record<string, LiveUser | undefined>> = {
  'no live user': undefined,
  'a live user': { ...user, password: 'none' },
  'a live user with a password': { ...user, autologin: false, password: { text: PASSWORD } },
  'a live user with a secret': {
    ...user,
    sudo: false,
    password: { secret: secret({ env: 'PASSWORD' }) },
  },
};

export const sampleSource: Source = {
  ...VERSION,
  role: 'source',
  name: 'sample-source',
  label: 'sample',
  plan: ({ plan }) => plan.directory({ id: 'source:base', path: '/srv/sample' }),
};

/** Lets the adapter under test bootstrap. */
export const bootstrapSource: Source = {
  ...sampleSource,
  name: 'sample-bootstrap',
  needsDistro: true,
  plan({ plan, distro, builder, architecture }) {
    if (distro?.bootstrap === undefined) throw new TypeError('the adapter has no bootstrap()');
    return distro.bootstrap({ plan, id: 'source:base', builder, architecture });
  },
};

/** Serves the system of the facts and has a package for every need. */
export function sampleDistro(facts: Facts): DistroAdapter {
  return {
    ...VERSION,
    role: 'distro',
    name: 'sample-distro',
    ids: [facts.osRelease.id],
    detect: () => facts.distro,
    bootstrap: ({ plan, id }) =>
      plan.root({ id }, (ops) => ops.makeDirectory(text`${ops.output('root')}/usr`)),
    packagesFor: (need) => [need.name],
    installPackages: (ops, { packages }) => ops.exec(['sample-install', ...packages]),
    downloads: () => [{ name: 'sample', at: '/var/cache/sample' }],
    packagePaths: ['/usr', '/var/lib/sample'],
    excludes: () => ['/var/cache/*'],
    volatile: () => ['/var/log'],
    generalize: (ops, { hostname }) => ops.write('/etc/hostname', `${hostname}\n`),
  };
}

export const sampleInitramfs: InitramfsBuilder = {
  ...VERSION,
  role: 'initramfs',
  name: 'sample-initramfs',
  supports: { phases: ['parse', 'assemble', 'publish', 'emergency'] },
  kernelArguments: ['rd.sample=1'],
  build: ({ plan, id, kernel }) =>
    plan.task({ id, place: TOOLS, outputs: ['initrd'] }, (ops) =>
      ops.write(ops.output('initrd'), kernel.release),
    ).initrd,
};

export const sampleBootloader: Bootloader = {
  ...VERSION,
  role: 'bootloader',
  name: 'sample-bootloader',
  supports: {
    firmware: ['bios', 'uefi'],
    architecture: ['x86_64', 'aarch64', 'i686', 'riscv64'],
    kernelsOn: 'medium',
  },
  assets: (context) => {
    const { core, loader } = context.plan.task(
      { id: 'bootloader:sample', place: TOOLS, outputs: ['core', 'loader'] },
      (ops) => {
        for (const name of ['core', 'loader']) ops.write(ops.output(name), text`${context.marker}`);
      },
    );
    return {
      firmware: ['bios', 'uefi'],
      esp: { '/EFI/BOOT/BOOTX64.EFI': context.sign(loader) },
      medium: { '/boot/sample.cfg': sampleMenu(context) },
      elTorito: { bios: core },
      raw: [{ at: 'mbr-code', bytes: core }],
    };
  },
};

function sampleMenu({ entries, locate }: BootloaderContext): Text {
  const lines = entries.flatMap((entry) =>
    entry.kind === 'linux'
      ? [joinText([locate(entry.kernel), ...entry.initrds.map(locate), ...entry.arguments], ' ')]
      : [],
  );
  return joinText(lines, '\n');
}

/** Puts everything on a medium into one archive. */
export const sampleOutput: OutputFormat = {
  ...VERSION,
  role: 'output',
  name: 'sample-output',
  format: 'sample',
  firmware: ['bios', 'uefi'],
  build: ({ output, content }) =>
    output({}, (ops) => {
      for (const file of content) {
        const path = text`/tmp/medium${file.path}`;
        if (isArtifact(file.content)) ops.copy(ops.input(file.content), path);
        else ops.write(path, file.content);
      }
      ops.exec([
        'tar',
        '--create',
        '--file',
        ops.output('image'),
        '--directory',
        '/tmp/medium',
        '.',
      ]);
    }),
};
