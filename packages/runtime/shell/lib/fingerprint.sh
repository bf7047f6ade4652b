# shellcheck shell=dash
# Changes belong to the layers they were made on. The kernel does not notice other ones below the same upper,
# so they are bound to the hashes of the layers.

# The layers of the profile, lowest first, in LIVESYS_FINGERPRINT.
livesys_fingerprint() {
	local layer file bytes sha rest IFS=,
	LIVESYS_FINGERPRINT=
	for layer in $LIVESYS_LAYERS; do
		IFS=' ' read -r file bytes sha rest <"$LIVESYS_MANIFEST/layer/$layer"
		LIVESYS_FINGERPRINT="${LIVESYS_FINGERPRINT}layer $layer $sha$LIVESYS_NEWLINE"
	done
}

# 500 layers with the longest names take 70 kB.
LIVESYS_FINGERPRINT_LIMIT=131072

# What is stored, in LIVESYS_STORED_IMAGE and LIVESYS_STORED.
livesys_read_fingerprint() {
	local text
	LIVESYS_STORED='' LIVESYS_STORED_IMAGE=''
	[ -f "$1" ] || return 0
	# The point keeps the last newline.
	text=$(head -c "$LIVESYS_FINGERPRINT_LIMIT" "$1" 2>/dev/null | tr -c '\012\040-\176' '?' && printf .)
	text=${text%.}
	case $text in "livesys-fingerprint 1${LIVESYS_NEWLINE}image "*"$LIVESYS_NEWLINE"*) ;; *) return 0 ;; esac
	text=${text#*"${LIVESYS_NEWLINE}image "}
	LIVESYS_STORED_IMAGE=${text%%"$LIVESYS_NEWLINE"*}
	LIVESYS_STORED=${text#*"$LIVESYS_NEWLINE"}
	livesys_is_uuid "$LIVESYS_STORED_IMAGE" || LIVESYS_STORED_IMAGE=
}

livesys_check_fingerprint() {
	[ -d "$LIVESYS_CHANGES/upper" ] || return 0
	livesys_fingerprint
	livesys_read_fingerprint "$LIVESYS_CHANGES/fingerprint"
	[ "$LIVESYS_STORED" != "$LIVESYS_FINGERPRINT" ] || return 0
	if [ -z "$LIVESYS_ARG_rebase" ]; then
		livesys_error E44 "the stored changes of profile $LIVESYS_PROFILE were made on other layers: image ${LIVESYS_STORED_IMAGE:-unknown}, this is $LIVESYS_IMAGE"
		return
	fi
	livesys_notice "E44 the stored changes of profile $LIVESYS_PROFILE were made on image ${LIVESYS_STORED_IMAGE:-unknown} and are used on this one from now on"
	[ "$LIVESYS_PERSISTENCE" = readonly ] || livesys_write_fingerprint
}

livesys_write_fingerprint() {
	livesys_fingerprint
	livesys_replace_file "$LIVESYS_CHANGES" fingerprint "livesys-fingerprint 1${LIVESYS_NEWLINE}image $LIVESYS_IMAGE$LIVESYS_NEWLINE$LIVESYS_FINGERPRINT" 2>/dev/null ||
		livesys_error E42 "$LIVESYS_DATA_NAME cannot be written"
}
