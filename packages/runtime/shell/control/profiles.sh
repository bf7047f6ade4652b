# shellcheck shell=dash

control_list_profiles() {
	control_read_state
	CONTROL_NEXT_PROFILE=$(control_find_next && printf '%s' "$CONTROL_NEXT_PROFILE") || CONTROL_NEXT_PROFILE=
	control_find_default
	CONTROL_WIDTH=7
	control_each_profile control_note_width
	printf "%-${CONTROL_WIDTH}s  %-12s %-14s %s\n" profile persistence '' layers
	control_each_profile control_show_profile
	[ -n "$CONTROL_NEXT_PROFILE$CONTROL_LOCKED" ] || printf '%s\n' 'Which one is next, only root can see.'
	[ -z "$CONTROL_LOCKED" ] || printf '%s\n' "Which one is next is not known: $CONTROL_DATA$CONTROL_DATA_INSIDE is encrypted and was not unlocked."
}

control_note_width() {
	[ ${#1} -le "$CONTROL_WIDTH" ] || CONTROL_WIDTH=${#1}
}

control_show_profile() {
	local marks=''
	[ "$1" != "$CONTROL_PROFILE" ] || marks=now
	[ "$1" != "$CONTROL_NEXT_PROFILE" ] || marks=$marks${marks:+, }next
	[ "$1" != "$CONTROL_DEFAULT" ] || marks=$marks${marks:+, }default
	printf "%-${CONTROL_WIDTH}s  %-12s %-14s %s\n" "$1" "$4" "$marks" "$(printf '%s' "$2" | tr , ' ')"
}

control_list_profiles_json() {
	control_read_state
	CONTROL_NEXT_PROFILE=$(control_find_next && printf '%s' "$CONTROL_NEXT_PROFILE") || CONTROL_NEXT_PROFILE=
	control_find_default
	CONTROL_COMMA=
	printf '['
	control_each_profile control_show_profile_json
	printf '\n]\n'
}

control_show_profile_json() {
	local now=false next=null default=false
	[ "$1" != "$CONTROL_PROFILE" ] || now=true
	[ -z "$CONTROL_NEXT_PROFILE" ] || next=false
	[ "$1" != "$CONTROL_NEXT_PROFILE" ] || next=true
	[ "$1" != "$CONTROL_DEFAULT" ] || default=true
	printf '%s\n  {"name": "%s", "persistence": "%s", "now": %s, "next": %s, "default": %s, "layers": ' \
		"$CONTROL_COMMA" "$1" "$4" "$now" "$next" "$default"
	livesys_json_list "$2"
	printf '}'
	CONTROL_COMMA=,
}

# control_use_profile NAME
control_use_profile() {
	control_read_state
	if ! control_find_profile "$1"; then
		# shellcheck disable=SC2086
		livesys_nearest "$1" $CONTROL_NAMES
		control_stop 2 "there is no profile \"$1\"${LIVESYS_NEAREST:+; did you mean \"$LIVESYS_NEAREST\"?}" "profiles of this medium: $CONTROL_NAMES"
	fi
	control_need_root profile use "$1"
	control_write_selection "$1" ''
	case ${LIVESYS_SELECTED_PERSISTENCE:-$CONTROL_MANIFEST_PERSISTENCE} in
		on) set -- "$1" 'its changes are kept' ;;
		*) set -- "$1" 'its changes are kept in memory only' ;;
	esac
	printf 'From the next boot, profile %s, and %s.\n' "$1" "$2"
	control_say_menu
}

control_say_menu() {
	printf '%s\n' 'The first entry of the boot menu, "as chosen last", does so; the others decide by themselves.'
}
