import { memoryProbe } from '@livesys/plugin-testkit';
import { expect, it } from 'vitest';
import { kernelModules } from './kernel-modules.ts';

it('reads the names of modules, compressed ones too', () => {
  const probe = memoryProbe({
    files: {
      '/m/modules.dep': 'kernel/a-b.ko.zst: kernel/c.ko.zst\nkernel/c.ko.gz:\nkernel/a_b.ko.xz:\n',
      '/m/modules.builtin': 'kernel/drivers/tty/serial/8250/8250.ko\n',
    },
  });
  expect(kernelModules(probe, '/m')).toEqual({
    modules: '/m',
    moduleNames: ['a_b', 'c'],
    builtinNames: ['8250'],
  });
});
