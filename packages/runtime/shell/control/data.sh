# shellcheck shell=dash
# DATA: in use by this session, or opened for a moment the way the boot opens it, below $LIVESYS_HOME.

# control_open_data look|write: the directory that plays its root, in CONTROL_ROOT. "look" changes nothing on it.
control_open_data() {
	[ -n "$CONTROL_DATA" ] || control_stop 4 "$CONTROL_MEDIUM has no partition for changes: nothing can be remembered there" \
		'Choose in the boot menu instead. A stick gets one from "Set up persistence on this stick" in that menu.'
	CONTROL_ROOT=$CONTROL_DATA_PATH
	case $1:$CONTROL_PERSISTENCE:$CONTROL_ROOT in
		*:) control_open_unused_data "$1" ;;
		look:* | write:on:*) ;;
		*) control_make_data_writable ;;
	esac
}

control_open_unused_data() {
	[ -z "$CONTROL_LOCKED" ] || control_stop 5 "$CONTROL_DATA$CONTROL_DATA_INSIDE is encrypted, and was not unlocked for this session" \
		'Start an entry of the boot menu that keeps changes, type the passphrase, and choose there.'
	control_lock
	LIVESYS_DATA_NAME=${CONTROL_DATA#/dev/} LIVESYS_DATA_INSIDE=$CONTROL_DATA_INSIDE LIVESYS_DATA_CHECKED='' LIVESYS_DATA_DAMAGED='' LIVESYS_DATA_PROTECTED=''
	LIVESYS_MEDIUM_DEVICE=$CONTROL_MEDIUM LIVESYS_ARG_iso=$CONTROL_ISO
	LIVESYS_DATA_FS=$(blkid -p -s TYPE -o value "$LIVESYS_DEV/$LIVESYS_DATA_NAME" 2>/dev/null)
	[ -n "$LIVESYS_DATA_FS" ] || control_stop 5 "no file system is found on $CONTROL_DATA" 'Is the medium still there?'
	control_close_at_exit livesys_close_data
	# What an interrupted call left open.
	livesys_close_data
	livesys_open_data "$1" || control_stop 5 "$CONTROL_DATA cannot be opened: $LIVESYS_REASON"
	CONTROL_ROOT=$LIVESYS_DATA_PATH
}

# The session shows stored changes and keeps none.
control_make_data_writable() {
	local error
	control_lock
	control_close_at_exit control_make_data_readonly
	error=$(mount -o remount,rw "$LIVESYS_HOME/data" 2>&1) ||
		control_stop 5 "$CONTROL_DATA cannot be written: $error" "$CONTROL_REASON"
}

control_make_data_readonly() {
	mount -o remount,ro "$LIVESYS_HOME/data"
}

# control_close_at_exit FUNCTION
control_close_at_exit() {
	# shellcheck disable=SC2064
	trap "$1" EXIT
	trap 'exit 130' INT
	trap 'exit 143' HUP TERM
}

# Two at a time would close what the other one writes to.
control_lock() {
	command -v flock >/dev/null || return 0
	mkdir -p "$LIVESYS_RUN/lock"
	exec 9>"$LIVESYS_RUN/lock/livesysctl"
	flock -w 20 9 || control_stop 5 'another livesysctl is at work'
}

# control_enter_changes PROFILE: its directory in CONTROL_CHANGES. Nothing that a stick brings along may lead out of it.
control_enter_changes() {
	local path
	CONTROL_CHANGES=$CONTROL_ROOT/livesys/persistence/$1
	for path in "${CONTROL_CHANGES%/*/*}" "${CONTROL_CHANGES%/*}" "$CONTROL_CHANGES" "$CONTROL_CHANGES/upper"; do
		[ ! -L "$path" ] || control_stop 5 "${path#"$CONTROL_ROOT"} on $CONTROL_DATA is a symbolic link"
	done
}

# control_stored PROFILE: how much is stored for it, in CONTROL_SIZE; 1 = nothing.
control_stored() {
	control_enter_changes "$1"
	[ -d "$CONTROL_CHANGES/upper" ] && control_measure "$CONTROL_CHANGES/upper" && control_human "$CONTROL_KIB"
}
