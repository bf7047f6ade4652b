#!/bin/sh
# shellcheck shell=dash
# Has the greeters that are installed log a user in by themselves when the system starts:
#
#   greeter-login.sh ROOT USER PASSWORD
#
# ROOT      empty, or a folder whose files are meant
# PASSWORD  none, or some; without one the user gets back in without being asked
#
# A greeter that logs in somebody already stays as it is.
set -eu
root=$1 user=$2 password=$3

# log_in FILE SECTION KEY=VALUE...: as the first lines of a section, in place of other values.
log_in() {
	local file=$1 section=$2
	shift 2
	mkdir -p "${file%/*}"
	[ -e "$file" ] || : >"$file"
	printf '%s\n' "$@" | awk -v section="[$section]" '
		function put() { while (count > 0 && ++line <= count) print lines[line] }
		NR == FNR {
			lines[++count] = $0
			keys[substr($0, 1, index($0, "=") - 1)] = 1
			next
		}
		/^[ \t]*\[/ {
			name = $0
			gsub(/^[ \t]+|[ \t\r]+$/, "", name)
			inside = name == section
			print
			if (inside && !found) put()
			found = found || inside
			next
		}
		inside {
			key = $0
			sub(/[ \t]*=.*/, "", key)
			sub(/^[ \t]+/, "", key)
			if (key in keys) next
		}
		{ print }
		END { if (!found) { print section; put() } }
	' - "$file" >"$file.livesys"
	cat "$file.livesys" >"$file"
	rm "$file.livesys"
}

# has_value KEYS FILE...: whether one of the keys, an extended expression, has a value somewhere.
has_value() {
	local keys=$1
	shift
	grep -qsE "^[[:space:]]*($keys)[[:space:]]*=[[:space:]]*[^[:space:]]" "$@"
}

# in_section SECTION FILE...: its lines.
in_section() {
	local section=$1 file
	shift
	for file in "$@"; do
		[ ! -e "$file" ] || awk -v section="[$section]" '
			/^[ \t]*\[/ { inside = index($0, section) > 0; next }
			inside { print }
		' "$file"
	done
}

is_installed() {
	[ -x "$root/usr/bin/$1" ] || [ -x "$root/usr/sbin/$1" ]
}

# The file name of a session, without its ending.
first_session() {
	local path
	# Of the two that Plasma brings, the usual one.
	for path in "$root/usr/share"/*sessions/plasma.desktop \
		"$root/usr/share/xsessions"/*.desktop "$root/usr/share/wayland-sessions"/*.desktop; do
		[ -e "$path" ] || continue
		! grep -qE '^(Hidden|NoDisplay)[[:space:]]*=[[:space:]]*true' "$path" || continue
		path=${path##*/}
		echo "${path%.desktop}"
		return
	done
}

# The session that LightDM begins where nobody chose one: what it was built with, on Debian and elsewhere.
has_default_session() {
	[ -e "$root/usr/share/xsessions/lightdm-xsession.desktop" ] || [ -e "$root/usr/share/xsessions/default.desktop" ]
}

# Source: gdm's daemon/gdm-settings-keys.h.
for file in gdm3/custom.conf gdm3/daemon.conf gdm/custom.conf; do
	file=$root/etc/$file
	[ -e "$file" ] || continue
	! has_value AutomaticLogin "$file" || continue
	log_in "$file" daemon AutomaticLoginEnable=true "AutomaticLogin=$user"
done

# Source: lightdm.conf, as it comes with LightDM. The file counts more than those in the folder.
if is_installed lightdm; then
	set -- "$root/usr/share/lightdm/lightdm.conf.d"/* "$root/etc/lightdm/lightdm.conf.d"/* "$root/etc/lightdm/lightdm.conf"
	if ! has_value autologin-user "$@"; then
		session=
		has_default_session || has_value '(user|autologin)-session' "$@" || session=$(first_session)
		log_in "$root/etc/lightdm/lightdm.conf" 'Seat:*' "autologin-user=$user" autologin-user-timeout=0 \
			${session:+"autologin-session=$session"}
	fi
fi

# Source: lxdm.conf, as it comes with LXDM.
if [ -e "$root/etc/lxdm/lxdm.conf" ] && ! has_value autologin "$root/etc/lxdm/lxdm.conf"; then
	log_in "$root/etc/lxdm/lxdm.conf" base "autologin=$user"
fi

# Source: sddm.conf(5). It logs nobody in without a session; the login manager of Plasma comes from it.
for name in sddm plasmalogin; do
	is_installed "$name" || continue
	set -- "$root/etc/$name.conf.d"/*.conf "$root/etc/$name.conf"
	if in_section Autologin "$@" | has_value User -; then continue; fi
	session=$(first_session)
	[ -n "$session" ] || continue
	log_in "$root/etc/$name.conf" Autologin "User=$user" "Session=$session"
done

# Where PAM lets a greeter do so for members of a group alone, as Arch has it for LightDM.
if grep -qsE '^[^#]*ingroup autologin' "$root/etc/pam.d"/*; then
	groupadd --force --system ${root:+--root "$root"} autologin
	usermod --append --groups autologin ${root:+--root "$root"} "$user"
fi

# Programs that lock a screen, and greeters, to which who has locked it or logged out comes back.
ASKING='cinnamon-screensaver gdm-password gtklock hyprlock i3lock kde lightdm lxdm mate-screensaver plasmalogin
sddm swaylock xfce4-screensaver xscreensaver'

# let_in SERVICE: asks the user for nothing. What a distribution lays down lies in one of two folders.
let_in() {
	local file rule="auth sufficient pam_succeed_if.so quiet user = $user"
	for file in "$root/etc/pam.d/$1" "$root/usr/lib/pam.d/$1"; do
		[ -e "$file" ] || continue
		! grep -qxF "$rule" "$file" || return 0
		mkdir -p "$root/etc/pam.d"
		{ printf '%s\n' "$rule" && cat "$file"; } >"$root/etc/pam.d/.livesys"
		[ "$file" = "$root/etc/pam.d/$1" ] || : >"$root/etc/pam.d/$1"
		cat "$root/etc/pam.d/.livesys" >"$root/etc/pam.d/$1"
		rm "$root/etc/pam.d/.livesys"
		return
	done
}

if [ "$password" = none ]; then
	for service in $ASKING; do let_in "$service"; done
fi
