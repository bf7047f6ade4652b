import { expect, it } from 'vitest';
import { noNamespaces } from './sandbox.ts';

it('tells root in a chroot from a person whom the kernel gives no namespaces', () => {
  const details = ['unshare: cannot change root filesystem propagation: Invalid argument'];
  expect(noNamespaces(details)).toMatchObject({
    code: 'LIVESYS_NO_NAMESPACES',
    message: expect.stringContaining('no mount point, as after chroot') as string,
    hint: expect.stringContaining('outside') as string,
  });
  expect(noNamespaces(['unshare: unshare failed: Operation not permitted']).message).toContain(
    'subordinate ids',
  );
});
