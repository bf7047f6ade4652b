# shellcheck shell=dash
# Which profile boots, and whether all of its layers are there.

# Names sorted as the shell lists them, in LIVESYS_NAMES, joined by the first argument.
livesys_profile_names() {
	local file
	LIVESYS_NAMES=
	for file in "$LIVESYS_MANIFEST/profile"/*; do
		LIVESYS_NAMES=$LIVESYS_NAMES${LIVESYS_NAMES:+$1}${file##*/}
	done
}

# Kernel argument, then selection, then the manifest.
livesys_choose_profile() {
	LIVESYS_PROFILE_SOURCE=argument
	LIVESYS_PROFILE=$LIVESYS_ARG_profile
	if [ -z "$LIVESYS_PROFILE" ] && livesys_has_selected_profile; then
		LIVESYS_PROFILE_SOURCE=selection
		LIVESYS_PROFILE=$LIVESYS_SELECTED_PROFILE
	elif [ -z "$LIVESYS_PROFILE" ]; then
		LIVESYS_PROFILE_SOURCE=default
		LIVESYS_PROFILE=${LIVESYS_DEFAULT_PROFILE:-$LIVESYS_FIRST_PROFILE}
	fi
	if [ ! -e "$LIVESYS_MANIFEST/profile/$LIVESYS_PROFILE" ]; then
		livesys_unknown_profile
		return
	fi
	read -r LIVESYS_LAYERS <"$LIVESYS_MANIFEST/profile/$LIVESYS_PROFILE"
	livesys_check_profile_layers
}

livesys_has_selected_profile() {
	[ -n "${LIVESYS_SELECTED_PROFILE:-}" ] || return
	[ ! -e "$LIVESYS_MANIFEST/profile/$LIVESYS_SELECTED_PROFILE" ] || return 0
	livesys_notice "profile $LIVESYS_SELECTED_PROFILE, which was selected, is not on this medium"
	return 1
}

livesys_unknown_profile() {
	local IFS=' '
	livesys_profile_names ' '
	# shellcheck disable=SC2086
	livesys_nearest "$LIVESYS_PROFILE" $LIVESYS_NAMES
	livesys_error E32 "there is no profile \"$LIVESYS_PROFILE\"${LIVESYS_NEAREST:+; did you mean \"$LIVESYS_NEAREST\"?}${LIVESYS_NEWLINE}profiles on this medium: $LIVESYS_NAMES"
}

livesys_check_profile_layers() {
	local layer seen=, IFS=,
	LIVESYS_LAYER_COUNT=0
	for layer in $LIVESYS_LAYERS; do
		case $seen in *",$layer,"*) livesys_bad_manifest "profile $LIVESYS_PROFILE names layer $layer twice" || return ;; esac
		seen=$seen$layer,
		LIVESYS_LAYER_COUNT=$((LIVESYS_LAYER_COUNT + 1))
	done
}

# livesys_check_layer_files DIRECTORY: every missing or cut layer in one message.
livesys_check_layer_files() {
	local layer file bytes rest problems='' IFS=,
	[ ! -L "$1/layers" ] || livesys_error E33 'the folder layers on the medium is a symbolic link' || return
	LIVESYS_DIRECTORY=$1
	set --
	for layer in $LIVESYS_LAYERS; do
		IFS=' ' read -r file rest <"$LIVESYS_MANIFEST/layer/$layer"
		if [ -L "$LIVESYS_DIRECTORY/$file" ]; then
			problems=$problems$LIVESYS_NEWLINE"layer $layer: $file is a symbolic link"
		elif [ ! -f "$LIVESYS_DIRECTORY/$file" ]; then
			problems=$problems$LIVESYS_NEWLINE"layer $layer: $file is missing"
		else
			set -- "$@" "$LIVESYS_DIRECTORY/$file"
		fi
	done
	if [ $# -gt 0 ]; then
		# One process for all layers; busybox has no long options here.
		stat -c '%s %n' "$@" >"$LIVESYS_STATE/sizes" 2>/dev/null || livesys_error E23 'the sizes of the layers cannot be read' || return
		livesys_compare_sizes || return
		problems=$problems$LIVESYS_SIZE_PROBLEMS
	fi
	[ -z "$problems" ] || livesys_error E33 "profile $LIVESYS_PROFILE cannot be assembled:$problems"
}

livesys_compare_sizes() {
	local size path layer file bytes rest IFS=' '
	LIVESYS_SIZE_PROBLEMS=
	while read -r size path; do
		layer=${path##*/}
		layer=${layer%-*}
		read -r file bytes rest <"$LIVESYS_MANIFEST/layer/$layer" || return
		[ "$size" = "$bytes" ] ||
			LIVESYS_SIZE_PROBLEMS=$LIVESYS_SIZE_PROBLEMS$LIVESYS_NEWLINE"layer $layer: $file has $size bytes instead of $bytes"
	done <"$LIVESYS_STATE/sizes"
}
