# shellcheck shell=dash
# What the next boot takes, as long as the boot menu's first entry is started.

# In CONTROL_NEXT_PROFILE and CONTROL_NEXT_PERSISTENCE; 1 = only root can tell, or nobody while it is locked.
control_find_next() {
	LIVESYS_SELECTED_PROFILE='' LIVESYS_SELECTED_PERSISTENCE=''
	if [ -n "$CONTROL_DATA" ]; then
		[ -z "$CONTROL_LOCKED" ] || return
		[ "$(id -u)" = 0 ] || [ -r "$CONTROL_DATA_PATH/livesys" ] || return
		control_open_data look
		control_read_selection
	fi
	control_find_default
	CONTROL_NEXT_PROFILE=$CONTROL_DEFAULT
	if [ -n "$LIVESYS_SELECTED_PROFILE" ] && control_find_profile "$LIVESYS_SELECTED_PROFILE"; then
		CONTROL_NEXT_PROFILE=$LIVESYS_SELECTED_PROFILE
	fi
	control_find_profile "$CONTROL_NEXT_PROFILE"
	CONTROL_NEXT_PERSISTENCE=${LIVESYS_SELECTED_PERSISTENCE:-$CONTROL_MANIFEST_PERSISTENCE}
	CONTROL_NEXT_RESET=''
	if [ -n "$CONTROL_DATA" ]; then
		control_enter_changes "$CONTROL_NEXT_PROFILE"
		[ ! -e "$CONTROL_CHANGES/reset" ] || CONTROL_NEXT_RESET=1
	fi
}

control_read_selection() {
	livesys_read_selection "$CONTROL_ROOT/livesys/selection" ||
		printf 'livesysctl: the selection on %s is ignored: %s\n' "$CONTROL_DATA" "$LIVESYS_SELECTION_PROBLEM" >&2
}

# control_write_selection PROFILE PERSISTENCE: an empty value leaves what was chosen before.
control_write_selection() {
	control_open_data write
	control_read_selection
	livesys_write_selection "$CONTROL_ROOT" "${1:-$LIVESYS_SELECTED_PROFILE}" "${2:-$LIVESYS_SELECTED_PERSISTENCE}" ||
		control_stop 5 "nothing was changed on $CONTROL_DATA: $LIVESYS_SELECTION_PROBLEM"
}
