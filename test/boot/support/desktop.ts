import type { Kind } from './kinds.ts';
import { PERSON } from './running-machine.ts';

/** Gives a machine a desktop, in which its person is logged in when it starts. */
export const FILL_DESKTOP = `printf '%s\\n' >/etc/lightdm/lightdm.conf '[Seat:*]' user-session=twm autologin-user=${PERSON.name}`;

/** Tells whose desktop runs, when one does; or what kept it from it. */
export const TELL_DESKTOP = `tries=0
until pgrep -x twm >/dev/null || [ "$tries" = 90 ]; do
	sleep 1
	tries=$((tries + 1))
done
for key in Name Type Class Seat Active Service; do
	echo "desktop-$key=$(loginctl show-session "$(cat /proc/$(pgrep -x twm)/sessionid)" --property=$key --value)"
done
echo "desktop-program=$(ps -o user=,comm= -C twm | tr -s ' ')"
person=$(ps -o user= -C twm)
echo "desktop-unlocks=$(pamtester lightdm "$person" authenticate </dev/null >/dev/null 2>&1 && echo unasked)"
echo "desktop-logs-in=$(pamtester login "$person" authenticate </dev/null >/dev/null 2>&1 && echo unasked)"
echo "desktop-manages=$(pkcheck --action-id org.freedesktop.systemd1.manage-units --process "$(pgrep -x twm)" >/dev/null 2>&1 && echo unasked)"
shown=0
for loop in /sys/class/block/loop*; do
	! grep -qs /run/initramfs/livesys/ "$loop/loop/backing_file" || udevadm info --query=property --path="$loop" | grep -qx UDISKS_IGNORE=1 || shown=$((shown + 1))
done
echo "desktop-layers=$(grep -ls /run/initramfs/livesys/ /sys/class/block/loop*/loop/backing_file | wc -l), $shown shown"
[ "$tries" -lt 90 ] || tail -n 40 /var/log/lightdm/*.log /home/*/.xsession-errors >&2`;

/** What {@link TELL_DESKTOP} says where the greeter of a machine has logged somebody in. */
export const desktopOf = (kind: Kind, person: string): Readonly<Record<string, string>> =>
  kind.desktop
    ? {
        'desktop-Name': person,
        'desktop-Type': 'x11',
        'desktop-Class': 'user',
        'desktop-Seat': 'seat0',
        'desktop-Active': 'yes',
        'desktop-Service': 'lightdm-autologin',
        'desktop-program': `${person} twm`,
        'desktop-unlocks': person === 'live' ? 'unasked' : '',
        'desktop-logs-in': '',
        'desktop-layers': '3, 0 shown',
        'desktop-manages': person === 'live' ? 'unasked' : '',
      }
    : {};
