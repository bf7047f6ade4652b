import { checkOptions } from '../contract/options.ts';
import type { Source } from '../contract/roles.ts';
import { LivesysError } from '../errors/livesys-error.ts';
import { API_VERSION } from '../plugins/api-version.ts';

/** The source is a new system that the distribution's adapter bootstraps; name it with `distro`. */
export function bootstrap(options: Readonly<Record<string, never>> = {}): Source {
  checkOptions('bootstrap', options, {});
  return {
    role: 'source',
    name: '@livesys/core/bootstrap',
    version: API_VERSION,
    apiVersion: `^${API_VERSION}`,
    label: 'bootstrap',
    needsDistro: true,
    plan({ plan, distro, builder, architecture }) {
      if (distro?.bootstrap === undefined) {
        const why = distro === undefined ? 'the config names none' : `${distro.name} cannot`;
        throw new LivesysError(
          'LIVESYS_PARTS_DO_NOT_FIT',
          `bootstrap() needs a distribution adapter that can bootstrap; ${why}.`,
          distro === undefined ? { hint: 'Name one in the config, with the key distro.' } : {},
        );
      }
      return distro.bootstrap({ plan, id: 'source:base', builder, architecture });
    },
  };
}
