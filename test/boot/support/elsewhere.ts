import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { TestUser } from '../../namespace/support/user.ts';
import { REPOSITORY, runLivesys } from './image.ts';

/** Where a result of the usual cache lies. */
interface CacheListing {
  readonly folder: string;
}

/** Packs the source tree that an image was made of, as `archive()` takes it. */
export function packSource(config: string, archive: string): void {
  const plan = JSON.parse(runLivesys('plan', '--config', config, '--json')) as {
    readonly sourceKey: string;
  };
  const { folder } = JSON.parse(runLivesys('cache', 'ls', '--json')) as CacheListing;
  const tree = join(folder, 'results', plan.sourceKey, 'content');
  if (!existsSync(tree)) throw new Error(`the source tree is not where it should be: ${tree}`);
  const kept = ['--xattrs', '--xattrs-include=*', '--acls', '--numeric-owner', '--sort=name'];
  run(['tar', '--create', '--file', archive, ...kept, '--directory', tree, '.']);
  chmodSync(archive, 0o644);
}

/**
 * Builds the image with everything different that must make no difference: a user with subordinate
 * ids instead of root, an empty cache, longer paths, another umask, time zone, language and host
 * name, one processor, and later. Gives the path of the ISO.
 */
export function buildElsewhere(folder: string, archive: string, user: TestUser): string {
  const far = join(folder, 'home', 'a-folder-with-a-much-longer-name/than-the-usual-one');
  const output = join(far, 'output');
  mkdirSync(output, { recursive: true });
  for (const path of ['images/bookworm', 'support/probe']) {
    const to = join(far, 'test', path);
    mkdirSync(dirname(to), { recursive: true });
    run(['cp', '--archive', join(REPOSITORY, 'test/boot', path), to]);
    for (const made of ['livesys.lock.json', 'dist']) {
      rmSync(join(to, made), { recursive: true, force: true });
    }
  }
  run(['chown', '--recursive', `${user.uid}:${user.gid}`, join(folder, 'home')]);
  chownSync(archive, user.uid, user.gid);
  const config = join(far, 'test/images/bookworm/livesys.config.ts');
  const environment = [
    `LIVESYS_CACHE=${join(far, 'cache')}`,
    'TZ=Pacific/Kiritimati',
    'LC_ALL=C.UTF-8',
    'LANG=tr_TR.UTF-8',
  ];
  const livesys = [join(REPOSITORY, 'livesys'), 'build', archive, '--config', config];
  const script = 'hostname somewhere-else && umask 0077 && exec "$@"';
  run([
    ...['unshare', '--uts', 'sh', '-c', script, 'sh', 'taskset', '--cpu-list', '0'],
    ...[...user.become, 'env', ...environment, ...livesys, '--output', output],
  ]);
  return join(output, 'bookworm.iso');
}

function run(argv: readonly string[]): void {
  const [program = '', ...rest] = argv;
  const result = spawnSync(program, rest, { encoding: 'utf8', cwd: '/' });
  if (result.status === 0) return;
  const said = `${result.stdout}${result.stderr}`.trimEnd().split('\n').slice(-60).join('\n');
  throw new Error(
    `${argv.join(' ')}: exit ${result.status} ${String(result.error ?? '')}\n${said}`,
  );
}
