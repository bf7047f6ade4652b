import type { Compression, LayerFormat } from './resolved.ts';
import type { CompressionGoal, UserCompression } from './user-config.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * Settings behind the goals. On a Debian tree of 364 MB and two cores, zstd 3 at 128K took 1.1 s
 * for 136.5 MB, zstd 9 took 3.1 s for 128.6 MB, and zstd 15 at 1M took 15.5 s for 120.3 MB:
 * beyond level 9 each further percent costs seconds. xz at 1M took 47 s for 104.3 MB, the smallest,
 * and is the slowest to read. On 1 GB of programs and libraries, zstd 9 gave 345 MB at 128K, 335 MB
 * at 256K and 325 MB at 1M; but with a larger block more is read and unpacked for one small file,
 * hence 256K and not 1M where boots should be quick.
 */
const GOALS: Readonly<Record<CompressionGoal, Compression>> = {
  fast: { algorithm: 'zstd', level: 3, block: 128 * KIB },
  balanced: { algorithm: 'zstd', level: 9, block: 256 * KIB },
  small: { algorithm: 'xz', level: undefined, block: MIB },
};

/**
 * The same for erofs. The root of a small Debian, 298 MB, took 3 s for 201 MB with lz4, 50 s for
 * 187 MB with lz4hc at its own level 9, and half as long again for one MB less at level 12. Without
 * larger clusters lz4hc gave 199 MB; beyond 64K they gain next to nothing.
 */
const EROFS_GOALS: Readonly<Record<CompressionGoal, Compression>> = {
  fast: { algorithm: 'lz4', level: undefined, block: 64 * KIB },
  balanced: { algorithm: 'lz4hc', level: 9, block: 64 * KIB },
  small: { algorithm: 'lz4hc', level: 12, block: 64 * KIB },
};

const DEFAULT_BLOCKS: Readonly<Record<LayerFormat, number>> = {
  squashfs: 128 * KIB,
  erofs: 64 * KIB,
};
const UNITS: Readonly<Record<string, number>> = { K: KIB, M: MIB };

/** Levels that the tools take; xz and lz4 have none, and lz4hc has them in an erofs alone. */
export const LEVELS: Readonly<
  Partial<Record<Compression['algorithm'], readonly [number, number]>>
> = { zstd: [1, 22], gzip: [1, 9], lzo: [1, 9], lz4hc: [1, 12] };

/** The settings of a compressor that a config asks for. */
export function resolveCompression(compression: UserCompression, format: LayerFormat): Compression {
  if (compression === 'none')
    return { algorithm: 'none', level: undefined, block: DEFAULT_BLOCKS[format] };
  if (typeof compression === 'string')
    return (format === 'erofs' ? EROFS_GOALS : GOALS)[compression];
  const { algorithm, level, block } = compression;
  return {
    algorithm,
    level,
    block: (block === undefined ? undefined : blockBytes(block)) ?? DEFAULT_BLOCKS[format],
  };
}

/** Bytes of `131072` or `128K`, or undefined when layers cannot have such blocks. */
export function blockBytes(block: number | string): number | undefined {
  const [, digits, unit] = /^(\d{1,7})([KM]?)$/.exec(String(block)) ?? [];
  if (digits === undefined) return undefined;
  const bytes = Number(digits) * (UNITS[unit ?? ''] ?? 1);
  const fits = bytes >= 4 * KIB && bytes <= MIB && Number.isInteger(Math.log2(bytes));
  return fits ? bytes : undefined;
}
