import { asset, type LiveUser, type Ops } from '@livesys/core/plugin';

const SCRIPT = asset(import.meta.url, '../shell/greeter-login.sh', { mode: 0o755 });
const PLACE = '/tmp/livesys-greeter-login.sh';

/**
 * Records that the greeters which are installed log somebody in unasked: GDM, LightDM, LXDM, SDDM and
 * Plasma's. One that logs in somebody already stays as it is. Who has no password gets back
 * in without being asked, where a screen was locked, and by a greeter after logging out; nowhere else.
 */
export function logInAtGreeters(ops: Ops, { name, password }: LiveUser): void {
  ops.copy(ops.input(SCRIPT), PLACE, { mode: 0o755 });
  ops.exec(['sh', PLACE, '', name, password === 'none' ? 'none' : 'some']);
}
