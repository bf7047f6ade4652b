import { blob } from '../../../../packages/core/src/contract/blob.ts';
import { text } from '../../../../packages/core/src/contract/values.ts';
import type { Plan } from '../../../../packages/core/src/plan/model.ts';
import { makePlan } from '../plan.ts';

/** Programs below a command: in pipes, in the background, in a shell of a shell. */
const DESCENDANTS = `sh -c 'ls / | cat | sort' >/tmp/listed; (sleep 0.1; true) & wait`;

/** A plan with commands in every place, and all else for which the sandbox executes a program. */
export function everyPlace(source: string, output: string): Plan {
  return makePlan((plan, recorder) => {
    const base = plan.directory({ id: 'source:base', path: source, excludes: ['/data/cache/*'] });
    recorder.useTools(base);
    const layer = plan.layer({ id: 'tree:layer', on: base }, (ops) => {
      ops.exec(['sh', '-c', 'echo "in a layer" >/etc/layer; rm -rf /data; mkdir /data']);
      ops.exec(['sh', '-c', 'exec echo "$1"', 'sh', `quotes " ' $HOME \\ \n and ünïcode`]);
      ops.exec(['sh', '-c', DESCENDANTS]);
      ops.copy('/etc', '/copied');
      ops.copy('/etc', '/owned', { owner: 'root' });
      ops.exec(['sync']);
      ops.exec(['sync']);
    });
    const downloads = [{ name: 'packages', at: '/packages' }];
    plan.layer(
      { id: 'tree:networked', on: layer, network: true, downloads, paths: ['/etc', '/bin'] },
      (ops) => {
        ops.exec(['sh', '-c', 'echo network']);
      },
    );
    const { version } = plan.task(
      { id: 'task:chroot', place: { chroot: layer }, outputs: ['version'] },
      (ops) => {
        ops.pipe([['echo', '12 bookworm'], ['cat'], ['tee', ops.output('version')]]);
      },
    );
    plan.task(
      {
        id: 'task:tools',
        place: { on: 'tools', mounts: { '/mnt': layer } },
        outputs: ['file', 'hash'],
      },
      (ops) => {
        ops.exec(['echo', text`--label=${plan.content(version)}`]);
        ops.exec(['ls', ops.input({ topLayerOf: layer }), ops.input(version)], {
          progress: 'mksquashfs',
        });
        ops.exec(['ls', ops.input({ tree: layer }), ops.input(blob('content'))]);
        ops.exec(['cp', '/mnt/etc/layer', ops.output('file')], { cwd: '/tmp', env: { NAME: 'x' } });
        ops.digest(ops.output('file'), ops.output('hash'));
      },
    );
    plan.root({ id: 'source:other' }, (ops) => ops.exec(['mkdir', ops.output('root')]));
    plan.output({ id: 'output:file', path: output, firmware: [] }, (ops) => {
      ops.exec(['cp', ops.input({ builderPath: `${source}/etc/name` }), ops.output('image')]);
    });
  });
}
