import { LivesysError, withoutUser } from '@livesys/core/plugin';

/**
 * Refuses the address of a mirror that holds a user name or password: a plan is shown and stored, and
 * the address stays in the image. `option` is how a config names another one, for the hint.
 *
 * @throws LIVESYS_CONFIG_INVALID
 */
export function refusePassword(address: string, option: string): void {
  const shown = withoutUser(address);
  if (shown === undefined) return;
  throw new LivesysError(
    'LIVESYS_CONFIG_INVALID',
    `the mirror ${shown} holds a user name or password, which would be readable in the plan and in the image`,
    { hint: `Use a mirror or proxy that needs none: ${option}.` },
  );
}
