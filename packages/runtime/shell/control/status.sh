# shellcheck shell=dash
# control_status, for people and for programs.

control_status() {
	local next
	control_read_state
	control_set_dot
	control_line livesys "$CONTROL_PROFILE${LIVESYS_DOT}persistence $CONTROL_PERSISTENCE$LIVESYS_DOT$(control_say_medium)"
	control_line layers "$(control_say_layers)"
	control_line changes "$(control_say_changes)"
	next=$(control_say_next) || next='not known'
	control_line next "$next"
	[ "$CONTROL_PERSISTENCE" = "$CONTROL_ASKED" ] || [ -z "$CONTROL_REASON" ] || control_line note "$CONTROL_REASON"
	control_say_notices
}

control_say_next() {
	if control_find_next; then
		printf 'profile %s, persistence %s%s' "$CONTROL_NEXT_PROFILE" "$CONTROL_NEXT_PERSISTENCE" \
			"${CONTROL_NEXT_RESET:+, without what is stored now}"
	elif [ -n "$CONTROL_LOCKED" ]; then
		printf 'as chosen last; %s is encrypted and was not unlocked' "$CONTROL_DATA$CONTROL_DATA_INSIDE"
	else
		printf 'as chosen last; only root can see it'
	fi
}

control_say_medium() {
	if [ "$CONTROL_MEDIUM_STATE" = released ]; then
		printf 'in memory, the medium may be removed'
	else
		printf 'medium %s' "$CONTROL_MEDIUM${CONTROL_ISO:+, file $CONTROL_ISO}"
	fi
}

control_say_layers() {
	local layer text='' IFS=,
	for layer in $CONTROL_LAYERS; do
		text=$text${text:+  }$layer
	done
	case $CONTROL_VERIFY in
		full) text=$text${LIVESYS_DOT}'verified at boot' ;;
		lazy) text="$text${LIVESYS_DOT}verified as they are read$(control_say_damage)" ;;
		*) text=$text${LIVESYS_DOT}'not verified' ;;
	esac
	printf '%s' "$text"
}

# The kernel writes V or C, for corrupt, behind the word verity. Few systems have dmsetup; then its log has to do.
control_say_damage() {
	local line count=0
	[ "$(id -u)" = 0 ] || return
	while IFS= read -r line; do
		case $line in *' verity C'*) count=$((count + 1)) ;; esac
	done <<-END
		$(dmsetup status --target verity 2>/dev/null || control_list_damage)
	END
	case $count in
		0) printf ', no error' ;;
		*) printf ', errors in %s' "$count" ;;
	esac
}

# One line for each device that has ever had an error, as dmsetup would write it.
control_list_damage() {
	dmesg 2>/dev/null | sed -n 's/.*device-mapper: verity: \([0-9]*:[0-9]*\): .* is corrupted.*/\1: verity C/p' | sort -u
}

control_say_changes() {
	local text=''
	if control_upper && control_measure "$CONTROL_UPPER"; then
		control_human "$CONTROL_KIB"
		text="$CONTROL_SIZE in $CONTROL_FILES files"
		[ "$CONTROL_FILES" -ne 1 ] || text="$CONTROL_SIZE in 1 file"
		[ "$CONTROL_PERSISTENCE" != on ] || ! control_age "$LIVESYS_PUBLIC/upper/fingerprint" ||
			text="$text, since $CONTROL_AGE"
	fi
	if control_measure_room; then
		control_human "$CONTROL_FREE"
		text="$text${text:+, }$CONTROL_SIZE free"
	fi
	case $CONTROL_PERSISTENCE in
		on) printf '%s on %s' "$text" "$(control_say_place)" ;;
		*) printf '%s in memory, gone when it is switched off' "$text" ;;
	esac
}

# The name of what is on the stick says more than that of the mapping.
control_say_place() {
	case $CONTROL_ENCRYPTED in
		'') printf '%s' "$CONTROL_DATA" ;;
		/dev/*) printf '%s, encrypted' "$CONTROL_ENCRYPTED" ;;
		*) printf '%s, encrypted' "$CONTROL_DATA$CONTROL_DATA_INSIDE" ;;
	esac
}

control_say_notices() {
	local key value
	while IFS='=' read -r key value; do
		case $key in notice_*) control_line note "$value" ;; esac
	done <"$LIVESYS_PUBLIC/state"
}

# The state as the boot wrote it, and what has become of it since: sizes in bytes, null where only root can tell.
control_status_json() {
	local bytes=null files=null free=null next
	control_read_state
	if control_upper && control_measure "$CONTROL_UPPER"; then
		bytes=$(control_calculate "$CONTROL_KIB" '*' 1024)
		files=$CONTROL_FILES
	fi
	! control_measure_room || free=$(control_calculate "$CONTROL_FREE" '*' 1024)
	next=$(control_find_next && control_next_json) || next=null
	sed '$d' "$LIVESYS_PUBLIC/state.json" | sed '$s/$/,/'
	printf '  "changes": {"bytes": %s, "files": %s, "free": %s},\n  "next": %s\n}\n' "$bytes" "$files" "$free" "$next"
}

control_next_json() {
	printf '{"profile": "%s", "persistence": "%s", "reset": %s}' "$CONTROL_NEXT_PROFILE" "$CONTROL_NEXT_PERSISTENCE" \
		"$(if [ -n "$CONTROL_NEXT_RESET" ]; then printf true; else printf false; fi)"
}
