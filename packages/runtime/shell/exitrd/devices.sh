# shellcheck shell=dash
# Mappings and loop devices that nothing is mounted from any more.

# Mapped devices that are not mounted. libdevmapper would wait for a udev that has ended.
livesys_remove_mappings() {
	local path name number mounted=' ' id parent device rest
	set --
	for path in "$LIVESYS_SYS/class/block"/dm-*; do
		[ -e "$path/dm/name" ] || continue
		[ $# -gt 0 ] || while IFS=' ' read -r id parent device rest; do mounted="$mounted$device "; done <"$LIVESYS_PROC/self/mountinfo"
		{ read -r number <"$path/dev" && IFS= read -r name <"$path/dm/name"; } 2>/dev/null || continue
		case $mounted in *" $number "*) ;; *) set -- "$@" "$name" ;; esac
	done
	[ $# -eq 0 ] || DM_DISABLE_UDEV=1 dmsetup remove "$@" >/dev/null 2>&1
}

# The kernel frees a loop device that is in use with its last user, and says nothing (util-linux#431).
livesys_detach_loops() {
	local path
	set --
	for path in "$LIVESYS_SYS/class/block"/loop*; do
		[ ! -e "$path/loop" ] || set -- "$@" "$LIVESYS_DEV/${path##*/}"
	done
	[ $# -eq 0 ] || losetup -d "$@" 2>/dev/null
}
