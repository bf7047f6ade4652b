/** What `livesys init` knows of the machine. */
export interface Machine {
  /** Release to bootstrap, such as `bookworm`. */
  readonly release: string;
  /** Whether it is this machine's own release. */
  readonly own: boolean;
}

/** Releases that the adapter is tested with. */
const RELEASES = new Set(['bookworm', 'trixie']);
const DEFAULT_RELEASE = 'bookworm';

/** The release to start with: this machine's own where that is known to work. */
export function chooseRelease(osRelease: string): Machine {
  const codename = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(osRelease)?.[1] ?? '';
  const isDebian = /^ID="?debian"?$/m.test(osRelease);
  return isDebian && RELEASES.has(codename)
    ? { release: codename, own: true }
    : { release: DEFAULT_RELEASE, own: false };
}

/** A config with what a person changes first, and the rest as comments. */
export function configTemplate({ release, own }: Machine): string {
  const why = own ? "this machine's release" : 'bookworm and trixie are known to work';
  return `import { bootstrap, defineConfig, iso } from 'livesys';
import debian from '@livesys/distro-debian';

export default defineConfig({
  // Where the base comes from: bootstrap(), directory('/path'), or archive('root.tar').
  source: bootstrap(),
  distro: debian({ release: '${release}' }), // ${why}

  // Packages that every profile has.
  packages: [],

  // Layers above the base. Those with packages form a tree (\`on\`); layers of files lie on top.
  layers: {
    // repair: { packages: ['gdisk', 'testdisk'] },
    // desktop: { on: 'repair', packages: ['xfce4', 'lightdm'] },
    // site: { files: './overlay' },
  },

  // What the boot menu offers. Left out: one profile with every layer.
  // profiles: {
  //   rescue: { layers: ['repair'] },
  //   office: { layers: ['desktop', 'site'], default: true },
  // },

  // The user of the live system; false for none.
  // user: { name: 'live', password: 'none', autologin: true, sudo: true },

  compression: 'balanced', // fast | balanced | small
  outputs: [iso()], // dist/<name>-<version>.iso
});
`;
}
