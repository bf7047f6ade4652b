# shellcheck shell=dash
# DATA: where changes and the selection are kept. Without livesys.data= it is a partition of our own type on
# the disk of the medium; a partition that merely bears our label, or lies on another disk, is never taken.

LIVESYS_DATA_TYPE=4c495645-5359-5344-4154-410a7b3d5e91

# What is found, in LIVESYS_DATA_NAME, _FS and _INSIDE (the path that livesys.data= names on it);
# a reason why nothing can be kept there, in LIVESYS_DATA_CODE and _REASON.
livesys_find_data() {
	LIVESYS_DATA_NAME='' LIVESYS_DATA_FS='' LIVESYS_DATA_INSIDE='' LIVESYS_DATA_PATH='' LIVESYS_DATA_CHECKED='' LIVESYS_DATA_DAMAGED=''
	LIVESYS_DATA_CODE='' LIVESYS_DATA_REASON='' LIVESYS_DATA_ENCRYPTED='' LIVESYS_DATA_PROTECTED='' LIVESYS_PASSPHRASE=''
	if [ -n "$LIVESYS_ARG_data" ]; then livesys_find_named_data; else livesys_find_own_data; fi
	livesys_unlock_data
	[ -n "$LIVESYS_ARG_data$LIVESYS_DATA_CODE" ] || [ "$LIVESYS_DATA_FS" = ext4 ] ||
		livesys_no_data E42 "$LIVESYS_DATA_NAME has $LIVESYS_DATA_FS instead of ext4"
	LIVESYS_FACTS="data=${LIVESYS_DATA_NAME:-none} fs=${LIVESYS_DATA_FS:--}"
}

livesys_no_data() {
	LIVESYS_DATA_CODE=$1
	LIVESYS_DATA_REASON=$2
}

livesys_find_own_data() {
	local IFS=' '
	livesys_list_own_data
	# shellcheck disable=SC2086
	set -- $LIVESYS_OWN_DATA
	if [ $# -eq 0 ]; then
		livesys_no_data E40 "this medium has no partition for changes ($LIVESYS_MEDIUM_DEVICE)"
		return
	fi
	LIVESYS_DATA_NAME=${1%%:*}
	# With a damaged superblock there is no type; e2fsck says more about that.
	LIVESYS_DATA_FS=${1#*:}
	: "${LIVESYS_DATA_FS:=ext4}"
	[ $# -eq 1 ] || livesys_notice "the medium has $# partitions for changes; $LIVESYS_DATA_NAME is used"
}

# Partitions of our type beside the medium, in LIVESYS_OWN_DATA as name:type. One process for all of them.
livesys_list_own_data() {
	local medium="${LIVESYS_MEDIUM_DEVICE#/dev/}" disk path name='' line fs='' ours=''
	LIVESYS_OWN_DATA=
	set --
	for disk in "$LIVESYS_SYS/class/block"/*/"$medium"; do
		[ -e "$disk/partition" ] || return 0
		for path in "${disk%/*}"/*/partition; do
			path=${path%/partition}
			[ "${path##*/}" = "$medium" ] || set -- "$@" "$LIVESYS_DEV/${path##*/}"
		done
	done
	[ $# -gt 0 ] || return 0
	blkid -p -o export "$@" >"$LIVESYS_STATE/blkid" 2>/dev/null
	printf 'DEVNAME=\n' >>"$LIVESYS_STATE/blkid"
	while IFS= read -r line; do
		case $line in
			DEVNAME=*)
				[ -z "$ours" ] || LIVESYS_OWN_DATA="$LIVESYS_OWN_DATA $name:$fs"
				name=${line##*/} fs='' ours=''
				;;
			TYPE=*) fs=${line#TYPE=} ;;
			PART_ENTRY_TYPE="$LIVESYS_DATA_TYPE") ours=1 ;;
		esac
	done <"$LIVESYS_STATE/blkid"
}

# livesys.data=SPEC[:/PATH]. Other disks may be slower than the medium, so it is waited for like the medium.
livesys_find_named_data() {
	local start
	LIVESYS_SPEC=${LIVESYS_ARG_data%%:/*}
	LIVESYS_DATA_INSIDE=${LIVESYS_ARG_data#"$LIVESYS_SPEC"}
	LIVESYS_DATA_INSIDE=${LIVESYS_DATA_INSIDE#:}
	livesys_uptime
	start=${LIVESYS_NOW%%.*}
	while :; do
		livesys_search_data
		[ -z "$LIVESYS_MATCHES" ] || break
		livesys_uptime
		LIVESYS_WAITED=$((${LIVESYS_NOW%%.*} - start))
		if [ "$LIVESYS_WAITED" -ge "$LIVESYS_ARG_timeout" ] || [ "$LIVESYS_ARG_persistence" = off ]; then
			livesys_no_data E40 "there is no $LIVESYS_SPEC, which livesys.data= names (waited $LIVESYS_WAITED s)"
			return 0
		fi
		sleep 0.5 2>/dev/null || sleep 1
	done
	livesys_take_named_data
}

livesys_search_data() {
	local name
	LIVESYS_MATCHES=
	: >"$LIVESYS_STATE/devices"
	livesys_list_devices
	for name in $LIVESYS_CANDIDATES; do
		name=${name#;}
		[ -n "$name" ] || continue
		livesys_look_at_device "$name"
		[ -n "$LIVESYS_REFUSED" ] || livesys_identify_device "$name"
		if livesys_is_asked_for "$name"; then
			# Encrypted disks are left alone; this one is named.
			[ "$LIVESYS_FS" != crypto_LUKS ] || LIVESYS_REFUSED=
			LIVESYS_MATCHES="$LIVESYS_MATCHES $name:$LIVESYS_FS:$LIVESYS_REFUSED$LIVESYS_NEWLINE"
			livesys_verdict "$name" "${LIVESYS_REFUSED:-named by livesys.data=}"
		else
			livesys_verdict "$name" "${LIVESYS_REFUSED:-not the device that livesys.data= names}"
		fi
	done
}

# Writing to the wrong one of two is worse than writing to none.
livesys_take_named_data() {
	local rest="${LIVESYS_MATCHES#*"$LIVESYS_NEWLINE"}"
	LIVESYS_MATCHES=${LIVESYS_MATCHES%%"$LIVESYS_NEWLINE"*}
	LIVESYS_MATCHES=${LIVESYS_MATCHES# }
	LIVESYS_DATA_NAME=${LIVESYS_MATCHES%%:*}
	if [ -n "$rest" ]; then
		rest=${rest# }
		livesys_no_data E40 "livesys.data= names several devices: $LIVESYS_DATA_NAME, ${rest%%:*}"
		LIVESYS_DATA_NAME=
		return
	fi
	LIVESYS_MATCHES=${LIVESYS_MATCHES#*:}
	LIVESYS_DATA_FS=${LIVESYS_MATCHES%%:*}
	LIVESYS_MATCHES=${LIVESYS_MATCHES#*:}
	[ -z "$LIVESYS_MATCHES" ] || livesys_no_data E42 "$LIVESYS_DATA_NAME: $LIVESYS_MATCHES"
}
