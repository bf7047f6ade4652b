import { asset, type InitramfsBuilder, type InitramfsContext } from '@livesys/core/plugin';

/** Settings, hook and scripts: a configuration of its own, so that nothing of the tree's is used. */
const CONF = '/tmp/initramfs-tools';
const SHELL_FILES = [
  ['hook', 'hooks/livesys'],
  ['script', 'scripts/livesys'],
  ['panic', 'scripts/panic/livesys'],
].map(([name, path]) => ({
  path: `${CONF}/${path}`,
  blob: asset(import.meta.url, `../shell/${name}`, { mode: 0o755 }),
}));

const SETTINGS = `MODULES=most
BUSYBOX=auto
COMPRESS=zstd
COMPRESSLEVEL=3
RESUME=none
`;

/** Makes the initramfs with Debian's initramfs-tools. */
export default function initramfsTools(): InitramfsBuilder {
  return {
    role: 'initramfs',
    name: 'livesys-initramfs-tools',
    version: '1.0.0',
    apiVersion: '^1.0.0',
    supports: { phases: ['parse', 'assemble', 'publish', 'emergency'] },
    // Which of its scripts mounts the root.
    kernelArguments: ['boot=livesys'],
    needs: [
      {
        name: 'mkinitramfs',
        reason: 'it builds the initramfs',
        packages: { debian: ['initramfs-tools-core'] },
      },
      { name: 'zstd', reason: 'it compresses the initramfs', packages: { debian: ['zstd'] } },
    ],
    build,
  };
}

function build(context: InitramfsContext) {
  const { plan, id, kernel, runtime, contents } = context;
  const title = `initramfs ${kernel.release}`;
  const task = { id, title, place: { on: 'tools', mounts: {} }, outputs: ['initrd'] } as const;
  return plan.task({ ...task, heavy: true }, (ops) => {
    ops.write(`${CONF}/initramfs.conf`, SETTINGS);
    ops.write(`${CONF}/modules`, '');
    for (const { path, blob } of SHELL_FILES) ops.copy(ops.input(blob), path);
    for (const { path, blob } of [...runtime.initramfs.files, ...contents.files]) {
      ops.copy(ops.input(blob), `${CONF}/root${path}`);
    }
    ops.write(`${CONF}/contents`, listContents(context));
    ops.exec(['mkinitramfs', '-d', CONF, '-o', ops.output('initrd'), kernel.release], {
      env: { TMPDIR: '/var/tmp' },
    });
  }).initrd;
}

/** One line for each thing that the hook puts in. */
function listContents({ runtime, contents }: InitramfsContext): string {
  const { binaries, kernelModules } = runtime.initramfs;
  return [
    ...[...binaries.required, ...contents.binaries].map((name) => `binary required ${name}`),
    ...binaries.optional.map((name) => `binary optional ${name}`),
    ...[...kernelModules.required, ...contents.kernelModules].map(
      (name) => `module required ${name}`,
    ),
    ...kernelModules.optional.map((name) => `module optional ${name}`),
    '',
  ].join('\n');
}
