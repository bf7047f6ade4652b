# shellcheck shell=dash
# Letting go of mounts. The exitrd's own are /, /dev, /proc, /sys and /run; the old root is below
# LIVESYS_OLDROOT, its /run, with all that livesys mounted, at LIVESYS_RUN.

LIVESYS_OLDROOT=${LIVESYS_OLDROOT:-/oldroot}

# systemd leaves the old /run inside the old root, where nothing in it could be reached once the root is gone.
livesys_move_run() {
	mount --make-rprivate / 2>/dev/null
	mount --move "$LIVESYS_OLDROOT/run" "$LIVESYS_RUN" ||
		livesys_log 3 'exitrd: /run of the old root could not be moved'
}

# livesys_list_mounts outside|inside: mount points, newest first and as the kernel writes them, in LIVESYS_MOUNTS:
# those that livesys made below LIVESYS_HOME, or all others but the exitrd's own.
livesys_list_mounts() {
	local id parent device root target rest place
	LIVESYS_MOUNTS=
	while IFS=' ' read -r id parent device root target rest; do
		case $target in
			"$LIVESYS_HOME"/*) place=inside ;;
			/ | /run | "$LIVESYS_RUN" | /dev | /dev/* | /proc | /proc/* | /sys | /sys/*) continue ;;
			*) place=outside ;;
		esac
		[ "$place" != "$1" ] || LIVESYS_MOUNTS=$target${LIVESYS_MOUNTS:+"$LIVESYS_NEWLINE$LIVESYS_MOUNTS"}
	done <"$LIVESYS_PROC/self/mountinfo"
}

# The kernel writes a blank as \040.
livesys_unescape() {
	case $1 in
		*\\*) LIVESYS_TARGET=$(printf '%b' "$1") ;;
		*) LIVESYS_TARGET=$1 ;;
	esac
}

# One process for all of them: there may be 500 layers.
livesys_unmount_listed() {
	local target IFS="$LIVESYS_NEWLINE"
	set -f
	# shellcheck disable=SC2086
	set -- $LIVESYS_MOUNTS
	set +f
	[ $# -gt 0 ] || return 0
	for target; do
		shift
		livesys_unescape "$target"
		set -- "$@" "$LIVESYS_TARGET"
	done
	LIVESYS_UNMOUNT_ERRORS=$(umount "$@" 2>&1)
}

# livesys_let_go_of outside|inside: in rounds, because a loop device is freed a moment after its file system, and what
# lies on it only then. 1 = something is left in LIVESYS_MOUNTS.
livesys_let_go_of() {
	local before='' idle=0
	while :; do
		livesys_list_mounts "$1"
		[ -n "$LIVESYS_MOUNTS" ] || return 0
		if [ "$LIVESYS_MOUNTS" = "$before" ]; then
			idle=$((idle + 1))
			[ "$idle" -lt 10 ] || return 1
			sleep 0.1
		fi
		before=$LIVESYS_MOUNTS
		livesys_unmount_listed
		livesys_remove_mappings
		livesys_detach_loops
	done
}

livesys_report_left() {
	local target IFS="$LIVESYS_NEWLINE"
	livesys_list_mounts "$1"
	for target in $LIVESYS_MOUNTS; do
		livesys_unescape "$target"
		livesys_find_holders "$LIVESYS_TARGET"
		livesys_log 3 "exitrd: $LIVESYS_TARGET could not be unmounted${LIVESYS_HOLDERS:+, it is used by$LIVESYS_HOLDERS}"
	done
}

# Disk file systems that are still writable, in LIVESYS_WRITABLE. The options of the file system count, behind the
# separator, because a single mount of it may be read-only.
livesys_list_writable() {
	local id parent device root target rest
	LIVESYS_WRITABLE=
	while IFS=' ' read -r id parent device root target rest; do
		case $device in 0:*) continue ;; esac
		case ,${rest##* }, in *,rw,*) LIVESYS_WRITABLE="$LIVESYS_WRITABLE $target" ;; esac
	done <"$LIVESYS_PROC/self/mountinfo"
}

# The last resort: what cannot be unmounted is written out and closed for writing.
livesys_make_readonly() {
	local target IFS=' '
	sync
	livesys_list_writable
	for target in $LIVESYS_WRITABLE; do
		livesys_unescape "$target"
		mount -o remount,ro "$LIVESYS_TARGET" 2>/dev/null
	done
	livesys_list_writable
	[ -z "$LIVESYS_WRITABLE" ] && return
	# The kernel's own emergency: it also closes what a process has open.
	{ printf u >"$LIVESYS_PROC/sysrq-trigger"; } 2>/dev/null
	sleep 1
	livesys_list_writable
	[ -z "$LIVESYS_WRITABLE" ]
}
