# shellcheck shell=dash
# Puts the exitrd into /run/initramfs, in memory, where systemd looks for it: what lets go of every file system must
# not lie on one. dracut's own is unpacked at shutdown, from a file that a live system does not have.

LIVESYS_EXITRD_LIBRARY='paths text log'
LIVESYS_EXITRD_PROGRAMS='sh losetup mount readlink rm sleep sync umount'

livesys_install_exitrd() {
	local root="$LIVESYS_RUN/initramfs" library="${LIVESYS_LIB:-/usr/lib/livesys}" name IFS=' '
	local PATH="$PATH:/usr/lib/udev"
	local parts="${LIVESYS_EXITRD:-$library/exitrd}"
	# Where dracut runs without systemd, /run is mounted noexec (dracut#481).
	mount -o remount,exec "$LIVESYS_RUN" 2>/dev/null
	mkdir -p "$root/bin" "$root/lib/livesys" "$root/dev" "$root/proc" "$root/sys" "$root/run" "$root/oldroot" "$root/oldrun" || return
	livesys_exitrd_programs
	set --
	for name in $LIVESYS_EXITRD_LIBRARY; do
		set -- "$@" "$library/$name.sh"
	done
	# shellcheck disable=SC2086
	cp "$@" "$parts"/*.sh "$root/lib/livesys/" && livesys_copy_programs "$root" $LIVESYS_WANTED || return
	# The name that systemd looks for comes last: half an exitrd is none.
	cp "$parts/shutdown" "$root/.shutdown" && chmod 0755 "$root/.shutdown" && mv "$root/.shutdown" "$root/shutdown"
}

# What this system needs, in LIVESYS_WANTED.
livesys_exitrd_programs() {
	local path
	LIVESYS_WANTED=$LIVESYS_EXITRD_PROGRAMS
	# For its reboot, poweroff and halt.
	! livesys_find_program busybox || LIVESYS_WANTED="$LIVESYS_WANTED busybox"
	# mksh has none of its own.
	case $(command -v printf) in /*) LIVESYS_WANTED="$LIVESYS_WANTED printf" ;; esac
	for path in "$LIVESYS_SYS/class/block"/sr*; do
		[ ! -e "$path" ] || ! livesys_find_program cdrom_id || LIVESYS_WANTED="$LIVESYS_WANTED cdrom_id"
		break
	done
	for path in "$LIVESYS_SYS/class/block"/dm-*; do
		[ ! -e "$path" ] || ! livesys_find_program dmsetup || LIVESYS_WANTED="$LIVESYS_WANTED dmsetup"
		break
	done
}

livesys_find_program() {
	local directory IFS=:
	for directory in $PATH; do
		LIVESYS_PROGRAM=$directory/$1
		[ ! -f "$LIVESYS_PROGRAM" ] || [ ! -x "$LIVESYS_PROGRAM" ] || return 0
	done
	return 1
}

# livesys_copy_programs ROOT NAME…: into ROOT/bin, their libraries where the loader looks for them.
livesys_copy_programs() {
	local root="$1" list="$LIVESYS_STATE/libraries" name arrow path rest
	shift
	for name; do
		shift
		livesys_find_program "$name" || livesys_error E1 "the program $name is missing" || return
		set -- "$@" "$LIVESYS_PROGRAM"
	done
	cp "$@" "$root/bin/" || return
	# The loader itself tells; a program without one says its version.
	for path; do
		LD_TRACE_LOADED_OBJECTS=1 "$path" --version
	done </dev/null >"$list" 2>/dev/null
	set --
	while IFS=' 	' read -r name arrow path rest; do
		case $name in /*) path=$name ;; esac
		case $path in /*) ;; *) continue ;; esac
		case " $* " in *" $path "*) ;; *) set -- "$@" "$path" ;; esac
	done <"$list"
	[ $# -eq 0 ] || cp -L --parents "$@" "$root/"
}
