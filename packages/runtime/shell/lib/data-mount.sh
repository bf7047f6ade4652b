# shellcheck shell=dash
# Opening DATA: its root appears at $LIVESYS_HOME/data, be it a partition, a directory or an image file.

# livesys_open_data look|readonly|write: "look" never replays a journal and writes nothing at all.
livesys_open_data() {
	local place="$LIVESYS_HOME/data"
	[ -z "$LIVESYS_DATA_INSIDE" ] || place=$LIVESYS_HOME/data-carrier
	LIVESYS_UPPER_FS=$LIVESYS_DATA_FS
	if livesys_open_device "$1" "$place" && livesys_open_inside "$1"; then
		LIVESYS_DATA_PATH=$LIVESYS_HOME/data
		return
	fi
	livesys_close_data
	return 1
}

livesys_close_data() {
	LIVESYS_DATA_PATH=
	! livesys_is_mounted "$LIVESYS_HOME/data" || umount "$LIVESYS_HOME/data" || return
	livesys_is_mounted "$LIVESYS_HOME/data-carrier" || return 0
	# The medium lies on it and keeps it mounted.
	[ "/dev/$LIVESYS_DATA_NAME" != "$LIVESYS_MEDIUM_DEVICE" ] || mount -o remount,ro "$LIVESYS_HOME/data-carrier" 2>/dev/null
	# udev may still look at the loop device of an image on it, and at what was unlocked in that.
	livesys_unmount "$LIVESYS_HOME/data-carrier"
}

