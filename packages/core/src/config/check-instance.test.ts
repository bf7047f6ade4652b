import { expect, test } from 'vitest';
import { checkInstance } from './check-instance.ts';

const plugin = { name: 'livesys-wifi', version: '2.1.0', apiVersion: '^1.0.0' };
const loader = {
  ...plugin,
  name: 'livesys-bootloader-limine',
  role: 'bootloader',
  supports: { firmware: ['uefi'], architecture: ['x86_64'], kernelsOn: 'esp' },
  assets: () => ({}),
};

test('takes what fits', () => {
  expect(checkInstance(plugin, 'plugin')).toBeUndefined();
  expect(checkInstance(loader, 'bootloader')).toBeUndefined();
});

test('names both versions of the plugin API and what to install', () => {
  expect(checkInstance({ ...loader, apiVersion: '^2.0.0' }, 'bootloader')).toEqual({
    kind: 'plugin-api',
    text: 'livesys-bootloader-limine 2.1.0 is written for plugin API ^2.0.0, this is 1.0.0: npm install livesys-bootloader-limine@1',
  });
  expect(checkInstance({ ...plugin, apiVersion: '^0.9.0' }, 'plugin')?.text).toContain(
    'npm install livesys-wifi@latest',
  );
});

test.each<[string, unknown, 'plugin' | 'bootloader' | 'output', string]>([
  ['text', 'x', 'plugin', 'is not a plugin: it must be an object'],
  ['an object', {}, 'plugin', 'is not a plugin: it lacks name, version, apiVersion'],
  ['a part in plugins', loader, 'plugin', 'livesys-bootloader-limine is for the key "bootloader"'],
  ['another role', loader, 'output', 'livesys-bootloader-limine is for the key "bootloader"'],
  ['a plugin as a part', plugin, 'output', 'livesys-wifi is not an output'],
  [
    'a part without its functions',
    { ...loader, assets: 1, supports: {} },
    'bootloader',
    'livesys-bootloader-limine 2.1.0 is not a whole boot loader: it lacks assets(), supports.firmware, supports.architecture',
  ],
  [
    'a range that is none',
    { ...plugin, apiVersion: 'one' },
    'plugin',
    'livesys-wifi 2.1.0 says it is written for plugin API "one", which is not a range of versions',
  ],
  [
    'apply that is no function',
    { ...plugin, apply: 1 },
    'plugin',
    'livesys-wifi 2.1.0 is not a whole plugin: it lacks apply()',
  ],
])('refuses %s', (_, value, role, text) => {
  expect(checkInstance(value, role)?.text).toBe(text);
});
