import type { DistroFacts, Probe } from '@livesys/core/plugin';

/** The init system of a root, and the security modules that it is set up for. */
export function systemFacts(
  probe: Probe,
  packages: Readonly<Record<string, string>>,
): Pick<DistroFacts, 'initSystem' | 'securityModules'> {
  const init = probe.realPath('/sbin/init') ?? '';
  const selinux = /^SELINUX=(?!disabled)\w+/m.test(probe.readText('/etc/selinux/config') ?? '');
  return {
    initSystem: init.endsWith('/systemd/systemd') ? 'systemd' : 'other',
    securityModules: [
      ...(packages['apparmor'] === undefined ? [] : ['apparmor']),
      ...(selinux ? ['selinux'] : []),
    ],
  };
}
