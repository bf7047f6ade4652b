import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { quoteArgument } from '../../../packages/cli/src/text/quote.ts';
import { makeSystem } from '../../namespace/support/running-system.ts';
import { REPOSITORY } from './image.ts';
import { runInPrivateKernel } from './private-kernel.ts';
import { run } from './run.ts';

const SESSION = fileURLToPath(new URL('./lvm/session', import.meta.url));
const DISK = 8 * 2 ** 30;
/** Programs that only this needs, with the Debian package of each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  ...{ lvcreate: 'lvm2', dmsetup: 'dmsetup', udevadm: 'udev', 'mkfs.xfs': 'xfsprogs' },
  'linux.uml': 'user-mode-linux',
};

/** What came of one step of the session. */
interface Step {
  /** Exit status, or `killed`. */
  readonly status: string;
  readonly said: string;
  /** Names of the volumes that were there afterwards, and while it was held, if it was. */
  readonly volumes: readonly string[];
  readonly meanwhile: readonly string[];
}

export interface LvmSession {
  step(name: string): Step;
  /** Lines of a file that it left. */
  lines(name: string): readonly string[];
  /** Reads a file of the layer that was made while everything changed. */
  read(path: string): string;
  /** Whether it has a file. */
  has(path: string): boolean;
}

/**
 * Runs a system in a kernel of its own whose `/` is a thick volume with ext4, `/srv` one with xfs, and
 * `/home` a thin one with ext4, and has it make layers of itself.
 */
export async function runLvmSession(folder: string): Promise<LvmSession> {
  assertPrograms();
  const at = (...names: readonly string[]): string => join(folder, ...names);
  const root = at('system');
  makeSystem({
    ...{ folder, root, mounts: '' },
    programs: ['base64', 'dmsetup', 'lvcreate', 'lvm', 'lvremove', 'lvs'],
    placeOf: (path) => join(root, path),
  });
  writeFileSync(at('disk-of-volumes'), '');
  truncateSync(at('disk-of-volumes'), DISK);
  mkdirSync(at('out'));
  const words = ['sh', SESSION, root, at('out'), REPOSITORY, '/dev/ubdb'];
  const path = quoteArgument(process.env['PATH'] ?? '');
  await runInPrivateKernel({
    folder,
    script: `PATH=$PATH:${path} ${words.map(quoteArgument).join(' ')} 2>&1`,
    drives: [at('disk-of-volumes')],
    minutes: 15,
  });
  run(['unsquashfs', '-no-progress', '-dest', at('layer'), at('out/layer')]);
  const text = (name: string): string =>
    existsSync(at('out', name)) ? readFileSync(at('out', name), 'utf8') : '';
  const lines = (name: string): readonly string[] => text(name).split('\n').filter(Boolean);
  return {
    lines,
    step: (name) => ({
      ...{ status: text(`${name}.status`).trim(), said: text(`${name}.said`) },
      ...{ volumes: lines(`${name}.volumes`), meanwhile: lines(`${name}.meanwhile`) },
    }),
    read: (path) => readFileSync(at('layer', path), 'utf8'),
    has: (path) => existsSync(at('layer', path)),
  };
}

function assertPrograms(): void {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  const found = new Set(
    folders.flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : [])),
  );
  const missing = Object.keys(PROGRAMS).filter((name) => !found.has(name));
  if (missing.length === 0) return;
  const packages = new Set(missing.map((name) => PROGRAMS[name]));
  throw new Error(`${missing.join(', ')} missing: apt-get install ${[...packages].join(' ')}`);
}
