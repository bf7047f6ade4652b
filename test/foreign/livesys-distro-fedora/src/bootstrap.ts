import { text, type BootstrapContext, type Tree } from '@livesys/core/plugin';
import { DNF, downloads } from './packages.ts';

const MIRRORS = 'https://mirrors.fedoraproject.org/metalink';
const KEYS = 'https://fedoraproject.org/fedora.gpg';
const PACKAGES = ['@core', 'kernel', 'kernel-modules-extra', 'systemd-udev', 'passwd', 'sudo'];

/** Plans a new root made by dnf5 of the builder, from the repositories named here alone. */
export function bootstrap(release: string, { plan, id, architecture }: BootstrapContext): Tree {
  return plan.root(
    { id, title: `fedora ${release} with dnf5`, network: true, downloads: downloads(release) },
    (ops) => {
      const root = ops.output('root');
      ops.write('/tmp/repos/fedora.repo', repository('fedora', release, architecture));
      ops.write('/tmp/repos/updates.repo', repository('updates', release, architecture));
      ops.exec([
        ...DNF,
        text`--installroot=${root}`,
        `--releasever=${release}`,
        '--setopt=reposdir=/tmp/repos',
        '--setopt=cachedir=/var/cache/libdnf5',
        'install',
        ...PACKAGES,
      ]);
      ops.remove(text`${root}/var/log/dnf5.log`);
    },
  );
}

function repository(name: 'fedora' | 'updates', release: string, architecture: string): string {
  const repo = name === 'fedora' ? `fedora-${release}` : `updates-released-f${release}`;
  return [
    `[${name}]`,
    `name=${name}`,
    `metalink=${MIRRORS}?repo=${repo}&arch=${architecture}`,
    'gpgcheck=1',
    `gpgkey=${KEYS}`,
    '',
  ].join('\n');
}
