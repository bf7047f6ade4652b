# shellcheck shell=dash
# DATA that is encrypted with LUKS: its passphrase is asked for at the consoles. Nothing is encrypted or formatted here.

LIVESYS_MAPPING=livesys-data

# Before the selection on it is read. It stays unlocked until the machine goes off: nobody types a passphrase twice.
livesys_unlock_data() {
	local mode=write protected=0
	[ "$LIVESYS_DATA_FS" = crypto_LUKS ] && [ -z "$LIVESYS_DATA_CODE" ] || return 0
	LIVESYS_DATA_ENCRYPTED=/dev/$LIVESYS_DATA_NAME
	{ read -r protected <"$LIVESYS_SYS/class/block/$LIVESYS_DATA_NAME/ro"; } 2>/dev/null
	case $LIVESYS_ARG_persistence:$protected in readonly:* | *:1) mode='look' LIVESYS_DATA_PROTECTED=1 ;; esac
	if livesys_unlock $mode "$LIVESYS_DEV/$LIVESYS_DATA_NAME" "$LIVESYS_DATA_NAME"; then
		LIVESYS_DATA_NAME=mapper/$LIVESYS_MAPPING
		livesys_type_of_unlocked
		LIVESYS_DATA_FS=$LIVESYS_UNLOCKED_FS
	else
		livesys_no_data "$LIVESYS_CODE" "$LIVESYS_REASON"
	fi
}

livesys_type_of_unlocked() {
	LIVESYS_UNLOCKED_FS=$(blkid -p -s TYPE -o value "$LIVESYS_DEV/mapper/$LIVESYS_MAPPING")
	# With a damaged superblock there is no type; e2fsck says more about that.
	: "${LIVESYS_UNLOCKED_FS:=ext4}"
}

# livesys_unlock look|write DEVICE NAME: what is in it is $LIVESYS_DEV/mapper/$LIVESYS_MAPPING then.
livesys_unlock() {
	[ "$LIVESYS_ARG_persistence" != off ] ||
		livesys_error E41 "$3 is encrypted, and unlocked only where changes are to be kept" || return
	command -v cryptsetup >/dev/null ||
		livesys_error E41 "$3 is encrypted, and this boot image has no cryptsetup: build it with initramfs: dracut({ encryption: true })" || return
	modprobe -qa dm_mod dm_crypt 2>/dev/null
	# An image file is opened again, for the selection and then for the changes.
	if [ -n "${LIVESYS_PASSPHRASE:-}" ]; then livesys_open_mapping "$1" "$2" && return; fi
	livesys_ask_to_unlock "$@"
}

livesys_ask_to_unlock() {
	local try=1
	while [ "$try" -le 3 ]; do
		livesys_log 3 "$3 is encrypted: type its passphrase and press Enter, it is not shown (try $try of 3)"
		livesys_ask 120 512 livesys_is_any_answer 'then it goes on without' ||
			livesys_error E41 "$3 is encrypted, and nobody typed its passphrase" || return
		LIVESYS_PASSPHRASE=$LIVESYS_ANSWER LIVESYS_ANSWER=''
		livesys_open_mapping "$1" "$2" && return
		LIVESYS_PASSPHRASE=
		[ -z "$LIVESYS_UNLOCK_ERROR" ] ||
			livesys_error E41 "$3 cannot be unlocked: $LIVESYS_UNLOCK_ERROR" || return
		livesys_log 3 'no key is available with this passphrase'
		try=$((try + 1))
	done
	livesys_error E41 "$3 is encrypted, and no passphrase was right in 3 tries"
}

# livesys_open_mapping look|write DEVICE: another reason than a wrong passphrase is in LIVESYS_UNLOCK_ERROR. Without
# udev: its rules need not be there, and waiting for them would then have no end.
livesys_open_mapping() {
	local said status flag=''
	LIVESYS_UNLOCK_ERROR=
	# cryptsetup takes it for a mistake.
	[ -n "$LIVESYS_PASSPHRASE" ] || return
	[ "$1" = write ] || flag=--readonly
	# shellcheck disable=SC2086
	said=$(printf '%s' "$LIVESYS_PASSPHRASE" |
		DM_DISABLE_UDEV=1 cryptsetup open --type luks --key-file=- $flag "$2" "$LIVESYS_MAPPING" 2>&1)
	status=$?
	case $status in
		0 | 2) ;;
		*)
			# Warnings come first.
			said=${said##*"$LIVESYS_NEWLINE"}
			LIVESYS_UNLOCK_ERROR="${said:-cryptsetup ended with $status}"
			;;
	esac
	return "$status"
}

# A start that failed, or one that begins anew.
livesys_lock_data() {
	[ ! -e "$LIVESYS_DEV/mapper/$LIVESYS_MAPPING" ] || DM_DISABLE_UDEV=1 cryptsetup close "$LIVESYS_MAPPING" 2>/dev/null
}

# livesys_unlock_image look|write LOOP: the device to mount in LIVESYS_IMAGE_DEVICE, and LIVESYS_UPPER_FS is what is in it.
livesys_unlock_image() {
	LIVESYS_IMAGE_DEVICE=$2
	[ "$LIVESYS_UPPER_FS" = crypto_LUKS ] || return 0
	LIVESYS_DATA_ENCRYPTED=$LIVESYS_DATA_INSIDE
	livesys_unlock "$1" "$2" "$LIVESYS_DATA_INSIDE on $LIVESYS_DATA_NAME" || return
	LIVESYS_IMAGE_DEVICE=$LIVESYS_DEV/mapper/$LIVESYS_MAPPING
	livesys_type_of_unlocked
	LIVESYS_UPPER_FS=$LIVESYS_UNLOCKED_FS
}

# The kernel keeps what is mounted, and frees a loop device and a mapping on it with their mount.
livesys_release_image() {
	[ "$LIVESYS_IMAGE_DEVICE" = "$1" ] || DM_DISABLE_UDEV=1 cryptsetup close --deferred "$LIVESYS_MAPPING" 2>/dev/null
	losetup -d "$1" 2>/dev/null
}
