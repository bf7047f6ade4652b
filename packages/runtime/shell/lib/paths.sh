# shellcheck shell=dash
# Every path the runtime touches, so that a test can point it at a fake tree.

LIVESYS_VERSION=1

livesys_set_paths() {
	LIVESYS_PREFIX=${LIVESYS_PREFIX:-}
	LIVESYS_PROC=${LIVESYS_PROC:-$LIVESYS_PREFIX/proc}
	LIVESYS_SYS=${LIVESYS_SYS:-$LIVESYS_PREFIX/sys}
	LIVESYS_DEV=${LIVESYS_DEV:-$LIVESYS_PREFIX/dev}
	LIVESYS_RUN=${LIVESYS_RUN:-$LIVESYS_PREFIX/run}
	LIVESYS_KMSG=${LIVESYS_KMSG:-$LIVESYS_DEV/kmsg}
	LIVESYS_CMDLINE=${LIVESYS_CMDLINE:-$LIVESYS_PROC/cmdline}
	LIVESYS_NEWROOT=${LIVESYS_NEWROOT:-$LIVESYS_PREFIX/sysroot}
	# Below /run/initramfs systemd neither stops nor unmounts anything (systemd#17988, #38767).
	LIVESYS_HOME=$LIVESYS_RUN/initramfs/livesys
	LIVESYS_STATE=$LIVESYS_HOME/state
	LIVESYS_PUBLIC=$LIVESYS_RUN/livesys
}

livesys_make_directories() {
	mkdir -p "$LIVESYS_STATE" "$LIVESYS_HOME/medium" "$LIVESYS_HOME/carrier" "$LIVESYS_HOME/ram" "$LIVESYS_HOME/lower" "$LIVESYS_NEWROOT" \
		"$LIVESYS_HOME/probe" "$LIVESYS_HOME/probe-carrier" "$LIVESYS_HOME/upper-tmp" "$LIVESYS_HOME/data" "$LIVESYS_HOME/data-carrier" &&
		# What lies in the upper is root's, without the checks of the merged view.
		chmod 0700 "$LIVESYS_HOME/probe" "$LIVESYS_HOME/probe-carrier" "$LIVESYS_HOME/upper-tmp" "$LIVESYS_HOME/data" "$LIVESYS_HOME/data-carrier"
}

# Options shared by the entry points: --prefix DIR, --cmdline FILE, --newroot DIR.
livesys_read_options() {
	while [ $# -gt 0 ]; do
		case $1 in
			--prefix | --cmdline | --newroot)
				[ $# -ge 2 ] || livesys_usage "$1 needs a value" || return
				;;
		esac
		case $1 in
			--prefix) LIVESYS_PREFIX=$2 ;;
			--cmdline) LIVESYS_CMDLINE=$2 ;;
			--newroot) LIVESYS_NEWROOT=$2 ;;
			*) livesys_usage "unknown option $1" || return ;;
		esac
		shift 2
	done
	livesys_set_paths
}

livesys_usage() {
	printf '%s: %s\nusage: %s [--prefix DIR] [--cmdline FILE] [--newroot DIR]\n' "${0##*/}" "$1" "${0##*/}" >&2
	return 2
}
