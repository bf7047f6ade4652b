import { expect, it } from 'vitest';
import { refusePassword } from './mirror-address.ts';

it('refuses a mirror with a password, without telling it', () => {
  const refused = () => refusePassword('https://me:word@a.example/pool', 'distro: mine()');
  expect(refused).toThrow(expect.objectContaining({ code: 'LIVESYS_CONFIG_INVALID' }));
  expect(refused).toThrow(/^(?!.*word@).*a\.example/);
  expect(() => refusePassword('https://a.example/pool', 'distro: mine()')).not.toThrow();
});
