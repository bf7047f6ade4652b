import type { Kind } from './kinds.ts';
import { PERSON } from './running-machine.ts';

/**
 * Gives a machine a desktop, of one window, in which its person is logged in when it starts. It draws to
 * no screen, since the kernel of the test has no driver of one.
 */
export const FILL_DESKTOP = `mkdir -p /usr/share/wayland-sessions
cat >/usr/share/wayland-sessions/kiosk.desktop <<'END'
[Desktop Entry]
Name=Kiosk
Type=Application
Exec=env WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman cage -- foot
END
cat >/etc/lightdm/lightdm.conf <<'END'
[LightDM]
logind-check-graphical=false

[Seat:*]
user-session=kiosk
autologin-user=${PERSON.name}
END
ln -sf /lib/systemd/system/graphical.target /etc/systemd/system/default.target`;

/** Tells which desktop runs, and whose, when it does; or what kept it from it. */
export const TELL_DESKTOP = `tries=0
until pgrep -x foot >/dev/null || [ "$tries" = 120 ]; do
	sleep 1
	tries=$((tries + 1))
done
session=$(loginctl list-sessions --no-legend | while read -r id rest; do
	[ "$(loginctl show-session "$id" --property=Type --value)" != wayland ] || echo "$id"
done)
for key in Name Type Class Seat Active Service; do
	echo "desktop-$key=$(loginctl show-session $session --property=$key --value)"
done
echo "desktop-programs=$(ps -o user=,comm= -C cage,foot | sort | tr -s ' \\n' ' ')"
[ "$tries" -lt 120 ] || tail -n 40 /var/log/lightdm/*.log ~/.xsession-errors /home/*/.xsession-errors >&2`;

/** What {@link TELL_DESKTOP} says where the greeter of a machine has logged somebody in. */
export const desktopOf = (kind: Kind, person: string): Readonly<Record<string, string>> =>
  kind.desktop
    ? {
        'desktop-Name': person,
        'desktop-Type': 'wayland',
        'desktop-Class': 'user',
        'desktop-Seat': 'seat0',
        'desktop-Active': 'yes',
        'desktop-Service': 'lightdm-autologin',
        'desktop-programs': `${person} cage ${person} foot`,
      }
    : {};
