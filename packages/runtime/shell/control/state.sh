# shellcheck shell=dash
# What the boot wrote down: key=value, and the manifest it checked.

control_read_state() {
	local key value
	[ -r "$LIVESYS_PUBLIC/state" ] ||
		control_stop 4 "this system was not started by livesys: there is no $LIVESYS_PUBLIC/state"
	CONTROL_PROFILE='' CONTROL_PERSISTENCE=off CONTROL_ASKED='' CONTROL_REASON='' CONTROL_LAYERS='' CONTROL_VERIFY=no
	CONTROL_MEDIUM='' CONTROL_MEDIUM_STATE='' CONTROL_ISO='' CONTROL_DATA='' CONTROL_DATA_PATH='' CONTROL_DATA_INSIDE='' CONTROL_TORAM=no
	CONTROL_ENCRYPTED='' CONTROL_LOCKED=''
	while IFS='=' read -r key value; do
		case $key in
			profile) CONTROL_PROFILE=$value ;;
			persistence) CONTROL_PERSISTENCE=$value ;;
			persistence_asked) CONTROL_ASKED=$value ;;
			persistence_reason) CONTROL_REASON=$value ;;
			layers) CONTROL_LAYERS=$value ;;
			verify) CONTROL_VERIFY=$value ;;
			toram) CONTROL_TORAM=$value ;;
			medium) CONTROL_MEDIUM_STATE=$value ;;
			medium_device) CONTROL_MEDIUM=$value ;;
			medium_iso) CONTROL_ISO=$value ;;
			data_device) CONTROL_DATA=$value ;;
			data_path) CONTROL_DATA_PATH=$LIVESYS_RUN${value#/run} ;;
			data_inside) CONTROL_DATA_INSIDE=$value ;;
			data_encrypted) CONTROL_ENCRYPTED=$value ;;
		esac
	done <"$LIVESYS_PUBLIC/state"
	[ "$CONTROL_DATA_PATH" != "$LIVESYS_RUN" ] || CONTROL_DATA_PATH=
	# A partition stays unlocked where a passphrase was typed, an image file only while it is used.
	case $CONTROL_ENCRYPTED:$CONTROL_DATA_PATH:$CONTROL_DATA in
		:*) ;;
		*::/dev/mapper/*) ;;
		*::*) CONTROL_LOCKED=1 ;;
	esac
}

# control_each_profile FUNCTION: called with name, layers, "default" or "-", and on, off or required.
control_each_profile() {
	local call="$1" kind name default layers rest need persistence file="$LIVESYS_PUBLIC/manifest"
	[ -r "$file" ] || control_stop 4 "the manifest of this medium cannot be read: $file"
	while IFS=' ' read -r kind name default layers rest; do
		[ "$kind" = profile ] || continue
		persistence=off
		while IFS=' ' read -r kind rest; do
			case "$kind $rest" in
				"persist $name "*" required") persistence=required ;;
				"persist $name "*) persistence=on ;;
			esac
		done <"$file"
		"$call" "$name" "$layers" "$default" "$persistence"
	done <"$file"
}

# The default profile, and whether it keeps changes, in CONTROL_DEFAULT and CONTROL_DEFAULT_PERSISTENCE.
control_find_default() {
	CONTROL_DEFAULT=''
	control_each_profile control_note_default
}

control_note_default() {
	[ -z "$CONTROL_DEFAULT" ] || [ "$3" = default ] || return 0
	CONTROL_DEFAULT=$1
}

# control_find_profile NAME: 1 = there is none; the names of all in CONTROL_NAMES, its persistence in CONTROL_MANIFEST_PERSISTENCE.
control_find_profile() {
	CONTROL_WANTED=$1 CONTROL_FOUND='' CONTROL_NAMES='' CONTROL_MANIFEST_PERSISTENCE=off
	control_each_profile control_note_profile
	[ -n "$CONTROL_FOUND" ]
}

control_note_profile() {
	CONTROL_NAMES="$CONTROL_NAMES${CONTROL_NAMES:+ }$1"
	[ "$1" = "$CONTROL_WANTED" ] || return 0
	CONTROL_FOUND=$1
	CONTROL_MANIFEST_PERSISTENCE=$4
	[ "$4" = off ] || CONTROL_MANIFEST_PERSISTENCE=on
}
