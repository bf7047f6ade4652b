import { expect, it } from 'vitest';
import { memoryProbe } from './memory-probe.ts';

const probe = memoryProbe({
  files: { '/usr/lib/systemd/systemd': 'elf', '/etc/a': '1' },
  links: {
    '/lib': 'usr/lib',
    '/usr/sbin/init': '../lib/systemd/systemd',
    '/sbin': 'usr/sbin',
    '/x': '/x',
  },
});

it('follows links as a root does', () => {
  expect(probe.realPath('/sbin/init')).toBe('/usr/lib/systemd/systemd');
  expect(probe.readText('/lib/systemd/systemd')).toBe('elf');
  expect(probe.realPath('/x')).toBeUndefined();
  expect(probe.stat('/sbin/init')).toMatchObject({ kind: 'symlink' });
});

it('lists folders, sorted, and nothing for a file', () => {
  expect(probe.list('/')).toEqual(['etc', 'lib', 'sbin', 'usr', 'x']);
  expect(probe.list('/lib/systemd')).toEqual(['systemd']);
  expect(probe.list('/etc/a')).toEqual([]);
});

it('refuses a path that is not absolute', () => {
  expect(() => probe.readText('etc/a')).toThrow(TypeError);
});
