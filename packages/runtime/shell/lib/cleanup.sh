# shellcheck shell=dash
# A start after a failed one begins from nothing.

# livesys_is_mounted DIRECTORY
livesys_is_mounted() {
	local id parent device root target rest
	while read -r id parent device root target rest; do
		[ "$target" != "$1" ] || return 0
	done <"$LIVESYS_PROC/self/mountinfo"
	return 1
}

# The kernel lets go of a verity or loop device, and so of the file below it, a moment after its mount is gone.
livesys_unmount() {
	local try=0
	until umount "$1" 2>/dev/null; do
		try=$((try + 1))
		[ "$try" -lt 10 ] || break
		sleep 0.2 2>/dev/null || sleep 1
	done
	[ "$try" -lt 10 ] || umount "$1"
}

livesys_release_all() {
	local id parent device root target rest mounts=''
	while read -r id parent device root target rest; do
		case $target in
			"$LIVESYS_NEWROOT" | "$LIVESYS_HOME"/*) mounts="$target$LIVESYS_NEWLINE$mounts" ;;
		esac
	done <"$LIVESYS_PROC/self/mountinfo"
	# Newest first.
	while IFS= read -r target; do
		[ -z "$target" ] || livesys_unmount "$target"
	done <<-END
		$mounts
	END
	# There only when a start was ended between making the devices and mounting them.
	[ ! -e "$LIVESYS_STATE/verity-table" ] || livesys_close_verity
	# What a failed try told need not be true of the next one.
	[ ! -e "$LIVESYS_STATE/failure" ] || rm -f "$LIVESYS_STATE/notices"
	livesys_lock_data
	rm -f "$LIVESYS_HOME/persist" "$LIVESYS_STATE"/[0-9]*-* "$LIVESYS_STATE/ready" "$LIVESYS_STATE/failure" "$LIVESYS_STATE/devices"
}

# After a failure somebody may switch the power off: what can be written is left clean, the rest may be looked at.
livesys_let_go() {
	if [ -n "${LIVESYS_DATA_PATH:-}" ]; then
		! livesys_is_mounted "$LIVESYS_NEWROOT" || umount "$LIVESYS_NEWROOT"
		livesys_drop_changes
	fi
	livesys_lock_data
}
