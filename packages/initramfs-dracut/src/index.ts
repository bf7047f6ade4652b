import { asset, type InitramfsBuilder, type InitramfsContext } from '@livesys/core/plugin';
import { dracutArguments } from './arguments.ts';
import { listContents } from './contents.ts';
import { ENCRYPTION_NEEDS } from './encryption.ts';
import {
  chooseFlow,
  type DracutOptions,
  type ResolvedDracutOptions,
  resolveOptions,
} from './options.ts';

export type { DracutOptions } from './options.ts';

const SHELL_FILES = [
  'module-setup.sh',
  'parse-livesys.sh',
  'premount-livesys.sh',
  'mount-livesys.sh',
  'prepivot-livesys.sh',
  'emergency-livesys.sh',
  'livesys-generator',
  'livesys-init',
  'modprobe',
].map((name) => ({ name, blob: asset(import.meta.url, `../shell/${name}`, { mode: 0o755 }) }));

/** Where dracut's own files and our module are put together; nothing is added to the tree itself. */
const BASE = '/tmp/dracut';
const MODULE = `${BASE}/modules.d/55livesys`;

/** Makes the initramfs with dracut 059 or later, one per kernel, for every machine. */
export default function dracut(options: DracutOptions = {}): InitramfsBuilder {
  const resolved = resolveOptions(options);
  return {
    role: 'initramfs',
    name: '@livesys/initramfs-dracut',
    version: '0.1.0',
    apiVersion: '^1.0.0',
    supports: { phases: ['parse', 'assemble', 'publish', 'emergency'] },
    kernelArguments: [],
    needs: [
      {
        name: 'dracut',
        reason: 'it builds the initramfs',
        packages: { debian: ['dracut-core'], arch: ['dracut'], fedora: ['dracut'] },
      },
      {
        name: 'busybox',
        reason: 'it switches the machine off when nothing is mounted any more',
        packages: { arch: ['busybox'], fedora: ['busybox'] },
      },
      {
        name: 'zstd',
        reason: 'it compresses the initramfs',
        packages: { debian: ['zstd'], arch: ['zstd'], fedora: ['zstd'] },
      },
      {
        name: 'e2fsprogs',
        reason: 'at boot, what holds the stored changes is checked before it is written',
        packages: { debian: ['e2fsprogs'], arch: ['e2fsprogs'], fedora: ['e2fsprogs'] },
      },
      {
        name: 'dmsetup',
        reason: 'the boot lets the kernel check blocks of layers by it',
        packages: { debian: ['dmsetup'], arch: ['device-mapper'], fedora: ['device-mapper'] },
      },
      {
        name: 'sfdisk',
        reason: 'at boot, it adds the partition for changes to a stick whose owner asks for it',
        packages: { debian: ['fdisk'], arch: ['util-linux'], fedora: ['util-linux-core'] },
      },
      ...(resolved.encryption ? ENCRYPTION_NEEDS : []),
    ],
    build: (context) => build(context, resolved),
  };
}

function build(context: InitramfsContext, options: ResolvedDracutOptions) {
  const { plan, id, kernel, programs } = context;
  const flow = chooseFlow(options, programs);
  const { initrd } = plan.task(
    {
      id,
      title: `initramfs ${kernel.release}`,
      place: { on: 'tools', mounts: {} },
      outputs: ['initrd'],
    },
    (ops) => {
      // dracut reads modules from one folder only, which an environment variable can move.
      ops.exec(['cp', '--recursive', '--symbolic-link', '/usr/lib/dracut', BASE]);
      // What is newer than this file gets its time with --reproducible, and a link is as new as it is.
      const reference = 'dracut-functions.sh';
      ops.exec([
        ...['touch', '--no-dereference', `--reference=/usr/lib/dracut/${reference}`],
        `${BASE}/${reference}`,
      ]);
      for (const { name, blob } of SHELL_FILES) ops.copy(ops.input(blob), `${MODULE}/${name}`);
      for (const { path, blob } of [
        ...context.runtime.initramfs.files,
        ...context.contents.files,
      ]) {
        ops.copy(ops.input(blob), `${MODULE}/root${path}`);
      }
      ops.write(`${MODULE}/contents`, listContents(context, options));
      ops.makeDirectory('/tmp/dracut-conf');
      ops.exec(['dracut', ...dracutArguments(kernel, options, flow), ops.output('initrd')], {
        // Only root could make device nodes, and the kernel brings its own.
        env: { dracutbasedir: BASE, DRACUT_NO_MKNOD: '1' },
      });
    },
  );
  return initrd;
}
