# shellcheck shell=dash
# Block devices: what is there, in which order it is tried, and why each was refused.
# Nothing here waits for udev: kernels since 5.19 send no event for some devices (dracut#2183).

# One line per device and round in the table file: name|size|file system|label|uuid|verdict.
livesys_verdict() {
	LIVESYS_VERDICT="$1|${LIVESYS_SIZE:--}|${LIVESYS_FS:--}|${LIVESYS_LABEL:--}|${LIVESYS_UUID:--}|$2"
	printf '%s\n' "$LIVESYS_VERDICT" >>"$LIVESYS_STATE/devices"
}

livesys_device_table() {
	local name size fs label uuid verdict
	[ -e "$LIVESYS_STATE/devices" ] || return 0
	if [ ! -s "$LIVESYS_STATE/devices" ]; then
		printf 'no disk, stick or drive was seen\n'
		return
	fi
	printf '%-12s %9s %-10s %-16s %-36s %s\n' device size fs label uuid verdict
	while IFS='|' read -r name size fs label uuid verdict; do
		printf '%-12s %9s %-10s %-16s %-36s %s\n' "$name" "$size" "$fs" "$label" "$uuid" "$verdict"
	done <"$LIVESYS_STATE/devices"
}

# Sectors of 512 bytes to decimal MB or GB; mksh counts in 32 bits, so three digits go first.
livesys_human_size() {
	local thousands="${1%???}"
	case $1 in '' | 0 | *[!0-9]*)
		LIVESYS_SIZE=0
		return
		;;
	esac
	[ ${#1} -gt 3 ] || thousands=0
	LIVESYS_SIZE=$((thousands * 64 / 125))
	if [ "$LIVESYS_SIZE" -lt 10000 ]; then LIVESYS_SIZE=${LIVESYS_SIZE}MB; else LIVESYS_SIZE=$((LIVESYS_SIZE / 1000))GB; fi
}

# The order of trying, in LIVESYS_CLASS: 1 what people plug in, 2 other removable disks, 3 the rest.
livesys_device_class() {
	local path removable=0 parent="$LIVESYS_SYS/class/block/$1" here="$PWD"
	LIVESYS_CLASS=1
	case $1 in sr* | mmcblk*) return ;; esac
	# Where the link leads, without a process for each device.
	CDPATH='' cd -P "$parent" 2>/dev/null || return 0
	path=$PWD
	cd "$here" || return
	case $path in */usb[0-9]*) return ;; esac
	[ ! -e "$parent/partition" ] || parent=${path%/*}
	{ read -r removable <"$parent/removable"; } 2>/dev/null
	LIVESYS_CLASS=3
	[ "$removable" != 1 ] || LIVESYS_CLASS=2
}

# As the kernel lists them, in LIVESYS_DEVICE_NAMES.
livesys_device_names() {
	local IFS=' '
	set -- "$LIVESYS_SYS/class/block"/*
	LIVESYS_DEVICE_NAMES=$*
}

# All block devices by class, in LIVESYS_CANDIDATES; what there was, in LIVESYS_LISTED.
livesys_list_devices() {
	local path name first='' second='' third=''
	livesys_device_names
	LIVESYS_LISTED=$LIVESYS_DEVICE_NAMES
	for path in "$LIVESYS_SYS/class/block"/*; do
		name=${path##*/}
		[ -e "$path" ] || continue
		case $name in ram* | zram* | nbd*) continue ;; esac
		case $name in loop*) [ "$LIVESYS_SPEC" = "/dev/$name" ] || continue ;; esac
		livesys_device_class "$name"
		case $LIVESYS_CLASS in
			1) first="$first $name" ;;
			2) second="$second $name" ;;
			3) third="$third $name" ;;
		esac
	done
	LIVESYS_CANDIDATES="$first ;$second ;$third"
}

# What sysfs alone tells; a reason in LIVESYS_REFUSED means that the device is not opened at all.
livesys_look_at_device() {
	local sectors=0 path="$LIVESYS_SYS/class/block/$1" child
	LIVESYS_FS='' LIVESYS_LABEL='' LIVESYS_UUID='' LIVESYS_PARTUUID='' LIVESYS_PARTLABEL='' LIVESYS_REFUSED='' LIVESYS_LABEL_RAW='' LIVESYS_PARTLABEL_RAW=''
	{ read -r sectors <"$path/size"; } 2>/dev/null
	livesys_human_size "$sectors"
	case $1 in
		# The drive itself has to be asked: sysfs keeps the size of the last disc.
		sr*) return ;;
		dm-* | md*) LIVESYS_REFUSED='part of a volume or array: never used' ;;
	esac
	[ "$LIVESYS_SIZE" != 0 ] || LIVESYS_REFUSED='no medium in it'
	for child in "$path/holders"/*; do
		[ ! -e "$child" ] || LIVESYS_REFUSED="in use by ${child##*/}"
	done
	# Mounting a whole disk would block its second file system (and isohybrid labels lie: systemd#12409).
	for child in "$path/$1"*; do
		[ ! -e "$child/partition" ] || [ "$LIVESYS_SPEC" = "/dev/$1" ] ||
			LIVESYS_REFUSED='has partitions, each is tried by itself'
	done
}

