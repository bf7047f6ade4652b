# shellcheck shell=dash
# Finding the medium: the file system whose manifest claims our image id. Labels are never trusted.

# Options that keep a probe from writing: a plain `ro` mount of ext4 replays the journal of somebody's disk.
livesys_probe_options() {
	LIVESYS_OPTIONS=ro,nodev,nosuid,noexec
	LIVESYS_DRIVER=$1
	case $1 in
		ext2 | ext3 | ext4)
			LIVESYS_DRIVER=ext4
			LIVESYS_OPTIONS=$LIVESYS_OPTIONS,noload
			;;
		xfs) LIVESYS_OPTIONS=$LIVESYS_OPTIONS,norecovery,nouuid ;;
		f2fs) LIVESYS_OPTIONS=$LIVESYS_OPTIONS,norecovery ;;
		btrfs) LIVESYS_OPTIONS=$LIVESYS_OPTIONS,rescue=nologreplay ;;
		ntfs) LIVESYS_DRIVER=ntfs3 ;;
	esac
}

# livesys_mount_readonly DEVICE TYPE DIRECTORY: the tool's words in LIVESYS_MOUNT_ERROR.
livesys_mount_readonly() {
	livesys_probe_options "$2"
	LIVESYS_MOUNT_ERROR=$(mount -t "$LIVESYS_DRIVER" -o "$LIVESYS_OPTIONS" "$1" "$3" 2>&1) && return
	LIVESYS_MOUNT_ERROR=${LIVESYS_MOUNT_ERROR%%"$LIVESYS_NEWLINE"*}
	return 1
}

livesys_find_medium() {
	local start
	livesys_uptime
	start=${LIVESYS_NOW%%.*}
	LIVESYS_SPEC=$LIVESYS_ARG_medium
	LIVESYS_SEEN=' ' LIVESYS_AWAITED='' LIVESYS_MATCHES='' LIVESYS_DAMAGED='' LIVESYS_WAITED=0
	while :; do
		livesys_search_round
		[ -z "$LIVESYS_MATCHES" ] || break
		livesys_uptime
		LIVESYS_WAITED=$((${LIVESYS_NOW%%.*} - start))
		[ "$LIVESYS_WAITED" -lt "$LIVESYS_ARG_timeout" ] || break
		! livesys_is_leaving || break
		livesys_wait_for_devices
	done
	LIVESYS_FACTS="waited=$LIVESYS_WAITED"
	[ -n "$LIVESYS_MATCHES" ] || livesys_medium_not_found || return
	livesys_choose_medium && livesys_take_medium
}

# Half a second, or less when a device comes or goes: to list them costs less than to look at each.
livesys_wait_for_devices() {
	local tenths=5
	while [ "$tenths" -gt 0 ]; do
		sleep 0.1 2>/dev/null || tenths=0
		[ "$tenths" -gt 0 ] || sleep 1
		livesys_device_names
		[ "$LIVESYS_DEVICE_NAMES" = "$LIVESYS_LISTED" ] || return 0
		tenths=$((tenths - 1))
	done
}

