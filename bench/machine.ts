import { cpus, loadavg, release, totalmem } from 'node:os';

/** The machine in general terms; nothing that names it. */
export function describeMachine(): Readonly<Record<string, string>> {
  return {
    cores: String(cpus().length),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: release(),
    node: process.version,
    'load before': (loadavg()[0] ?? 0).toFixed(1),
  };
}

const PACKAGES = ['squashfs-tools', 'dracut-core', 'grub-common', 'xorriso', 'mtools', 'zstd'];

/** Versions of the tools in a tools tree, from what its package manager says is installed. */
export function toolVersions(status: string): Readonly<Record<string, string>> {
  const found = status.split('\n\n').map((stanza) => ({
    name: /^Package: (.*)$/m.exec(stanza)?.[1] ?? '',
    version: /^Version: (.*)$/m.exec(stanza)?.[1] ?? '',
  }));
  return Object.fromEntries(
    PACKAGES.flatMap((name) => {
      const version = found.find((one) => one.name === name)?.version;
      return version === undefined ? [] : [[name, version]];
    }),
  );
}