livesys_identify_device() {
	local line
	LIVESYS_TABLE=
	blkid -p -o udev "$LIVESYS_DEV/$1" >"$LIVESYS_STATE/blkid" 2>/dev/null
	while IFS= read -r line; do
		case $line in
			ID_FS_TYPE=*) LIVESYS_FS=${line#*=} ;;
			ID_FS_LABEL=*) LIVESYS_LABEL=${line#*=} ;;
			ID_FS_LABEL_ENC=*) LIVESYS_LABEL_RAW=${line#*=} ;;
			ID_FS_UUID=*) LIVESYS_UUID=${line#*=} ;;
			ID_PART_ENTRY_UUID=*) LIVESYS_PARTUUID=${line#*=} ;;
			ID_PART_ENTRY_NAME=*) LIVESYS_PARTLABEL_RAW=${line#*=} ;;
			ID_PART_TABLE_TYPE=*) LIVESYS_TABLE=1 ;;
			ID_PART_ENTRY_TYPE="$LIVESYS_DATA_TYPE") LIVESYS_REFUSED='keeps changes, is no medium' ;;
		esac
	done <"$LIVESYS_STATE/blkid"
	[ -z "$LIVESYS_SPEC" ] || LIVESYS_REFUSED=
	[ -n "$LIVESYS_REFUSED" ] || livesys_refuse_type
}

# The kernel shows a disk before it has read its partition table, and a disk that is mounted as a whole has no place for
# changes. A table that the kernel does not take is waited for in four rounds. A drive has no partitions.
livesys_awaits_partitions() {
	[ -n "$LIVESYS_TABLE" ] && [ ! -e "$LIVESYS_SYS/class/block/$1/partition" ] && [ "$LIVESYS_SPEC" != "/dev/$1" ] || return
	case $1:$LIVESYS_AWAITED in sr*) return 1 ;; *" $1 "*" $1 "*" $1 "*" $1 "*) return 1 ;; esac
	LIVESYS_AWAITED="$LIVESYS_AWAITED $1 "
}

livesys_refuse_type() {
	case $LIVESYS_FS in
		iso9660 | udf | vfat | exfat | ntfs | ntfs3 | ext2 | ext3 | ext4 | xfs | btrfs | f2fs | squashfs | erofs) ;;
		'') LIVESYS_REFUSED='no file system found' ;;
		swap | swsuspend) LIVESYS_REFUSED='swap: never touched' ;;
		crypto_LUKS | BitLocker) LIVESYS_REFUSED='encrypted: never opened' ;;
		LVM*_member | *_raid_member | zfs_member | bcache) LIVESYS_REFUSED='part of a volume or array: never used' ;;
		*) LIVESYS_REFUSED='not a file system that a medium can have' ;;
	esac
}

# Whether the device is the one that LIVESYS_SPEC names; when that is empty, every device is.
livesys_is_asked_for() {
	local value="${LIVESYS_SPEC#*=}"
	case $LIVESYS_SPEC in
		'') ;;
		/dev/*) [ "$LIVESYS_SPEC" = "/dev/$1" ] || [ "$(readlink -f "$LIVESYS_DEV/${LIVESYS_SPEC#/dev/}")" = "$(readlink -f "$LIVESYS_DEV/$1")" ] ;;
		UUID=*) [ "$value" = "$LIVESYS_UUID" ] ;;
		LABEL=*)
			livesys_escape_blanks "$value"
			[ "$value" = "$LIVESYS_LABEL" ] || [ "$LIVESYS_ESCAPED" = "$LIVESYS_LABEL_RAW" ]
			;;
		PARTUUID=*) [ "$value" = "$LIVESYS_PARTUUID" ] ;;
		PARTLABEL=*)
			livesys_escape_blanks "$value"
			[ "$LIVESYS_ESCAPED" = "$LIVESYS_PARTLABEL_RAW" ]
			;;
	esac
}

# A name with its blanks as blkid writes them, in LIVESYS_ESCAPED.
livesys_escape_blanks() {
	local rest="$1"
	LIVESYS_ESCAPED=
	while [ "${rest#* }" != "$rest" ]; do
		LIVESYS_ESCAPED=$LIVESYS_ESCAPED${rest%% *}'\x20'
		rest=${rest#* }
	done
	LIVESYS_ESCAPED=$LIVESYS_ESCAPED$rest
}
