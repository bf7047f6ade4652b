import { checkOptions, isText } from '../contract/options.ts';
import type { Source } from '../contract/roles.ts';
import { API_VERSION } from '../plugins/api-version.ts';

/** The source is a folder that holds a root file system. It is only ever read. */
export function directory(path: string): Source {
  checkOptions('directory', { path: path ?? '' }, { path: [isText, 'the path of a folder'] });
  return {
    role: 'source',
    name: '@livesys/core/directory',
    version: API_VERSION,
    apiVersion: `^${API_VERSION}`,
    label: path,
    plan: ({ plan, resolvePath }) => plan.directory({ id: 'source:base', path: resolvePath(path) }),
  };
}