# One look at every device, class by class: a stick that matches leaves the internal disks alone.
livesys_search_round() {
	local rest class name IFS=' '
	: >"$LIVESYS_STATE/devices"
	livesys_list_devices
	rest="$LIVESYS_CANDIDATES;"
	while [ -n "$rest" ]; do
		class=${rest%%;*}
		rest=${rest#*;}
		for name in $class; do
			livesys_try_device "$name"
		done
		[ -z "$LIVESYS_MATCHES" ] || return 0
	done
}

# livesys_is_beside_match NAME: a partition of the disk that has been found; a second copy there changes nothing.
livesys_is_beside_match() {
	local match disk IFS=' '
	for match in $LIVESYS_MATCHES; do
		for disk in "$LIVESYS_SYS/class/block"/*/"${match%%:*}"; do
			[ ! -e "${disk%/*}/$1" ] || return 0
		done
	done
	return 1
}

livesys_try_device() {
	local key sequence='' sectors=0
	livesys_look_at_device "$1"
	! livesys_is_beside_match "$1" || LIVESYS_REFUSED='on the disk where the medium was found'
	if [ -n "$LIVESYS_REFUSED" ]; then
		livesys_verdict "$1" "$LIVESYS_REFUSED"
		return
	fi
	# A device that has not changed gets the same answer; a drive may still be spinning up.
	# A partition has the number of its disk.
	{ read -r sequence <"$LIVESYS_SYS/class/block/$1/diskseq" || read -r sequence <"$LIVESYS_SYS/class/block/$1/../diskseq"; } 2>/dev/null
	{ read -r sectors <"$LIVESYS_SYS/class/block/$1/size"; } 2>/dev/null
	key="$1:$sequence:$sectors"
	case $1:$LIVESYS_SEEN in
		sr*) ;;
		*" $key "*)
			cat "$LIVESYS_STATE/verdict-$1" >>"$LIVESYS_STATE/devices" 2>/dev/null
			return
			;;
	esac
	livesys_identify_device "$1"
	if livesys_awaits_partitions "$1"; then
		livesys_verdict "$1" 'its partitions are not there yet'
		return
	fi
	if ! livesys_is_asked_for "$1"; then
		LIVESYS_REFUSED='not the device that livesys.medium= names'
	elif [ -z "$LIVESYS_REFUSED" ]; then
		livesys_probe_device "$1"
	fi
	livesys_verdict "$1" "${LIVESYS_REFUSED:-holds this image}"
	# A node may appear before its file system can be read; only a full look is remembered.
	[ -n "$LIVESYS_FS" ] || return 0
	LIVESYS_SEEN="$LIVESYS_SEEN$key "
	printf '%s\n' "$LIVESYS_VERDICT" >"$LIVESYS_STATE/verdict-$1"
}

livesys_probe_device() {
	local target="$LIVESYS_HOME/probe" loop
	[ -z "$LIVESYS_ARG_iso" ] || target=$LIVESYS_HOME/probe-carrier
	if ! livesys_mount_readonly "$LIVESYS_DEV/$1" "$LIVESYS_FS" "$target"; then
		LIVESYS_REFUSED="mount failed: ${LIVESYS_MOUNT_ERROR##*: }"
		return
	fi
	if [ -z "$LIVESYS_ARG_iso" ]; then
		livesys_judge_medium "$1" "$target" "$LIVESYS_FS"
	elif livesys_attach_iso "$target$LIVESYS_ARG_iso" "$LIVESYS_HOME/probe"; then
		livesys_judge_medium "$1" "$LIVESYS_HOME/probe" "$LIVESYS_ISO_FS"
		livesys_unmount "$LIVESYS_HOME/probe"
	fi
	livesys_unmount "$target"
}

# livesys_attach_iso FILE DIRECTORY: the whole loop device, never a partition of it.
livesys_attach_iso() {
	local loop
	if [ -L "$1" ] || [ ! -f "$1" ]; then
		LIVESYS_REFUSED="no file $LIVESYS_ARG_iso"
		return 1
	fi
	LIVESYS_ISO_SEEN=1
	loop=$(losetup -r -f --show "$1" 2>/dev/null) || {
		LIVESYS_REFUSED="no loop device for $LIVESYS_ARG_iso"
		return 1
	}
	LIVESYS_ISO_FS=$(blkid -p -s TYPE -o value "$loop")
	if ! livesys_mount_readonly "$loop" "${LIVESYS_ISO_FS:-iso9660}" "$2"; then
		LIVESYS_REFUSED="$LIVESYS_ARG_iso: mount failed: ${LIVESYS_MOUNT_ERROR##*: }"
	fi
	# The kernel keeps a loop device that is mounted and frees it with the mount.
	losetup -d "$loop" 2>/dev/null
	[ -z "$LIVESYS_REFUSED" ]
}

# livesys_judge_medium DEVICE DIRECTORY TYPE
livesys_judge_medium() {
	local copy="$LIVESYS_STATE/manifest.probe"
	livesys_copy_manifest "$2" "$copy"
	case $? in
		0) ;;
		1) LIVESYS_REFUSED='no /livesys/manifest' ;;
		2) LIVESYS_REFUSED='its manifest is a symbolic link' ;;
		*) LIVESYS_REFUSED='its manifest cannot be read' ;;
	esac
	[ -z "$LIVESYS_REFUSED" ] || return 0
	if ! livesys_claimed_image "$copy"; then
		LIVESYS_REFUSED='its manifest is damaged'
		LIVESYS_DAMAGED=$1
	elif [ "$LIVESYS_CLAIMED" != "$LIVESYS_ARG_image" ]; then
		LIVESYS_REFUSED="another image: $LIVESYS_CLAIMED"
	else
		LIVESYS_MATCHES="$LIVESYS_MATCHES $1:$3:$LIVESYS_PARTUUID"
	fi
}

livesys_medium_not_found() {
	local where="${LIVESYS_ARG_medium:+ on $LIVESYS_ARG_medium}"
	if [ -n "$LIVESYS_DAMAGED" ]; then
		livesys_error E30 "the manifest on $LIVESYS_DAMAGED is damaged, and no other medium holds image $LIVESYS_ARG_image (waited $LIVESYS_WAITED s)"
	elif [ -n "$LIVESYS_ARG_iso" ] && [ -z "${LIVESYS_ISO_SEEN:-}" ]; then
		livesys_error E22 "no file system has the file $LIVESYS_ARG_iso (waited $LIVESYS_WAITED s)"
	else
		livesys_error E20 "no medium holds image $LIVESYS_ARG_image$where (waited $LIVESYS_WAITED s)"
	fi
}

# Copies of one medium: the disk the firmware booted from, else the first in order, and never in silence.
livesys_choose_medium() {
	local match names='' boot IFS=' '
	# shellcheck disable=SC2086
	set -- $LIVESYS_MATCHES
	LIVESYS_CHOSEN=$1
	[ $# -gt 1 ] || return 0
	livesys_firmware_partition
	boot=$LIVESYS_BOOT_PARTUUID
	for match; do
		names="$names ${match%%:*}"
		[ -z "$boot" ] || [ "${match##*:}" != "$boot" ] || { LIVESYS_CHOSEN=$match && boot=; }
	done
	[ -z "$LIVESYS_ARG_strict" ] || livesys_error E21 "several media hold image $LIVESYS_ARG_image:$names" || return
	livesys_notice "E21 several media hold this image:$names; ${LIVESYS_CHOSEN%%:*} is used"
}

# Boot loaders leave the partition they came from in an EFI variable, as UTF-16 behind four bytes.
livesys_firmware_partition() {
	local folder="$LIVESYS_SYS/firmware/efi/efivars" file=LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f
	LIVESYS_BOOT_PARTUUID=
	[ -d "$folder" ] || return 0
	file=$folder/$file
	# Only systemd has mounted it already.
	[ -r "$file" ] || mount -t efivarfs -o nosuid,nodev,noexec efivarfs "$folder" 2>/dev/null
	[ -r "$file" ] || return 0
	LIVESYS_BOOT_PARTUUID=$(tail -c +5 "$file" | tr -cd '0-9A-Fa-f-' | tr A-F a-f)
}

# Mounted again instead of moved: below systemd's shared mounts the kernel refuses to move one.
livesys_take_medium() {
	local name="${LIVESYS_CHOSEN%%:*}" target="$LIVESYS_HOME/medium" rest="${LIVESYS_CHOSEN#*:}"
	LIVESYS_MEDIUM_DEVICE=/dev/$name
	LIVESYS_MEDIUM_FS=${rest%%:*}
	LIVESYS_REFUSED=''
	if [ -z "$LIVESYS_ARG_iso" ]; then
		livesys_mount_readonly "$LIVESYS_DEV/$name" "$LIVESYS_MEDIUM_FS" "$target" ||
			livesys_error E23 "$name cannot be mounted a second time: $LIVESYS_MOUNT_ERROR" || return
	else
		livesys_identify_device "$name"
		livesys_mount_readonly "$LIVESYS_DEV/$name" "$LIVESYS_FS" "$LIVESYS_HOME/carrier" &&
			livesys_attach_iso "$LIVESYS_HOME/carrier$LIVESYS_ARG_iso" "$target" ||
			livesys_error E23 "$LIVESYS_ARG_iso on $name cannot be mounted a second time" || return
	fi
	LIVESYS_FACTS="$LIVESYS_FACTS medium=$name fs=$LIVESYS_MEDIUM_FS"
}
