import {
  asset,
  isArtifact,
  isRef,
  type KernelFacts,
  type MediumFile,
  type Ops,
  type OutputContext,
  type OutputFormat,
  type Text,
} from '@livesys/core/plugin';

/** Label of the twin's medium. */
export const LABEL = 'LIVESYS_TWIN';

const MERGE = asset(import.meta.url, './merge-layers.sh', { mode: 0o755 });
const TREE = '/tmp/twin/tree';
const MEDIUM = '/tmp/twin/medium';

const base = {
  role: 'output' as const,
  version: '1.0.0',
  apiVersion: '^1.0.0',
  firmware: [],
};

/**
 * The medium that dracut's own live module boots: the same layers as one squashfs, packed with the
 * settings that livesys has for `balanced`.
 */
export function dmsquashMedium(file: string, layers: readonly string[]): OutputFormat {
  return {
    ...base,
    name: 'bench-dmsquash-medium',
    format: 'dmsquash-medium',
    file,
    build: ({ output, content }) =>
      output({ title: 'twin medium' }, (ops) => packMedium(ops, content, layers)),
  };
}

function packMedium(ops: Ops, content: readonly MediumFile[], layers: readonly string[]): void {
  const merge = '/tmp/twin/merge';
  ops.copy(ops.input(MERGE), merge);
  ops.exec([merge, TREE, ...layers.map((name) => layerFile(ops, content, name))]);
  ops.makeDirectory(`${MEDIUM}/LiveOS`);
  ops.exec([
    ...['mksquashfs', TREE, `${MEDIUM}/LiveOS/squashfs.img`, '-comp', 'zstd'],
    ...['-Xcompression-level', '9', '-b', '262144', '-mem', '1G', '-no-progress'],
  ]);
  ops.exec(['xorriso', '-as', 'mkisofs', '-V', LABEL, '-o', ops.output('image'), MEDIUM]);
}

function layerFile(ops: Ops, content: readonly MediumFile[], name: string): Text {
  const found = content.find(({ path }) => fixedPart(path) === `/livesys/layers/${name}-.squashfs`);
  if (found === undefined || !isArtifact(found.content))
    throw new Error(`there is no layer ${name}`);
  return ops.input(found.content);
}

/** A path without what is known only when its file is made. */
function fixedPart(path: Text): string {
  if (typeof path === 'string') return path;
  return isRef(path) ? '' : path.filter((part) => typeof part === 'string').join('');
}

/** The boot image that dracut itself makes for a live medium, compressed as ours. */
export function dmsquashInitrd(file: string): OutputFormat {
  return {
    ...base,
    name: 'bench-dmsquash-initrd',
    needs: [
      {
        name: 'dmsquash-live',
        reason: 'the live module of dracut to compare with',
        packages: { debian: ['dracut-live'] },
      },
    ],
    format: 'dmsquash-initrd',
    file,
    build: (context) => context.output({ title: 'twin initramfs' }, (ops) => pack(ops, context)),
  };
}

function pack(ops: Ops, { facts }: OutputContext): void {
  const [kernel] = facts.distro.kernels;
  if (kernel === undefined) throw new Error('there is no kernel');
  ops.makeDirectory('/tmp/dracut-conf');
  ops.exec(['dracut', ...dracutArguments(kernel), ops.output('image')], {
    env: { DRACUT_NO_MKNOD: '1' },
  });
}

function dracutArguments({ release, modules }: KernelFacts): readonly string[] {
  return [
    ...['--force', '--no-hostonly', '--no-hostonly-cmdline', '--add', 'dmsquash-live'],
    ...['--conf', '/dev/null', '--confdir', '/tmp/dracut-conf'],
    ...['--kver', release, '--kmoddir', modules, '--tmpdir', '/var/tmp'],
    ...['--reproducible', '--no-early-microcode', '--compress', 'zstd -3 -T0 -q'],
  ];
}
