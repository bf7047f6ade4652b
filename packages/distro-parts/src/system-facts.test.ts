import { memoryProbe } from '@livesys/plugin-testkit';
import { expect, it } from 'vitest';
import { systemFacts } from './system-facts.ts';

const SELINUX = '/etc/selinux/config';

it('knows systemd by where /sbin/init leads', () => {
  const files = { '/usr/lib/systemd/systemd': '', [SELINUX]: 'SELINUX=disabled\n' };
  const links = { '/sbin': 'usr/sbin', '/usr/sbin/init': '../lib/systemd/systemd' };
  expect(systemFacts(memoryProbe({ files, links }), {})).toEqual({
    initSystem: 'systemd',
    securityModules: [],
  });
});

it('tells what a root is set up for', () => {
  const probe = memoryProbe({ files: { [SELINUX]: '# SELINUX=\nSELINUX=permissive\n' } });
  expect(systemFacts(probe, { apparmor: '1' })).toEqual({
    initSystem: 'other',
    securityModules: ['apparmor', 'selinux'],
  });
});
