import { checkOptions, isText } from '../contract/options.ts';
import type { Source } from '../contract/roles.ts';
import { AS_PACKED } from '../plan/as-packed.ts';
import { API_VERSION } from '../plugins/api-version.ts';

/** The source is a tar archive of a root file system, compressed in any way that tar knows. */
export function archive(path: string): Source {
  checkOptions('archive', { path: path ?? '' }, { path: [isText, 'the path of an archive'] });
  return {
    role: 'source',
    name: '@livesys/core/archive',
    version: API_VERSION,
    apiVersion: `^${API_VERSION}`,
    label: path,
    plan: ({ plan, resolvePath }) =>
      plan.root({ id: 'source:base', title: `unpack ${path}` }, (ops) => {
        const file = ops.input({ builderPath: resolvePath(path) });
        const root = ops.output('root');
        ops.makeDirectory(root);
        ops.exec([
          'tar',
          '--extract',
          '--file',
          file,
          '--directory',
          root,
          ...AS_PACKED,
          '--anchored',
          '--exclude=./dev/*',
          '--exclude=dev/*',
        ]);
      }),
  };
}