# livesys_open_device MODE DIRECTORY
livesys_open_device() {
	local device="$LIVESYS_DEV/$LIVESYS_DATA_NAME" protected=0
	[ -n "$LIVESYS_DATA_INSIDE" ] || livesys_is_upper_type "$LIVESYS_DATA_FS" "$LIVESYS_DATA_NAME" || return
	if [ "/dev/$LIVESYS_DATA_NAME" = "$LIVESYS_MEDIUM_DEVICE" ]; then
		livesys_share_medium "$1" "$2"
		return
	fi
	{ read -r protected <"$LIVESYS_SYS/class/block/$LIVESYS_DATA_NAME/ro"; } 2>/dev/null
	# Damaged, and chosen to be shown all the same: as it is, without its journal.
	[ -z "$LIVESYS_DATA_DAMAGED" ] || [ "$LIVESYS_PERSISTENCE_ERROR" != E43 ] || protected=1
	# What was only unlocked to be shown is never written, not even by a journal.
	case $1:$LIVESYS_DATA_NAME in readonly:mapper/*) protected=1 ;; esac
	[ -z "$LIVESYS_DATA_PROTECTED" ] || protected=1
	case $1:$protected in
		write:1)
			LIVESYS_MAY_SHOW=1
			livesys_error E42 "$LIVESYS_DATA_NAME is write-protected"
			;;
		look:* | readonly:1) livesys_mount_data look "$device" "$LIVESYS_DATA_FS" "$2" ;;
		*) livesys_check_filesystem "$device" "$LIVESYS_DATA_FS" && livesys_mount_data "$1" "$device" "$LIVESYS_DATA_FS" "$2" ;;
	esac
}

# livesys_mount_data MODE DEVICE TYPE DIRECTORY
livesys_mount_data() {
	local options=ro
	livesys_probe_options "$3"
	case $1:$LIVESYS_DRIVER in
		look:*) options=$LIVESYS_OPTIONS ;;
		write:ext4) options=rw,noatime,errors=remount-ro ;;
		write:*) options=rw,noatime ;;
	esac
	LIVESYS_MOUNT_ERROR=$(mount -t "$LIVESYS_DRIVER" -o "$options" "$2" "$4" 2>&1) ||
		livesys_error E42 "$LIVESYS_DATA_NAME ($3) does not mount: $LIVESYS_MOUNT_ERROR"
}

# A file system is either read-only or not, however often it is mounted: where the medium lies on it, it changes
# for both, and the medium's own mount stays read-only. Without its journal, as the medium is mounted, it must not.
livesys_share_medium() {
	local source="$LIVESYS_HOME/medium"
	[ -z "$LIVESYS_ARG_iso" ] || source=$LIVESYS_HOME/carrier
	case $1:$LIVESYS_DATA_FS in
		look:* | readonly:* | write:vfat | write:exfat | write:ntfs*) ;;
		*) livesys_error E42 "$LIVESYS_DATA_NAME ($LIVESYS_DATA_FS) holds the medium itself, which is mounted without its journal" || return ;;
	esac
	LIVESYS_MOUNT_ERROR=$(mount --bind "$source" "$2" 2>&1) &&
		{ [ "$1" != write ] || LIVESYS_MOUNT_ERROR=$(mount -o remount,rw,noatime "$2" 2>&1); } ||
		livesys_error E42 "$LIVESYS_DATA_NAME ($LIVESYS_DATA_FS), which holds the medium, cannot be written: $LIVESYS_MOUNT_ERROR" || return
}

# livesys_open_inside MODE: a directory of the carrier, or an image file on it.
livesys_open_inside() {
	local path='' error
	[ -n "$LIVESYS_DATA_INSIDE" ] || return 0
	# Links without an end lead nowhere.
	livesys_resolve "$LIVESYS_HOME/data-carrier" "$LIVESYS_DATA_INSIDE" && path=$LIVESYS_HOME/data-carrier$LIVESYS_RESOLVED
	if [ -d "$path" ]; then
		livesys_is_upper_type "$LIVESYS_DATA_FS" "$LIVESYS_DATA_NAME" || return
		error=$(mount --bind "$path" "$LIVESYS_HOME/data" 2>&1) ||
			livesys_error E42 "$LIVESYS_DATA_INSIDE on $LIVESYS_DATA_NAME: $error"
	elif [ -f "$path" ]; then
		livesys_open_image "$1" "$path"
	else
		livesys_error E40 "there is no $LIVESYS_DATA_INSIDE on $LIVESYS_DATA_NAME ($LIVESYS_DATA_FS)"
	fi
}

# livesys_open_image MODE FILE
livesys_open_image() {
	local loop flag='' mode=write
	# A loop device that cannot be written takes no replay either.
	[ "$1" = write ] || flag=-r mode=look
	# shellcheck disable=SC2086
	loop=$(losetup $flag -f --show "$2" 2>&1) ||
		livesys_error E42 "no loop device for $LIVESYS_DATA_INSIDE on $LIVESYS_DATA_NAME: $loop" || return
	LIVESYS_UPPER_FS=$(blkid -p -s TYPE -o value "$loop")
	# With a damaged superblock there is no type; e2fsck says more about that.
	: "${LIVESYS_UPPER_FS:=ext4}"
	livesys_unlock_image $mode "$loop" &&
		livesys_is_upper_type "$LIVESYS_UPPER_FS" "$LIVESYS_DATA_INSIDE" &&
		{ [ $mode = look ] || livesys_check_filesystem "$LIVESYS_IMAGE_DEVICE" "$LIVESYS_UPPER_FS"; } &&
		livesys_mount_data $mode "$LIVESYS_IMAGE_DEVICE" "$LIVESYS_UPPER_FS" "$LIVESYS_HOME/data"
	set -- $?
	livesys_release_image "$loop"
	return "$1"
}

# The kernel refuses these as an upper layer, some only when the first file is deleted.
livesys_is_upper_type() {
	case $1 in
		vfat | exfat | ntfs* | iso9660 | udf | squashfs | erofs)
			livesys_error E42 "$2 has $1, which cannot keep the changes of a live system: it needs ext4, or an image file with ext4 in it"
			;;
	esac
}

# livesys_check_filesystem DEVICE TYPE: once per boot, and only what is safe without a person.
livesys_check_filesystem() {
	local text status line priority=5
	case $2 in ext[234]) ;; *) return 0 ;; esac
	if [ "$LIVESYS_DATA_CHECKED" = "$1" ]; then
		livesys_is_sound
		return
	fi
	text=$(e2fsck -p "$1" 2>&1 </dev/null)
	status=$?
	LIVESYS_DATA_CHECKED=$1
	# It says the name of the file system, and a terminal would obey what somebody wrote there.
	case $text in *[!\ -~"$LIVESYS_NEWLINE"]*) text=$(printf '%s' "$text" | tr -c '\012\040-\176' '?') ;; esac
	case $text in *': clean, '*) [ "$status" -ne 0 ] || priority=6 ;; esac
	while IFS= read -r line; do livesys_log "$priority" "e2fsck: $line"; done <<-END
		$text
	END
	[ "$status" -lt 4 ] || LIVESYS_DATA_DAMAGED="(exit code $status):$LIVESYS_NEWLINE$text"
	livesys_is_sound
}

livesys_is_sound() {
	[ -n "$LIVESYS_DATA_DAMAGED" ] || return 0
	LIVESYS_MAY_SHOW=1
	livesys_error E43 "e2fsck cannot repair $LIVESYS_DATA_NAME by itself $LIVESYS_DATA_DAMAGED"
}

# livesys_look_at_selection: what the last session chose, where no kernel argument decides both.
livesys_look_at_selection() {
	LIVESYS_SELECTED_PROFILE='' LIVESYS_SELECTED_PERSISTENCE=''
	[ -z "$LIVESYS_ARG_profile" ] || [ -z "$LIVESYS_ARG_persistence" ] || return 0
	[ -n "$LIVESYS_DATA_NAME" ] && [ -z "$LIVESYS_DATA_CODE" ] || return 0
	livesys_replay_data || return 0
	if ! livesys_open_data look; then
		# What is not there, or was not unlocked, is not tried a second time, in a way that could write.
		case $LIVESYS_CODE in
			E40 | E41) livesys_no_data "$LIVESYS_CODE" "$LIVESYS_REASON" ;;
			*) livesys_notice "the selection on $LIVESYS_DATA_NAME cannot be read: ${LIVESYS_REASON%%"$LIVESYS_NEWLINE"*}" ;;
		esac
		return
	elif ! livesys_read_selection "$LIVESYS_DATA_PATH/livesys/selection"; then
		livesys_notice "the selection on $LIVESYS_DATA_NAME is ignored: $LIVESYS_SELECTION_PROBLEM"
	fi
	livesys_close_data
}

# After a power cut the last selection may be in the journal only. Where nothing is to be kept, nothing is written.
livesys_replay_data() {
	case $LIVESYS_ARG_persistence:$LIVESYS_DATA_PROTECTED:$LIVESYS_DATA_FS in off:*) return 0 ;; *::ext[34]) ;; *) return 0 ;; esac
	[ "/dev/$LIVESYS_DATA_NAME" != "$LIVESYS_MEDIUM_DEVICE" ] || return 0
	case $(dumpe2fs -h "$LIVESYS_DEV/$LIVESYS_DATA_NAME" 2>/dev/null) in
		*needs_recovery*) livesys_check_filesystem "$LIVESYS_DEV/$LIVESYS_DATA_NAME" "$LIVESYS_DATA_FS" ;;
	esac
}
