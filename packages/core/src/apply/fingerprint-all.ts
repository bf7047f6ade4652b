import { lstat } from 'node:fs/promises';
import { posix } from 'node:path';
import { LivesysError } from '../errors/livesys-error.ts';
import { baseScanName, planScans, scanName, type Scan } from '../plan/keys.ts';
import type { Plan } from '../plan/model.ts';
import { fingerprint } from './fingerprint.ts';
import { LeftOutNotes, type LeftOut } from './left-out.ts';
import { assertNamespaces } from './sandbox.ts';
import { seeingScan } from './seeing-mounts.ts';

/** The fingerprints of everything on the builder that a plan reads. */
export interface Fingerprints {
  readonly fingerprints: ReadonlyMap<string, string>;
  /** Bytes of the files of each scanned folder. */
  readonly bytes: ReadonlyMap<string, number>;
  /** How many of these are compressed already. */
  readonly dense: ReadonlyMap<string, number>;
  /** Bytes of what belongs to the base in each mount of the running system. */
  readonly mounts: ReadonlyMap<string, number>;
  /** What does not belong to the base, where that was asked for and the source is looked at. */
  readonly leftOut: LeftOut | undefined;
}

export interface LookOptions {
  /** Milliseconds that measuring what is left out of the base may take. Default: it is not measured. */
  readonly leftOutTime?: number | undefined;
}

/** Looks at every folder on the builder that a plan reads. Throws when one cannot be read. */
export async function fingerprintAll(
  plan: Plan,
  { leftOutTime }: LookOptions = {},
): Promise<Fingerprints> {
  const fingerprints = new Map<string, string>();
  const bytes = new Map<string, number>();
  const dense = new Map<string, number>();
  let mounts: ReadonlyMap<string, number> = new Map();
  let leftOut: LeftOut | undefined;
  const base = leftOutTime === undefined ? undefined : baseScanName(plan);
  const rootless = process.getuid?.() !== 0;
  const scans = planScans(plan);
  if (rootless && scans.some((scan) => scan.mounts !== undefined)) throw onlyRoot();
  if (scans.length > 0) await assertNamespaces();
  // Side by side: most of the time goes into comparing names with the excludes.
  await Promise.all(
    scans.map(async (scan) => {
      const notes = scanName(scan) === base ? new LeftOutNotes() : undefined;
      const found = await fingerprint(await present(scan), { rootless, leftOut: notes });
      if (rootless && isSource(plan, scan.path) && found.foreign !== undefined) {
        throw foreign(scan.path, found.foreign);
      }
      fingerprints.set(scanName(scan), found.sha256);
      if (scan.paths !== undefined) return;
      bytes.set(scan.path, found.sizes.bytes);
      dense.set(scan.path, found.sizes.dense);
      if (scan.mounts !== undefined) ({ mounts } = found.sizes);
      leftOut = await notes?.measured(seeingScan(scan, { rootless }), leftOutTime);
    }),
  );
  return { fingerprints, bytes, dense, mounts, leftOut };
}

/** A scan without the paths that are not there: a root need not have every folder of a list. */
async function present(scan: Scan): Promise<Scan> {
  await lstat(scan.path).catch((error: unknown) => {
    throw new LivesysError('LIVESYS_SOURCE_MISSING', `${scan.path} does not exist.`, {
      cause: error,
    });
  });
  if (scan.paths === undefined) return scan;
  const paths: string[] = [];
  for (const path of scan.paths) {
    const found = await lstat(posix.join(scan.path, path)).catch(() => undefined);
    if (found !== undefined) paths.push(path);
  }
  return { ...scan, paths };
}

function isSource(plan: Plan, path: string): boolean {
  return Object.values(plan.trees).some((tree) =>
    tree.layers.some((layer) => layer.kind === 'directory' && layer.path === path),
  );
}

/** Files of root and of others are in every system that runs, and nobody else may read all of them. */
function onlyRoot(): LivesysError {
  return new LivesysError(
    'LIVESYS_NEEDS_ROOT',
    'Only root can read all of the running system, with its owners.',
  );
}

function foreign(path: string, example: string): LivesysError {
  return new LivesysError(
    'LIVESYS_NEEDS_ROOT',
    `${path} holds files of owners outside of your range of ids, so their owners would be lost.`,
    { details: [example] },
  );
}
