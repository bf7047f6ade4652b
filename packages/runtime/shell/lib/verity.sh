# shellcheck shell=dash
# Whether layers are what the manifest says: all of them read before they are mounted (full), or each block
# by the kernel when it is read (lazy, dm-verity).

# What is done, in LIVESYS_VERIFY. Without a word from the kernel command line it is the best that costs nothing.
livesys_verify_layers() {
	LIVESYS_VERIFY=no LIVESYS_NO_VERITY=''
	case $LIVESYS_TORAM:$LIVESYS_ARG_verify in
		*:no) ;;
		yes:* | *:full) LIVESYS_VERIFY=full ;;
		*) if livesys_can_verity; then LIVESYS_VERIFY=lazy; else livesys_without_verity; fi ;;
	esac
	LIVESYS_FACTS="mode=$LIVESYS_VERIFY${LIVESYS_NO_VERITY:+ reason=$LIVESYS_NO_VERITY}"
	[ "$LIVESYS_VERIFY" != full ] || livesys_hash_layers
}

# Asked for and impossible, it is said; nobody asked, the log and the state know.
livesys_without_verity() {
	LIVESYS_VERIFY=no
	[ "$LIVESYS_ARG_verify" != lazy ] ||
		livesys_notice "livesys.verify=lazy is not possible, blocks are not checked: $LIVESYS_NO_VERITY"
}

livesys_can_verity() {
	local layer file bytes sha type offset root IFS=,
	for layer in $LIVESYS_LAYERS; do
		IFS=' ' read -r file bytes sha type offset root <"$LIVESYS_MANIFEST/layer/$layer"
		LIVESYS_NO_VERITY="layer $layer has no hash tree"
		[ "$root" != - ] || return
		LIVESYS_NO_VERITY="layer $layer is too large"
		livesys_divide "$offset" 4096
		[ ${#LIVESYS_QUOTIENT} -le 8 ] || return
	done
	LIVESYS_NO_VERITY='this boot image has no dmsetup'
	command -v dmsetup >/dev/null || return
	# What the processor has of sha256 comes first: later would be too late for what is open already.
	modprobe -qa dm_mod sha256_ssse3 sha2_ce sha256_arm64 dm_verity 2>/dev/null
	LIVESYS_NO_VERITY=''
}

# One process hashes all layers: it is as fast as the medium, or as the processor.
livesys_hash_layers() {
	local layer file rest hashes="$LIVESYS_STATE/hashes" IFS=,
	livesys_measure_layers
	set --
	for layer in $LIVESYS_LAYERS; do
		IFS=' ' read -r file rest <"$LIVESYS_MANIFEST/layer/$layer"
		set -- "$@" "$LIVESYS_SOURCE/$file"
	done
	livesys_log 5 "verify: $LIVESYS_LAYER_COUNT layers, $LIVESYS_LAYERS_MIB MiB"
	livesys_watched verify "$LIVESYS_LAYERS_MIB" "$hashes" sha256sum "$@"
	livesys_compare_hashes "$hashes"
}

# livesys_compare_hashes FILE: what sha256sum could not read is not in it.
livesys_compare_hashes() {
	local hash path layer file bytes sha rest seen=, damaged='' unread='' IFS=' '
	while read -r hash path; do
		layer=${path##*/}
		layer=${layer%-*}
		seen=$seen$layer,
		read -r file bytes sha rest <"$LIVESYS_MANIFEST/layer/$layer"
		[ "$hash" = "$sha" ] || damaged=$damaged$LIVESYS_NEWLINE"layer $layer: expected $sha, found $hash"
	done <"$1"
	IFS=,
	for layer in $LIVESYS_LAYERS; do
		case $seen in *",$layer,"*) continue ;; esac
		IFS=' ' read -r file rest <"$LIVESYS_MANIFEST/layer/$layer"
		unread=$unread$LIVESYS_NEWLINE"layer $layer: $file on $LIVESYS_MEDIUM_DEVICE cannot be read"
	done
	[ -z "$unread" ] || livesys_error E23 "layers cannot be read:$unread$damaged" || return
	[ -z "$damaged" ] || livesys_error E34 "layers on $LIVESYS_MEDIUM_DEVICE are damaged:$damaged"
}

# Maps what livesys_attach_layers listed, by one process, and finds the minor numbers of the new devices, in
# LIVESYS_MINORS. Without udev: its rules need not be there, and waiting for them would then have no end.
livesys_open_verity() {
	local said=''
	LIVESYS_MINORS=' '
	if livesys_derive_salts && livesys_write_verity_table &&
		said=$(dmsetup create --noudevsync --noudevrules --concise 2>&1 <"$LIVESYS_STATE/verity-table") &&
		said=$(dmsetup info -c --noheadings --separator : -o name,minor 2>&1); then
		LIVESYS_MINORS=" $(printf '%s\n' "$said" | tr '\n' ' ')"
		return
	fi
	livesys_close_verity
	: "${said:=its table cannot be written}"
	LIVESYS_NO_VERITY=${said%%"$LIVESYS_NEWLINE"*}
	livesys_log 4 "dm-verity: $said"
	livesys_without_verity
}

# The salt of a layer comes from its name; one process for all of them.
livesys_derive_salts() {
	local number layer loop
	rm -rf "$LIVESYS_STATE/salt" && mkdir "$LIVESYS_STATE/salt" || return
	set --
	while read -r number layer loop; do
		printf '%s' "livesys-salt $layer" >"$LIVESYS_STATE/salt/$number"
		set -- "$@" "$number"
	done <"$LIVESYS_STATE/attached"
	(cd "$LIVESYS_STATE/salt" && sha256sum "$@") >"$LIVESYS_STATE/salts"
}

# One line for all devices. The tree begins one block behind its superblock, which lies at the offset.
livesys_write_verity_table() {
	local salt number layer loop file bytes sha type offset root separator='' IFS=' '
	while read -r number layer loop && read -r salt file <&3; do
		read -r file bytes sha type offset root <"$LIVESYS_MANIFEST/layer/$layer"
		livesys_divide "$offset" 4096
		printf '%slivesys-%s,,,ro,0 %s verity 1 %s %s 4096 4096 %s %s sha256 %s %s' "$separator" "$number" \
			"$((LIVESYS_QUOTIENT * 8))" "$loop" "$loop" "$LIVESYS_QUOTIENT" "$((LIVESYS_QUOTIENT + 1))" "$root" "$salt"
		separator=';'
	done <"$LIVESYS_STATE/attached" 3<"$LIVESYS_STATE/salts" >"$LIVESYS_STATE/verity-table"
}

# Devices that are mounted go away with their mount, the others at once; a failed start leaves none behind.
livesys_close_verity() {
	local number layer loop
	set --
	while read -r number layer loop; do set -- "$@" "livesys-$number"; done <"$LIVESYS_STATE/attached"
	dmsetup remove --deferred --noudevsync "$@" 2>/dev/null
	rm -f "$LIVESYS_STATE/verity-table"
}
