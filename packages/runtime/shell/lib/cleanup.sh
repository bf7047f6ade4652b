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

livesys_release_all() {
	local id parent device root target rest mounts=''
	while read -r id parent device root target rest; do
		case $target in
			"$LIVESYS_NEWROOT" | "$LIVESYS_HOME"/*) mounts="$target$LIVESYS_NEWLINE$mounts" ;;
		esac
	done <"$LIVESYS_PROC/self/mountinfo"
	# Newest first.
	while IFS= read -r target; do
		[ -z "$target" ] || umount "$target"
	done <<-END
		$mounts
	END
	rm -f "$LIVESYS_HOME/persist" "$LIVESYS_STATE"/[0-9]*-* "$LIVESYS_STATE/ready" "$LIVESYS_STATE/failure" "$LIVESYS_STATE/devices"
}

# After a failure somebody may switch the power off: what can be written is left clean, the rest may be looked at.
livesys_let_go() {
	[ -n "${LIVESYS_DATA_PATH:-}" ] || return 0
	! livesys_is_mounted "$LIVESYS_NEWROOT" || umount "$LIVESYS_NEWROOT"
	livesys_drop_changes
}
