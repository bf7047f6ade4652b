# shellcheck shell=dash

# control_set_persistence on|off
control_set_persistence() {
	control_read_state
	control_need_root persistence "$1"
	control_write_selection '' "$1"
	control_find_default
	set -- "$1" "${LIVESYS_SELECTED_PROFILE:-$CONTROL_DEFAULT}"
	case $1 in
		on) printf 'From the next boot, changes are kept on %s.' "$CONTROL_DATA" ;;
		off) printf 'From the next boot, changes are kept in memory only.' ;;
	esac
	if control_stored "$2"; then
		case $1 in
			on) printf ' Stored already: %s.' "$CONTROL_SIZE" ;;
			off) printf ' What is stored stays: %s.' "$CONTROL_SIZE" ;;
		esac
	fi
	printf '\n'
	control_say_menu
}

# A request: the changes of a running session cannot be taken away from below it.
control_reset_changes() {
	control_read_state
	control_need_root persistence reset
	control_open_data write
	if ! control_stored "$CONTROL_PROFILE"; then
		printf 'Nothing is stored for profile %s.\n' "$CONTROL_PROFILE"
		return
	fi
	{ livesys_replace_file "$CONTROL_CHANGES" reset '' && sync "$CONTROL_CHANGES"; } ||
		control_stop 5 "nothing was changed: $CONTROL_CHANGES cannot be written"
	printf 'The next boot of profile %s starts without its stored changes and deletes them: %s.\n' "$CONTROL_PROFILE" "$CONTROL_SIZE"
	printf 'To keep them after all: livesysctl persistence reset --cancel\n'
}

control_cancel_reset() {
	control_read_state
	control_need_root persistence reset --cancel
	control_open_data write
	control_enter_changes "$CONTROL_PROFILE"
	if [ ! -e "$CONTROL_CHANGES/reset" ]; then
		printf 'No reset of profile %s was asked for.\n' "$CONTROL_PROFILE"
		return
	fi
	{ rm -f "$CONTROL_CHANGES/reset" && sync "$CONTROL_CHANGES"; } ||
		control_stop 5 "nothing was changed: $CONTROL_CHANGES cannot be written"
	printf 'The stored changes of profile %s stay.\n' "$CONTROL_PROFILE"
}
