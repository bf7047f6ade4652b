import type { Ops } from '@livesys/core/plugin';
import { extendUnit } from './units.ts';

/** The consoles of a live system, with what agetty is told there beside who logs in. */
const CONSOLES = {
  'getty@tty1.service': '--noclear',
  'serial-getty@ttyS0.service': '--keep-baud 115200,57600,38400,9600',
};

/** Records that somebody is logged in unasked at the first and the serial console. */
export function logInAtConsoles(ops: Ops, name: string): void {
  for (const [unit, options] of Object.entries(CONSOLES)) {
    // On a system whose /usr is merged this is /usr/bin/agetty or /usr/sbin/agetty as well.
    const command = `-/sbin/agetty --autologin ${name} ${options} %I $TERM`;
    extendUnit(ops, unit, 'autologin', `[Service]\nExecStart=\nExecStart=${command}\n`);
  }
}

/**
 * Records that the rescue shell asks for no password. Root has none on most live systems, and sulogin
 * would then refuse; who is logged in unasked and may become root loses nothing by it.
 */
export function openRescueShell(ops: Ops): void {
  for (const unit of ['emergency.service', 'rescue.service']) {
    extendUnit(ops, unit, 'sulogin', '[Service]\nEnvironment=SYSTEMD_SULOGIN_FORCE=1\n');
  }
}
