# shellcheck shell=dash
# livesys.setup-persistence: a partition for changes behind the image on the stick it was started from.
# Nothing else in livesys formats anything, and this only after a person typed "yes".

# Thousands of sectors, which mksh can still count: 128 MiB, and what alignment and the backup table take.
LIVESYS_SETUP_NEEDS=263
LIVESYS_SETUP_MARGIN=8

# Never a reason to stop the boot: why nothing was set up is told at the login.
livesys_set_up_persistence() {
	LIVESYS_SET_UP=
	if livesys_may_set_up && livesys_confirm_set_up && { [ -n "$LIVESYS_NEW_PARTITION" ] || livesys_add_partition; } && livesys_format_data; then
		LIVESYS_SET_UP=1
		LIVESYS_ARG_persistence=on
		LIVESYS_FACTS="partition=$LIVESYS_NEW_PARTITION"
		return
	fi
	livesys_notice "persistence was not set up: $LIVESYS_REASON"
}

livesys_cannot_set_up() {
	LIVESYS_REASON=$1
	return 1
}

# The disk in LIVESYS_DISK, its free end in LIVESYS_FREE (thousands of sectors). Where an earlier try was interrupted,
# the partition is there without a file system: LIVESYS_NEW_PARTITION.
livesys_may_set_up() {
	local name="${LIVESYS_MEDIUM_DEVICE#/dev/}" path protected=0
	[ -z "$LIVESYS_ARG_iso" ] || livesys_cannot_set_up "the image is a file on $name, which is not a stick of its own" || return
	case $name in sr*) livesys_cannot_set_up 'a CD or DVD cannot be written' || return ;; esac
	LIVESYS_DISK='' LIVESYS_NEW_PARTITION=''
	for path in "$LIVESYS_SYS/class/block"/*/"$name"; do
		[ ! -e "$path/partition" ] || LIVESYS_DISK=${path%/*}
	done
	[ -n "$LIVESYS_DISK" ] || livesys_cannot_set_up "$name is not a partition: there is no place behind it" || return
	livesys_has_no_data || return
	{ read -r protected <"$LIVESYS_DISK/ro"; } 2>/dev/null
	LIVESYS_DISK=${LIVESYS_DISK##*/}
	[ "$protected" = 0 ] || livesys_cannot_set_up "$LIVESYS_DISK is write-protected" || return
	[ -z "$LIVESYS_NEW_PARTITION" ] || return 0
	livesys_may_add_partition
}

livesys_has_no_data() {
	local part names='' IFS=' '
	livesys_list_own_data
	for part in $LIVESYS_OWN_DATA; do names="$names ${part%%:*}"; done
	case $LIVESYS_OWN_DATA in
		*:?*) livesys_cannot_set_up "the medium has a partition for changes already:$names" ;;
		*) LIVESYS_NEW_PARTITION=${names# } ;;
	esac
}

livesys_may_add_partition() {
	case $(sfdisk --dump "$LIVESYS_DEV/$LIVESYS_DISK" 2>/dev/null) in
		*'label: gpt'*) ;;
		*) livesys_cannot_set_up "$LIVESYS_DISK has no GPT partition table" || return ;;
	esac
	livesys_measure_free_end
	[ "$LIVESYS_FREE" -ge "$LIVESYS_SETUP_NEEDS" ] ||
		livesys_cannot_set_up "$LIVESYS_DISK has less than 128 MiB behind its last partition" || return
}

# Rounded so that the end of the last partition is never met: LIVESYS_END and LIVESYS_FREE in thousands of sectors.
livesys_measure_free_end() {
	local path start size total=0 end
	LIVESYS_END=0
	for path in "$LIVESYS_SYS/class/block/$LIVESYS_DISK"/*/partition; do
		path=${path%/*}
		read -r start <"$path/start"
		read -r size <"$path/size"
		livesys_thousands "$start"
		end=$LIVESYS_THOUSANDS
		livesys_thousands "$size"
		end=$((end + LIVESYS_THOUSANDS + 2))
		[ "$end" -le "$LIVESYS_END" ] || LIVESYS_END=$end
	done
	{ read -r total <"$LIVESYS_SYS/class/block/$LIVESYS_DISK/size"; } 2>/dev/null
	livesys_thousands "$total"
	LIVESYS_FREE=$((LIVESYS_THOUSANDS - LIVESYS_END - LIVESYS_SETUP_MARGIN))
}

livesys_thousands() {
	LIVESYS_THOUSANDS=${1%???}
	[ ${#1} -gt 3 ] || LIVESYS_THOUSANDS=0
}

livesys_confirm_set_up() {
	local model='' size
	{ read -r model <"$LIVESYS_SYS/class/block/$LIVESYS_DISK/device/model"; } 2>/dev/null
	{ read -r size <"$LIVESYS_SYS/class/block/$LIVESYS_DISK/size"; } 2>/dev/null
	livesys_human_size "$size"
	size=$LIVESYS_SIZE
	if [ -n "$LIVESYS_NEW_PARTITION" ]; then
		livesys_log 3 "disk $LIVESYS_DISK${model:+ ($model)}, $size: the partition $LIVESYS_NEW_PARTITION for changes has no file system that can be read"
		livesys_log 3 'one can be made on it; whatever it holds is lost'
	else
		livesys_human_size "${LIVESYS_FREE}000"
		livesys_log 3 "disk $LIVESYS_DISK${model:+ ($model)}, $size: $LIVESYS_SIZE behind the image are free"
		livesys_log 3 'a partition for changes can be made there; the image stays as it is, older data behind it are lost'
	fi
	livesys_log 3 'type yes and press Enter to make it; anything else leaves everything as it is'
	livesys_ask 60 80 livesys_is_any_answer 'without an answer nothing is changed' ||
		livesys_cannot_set_up 'nobody confirmed it' || return
	[ "$LIVESYS_ANSWER" = yes ] || livesys_cannot_set_up 'it was not confirmed with "yes"'
}

livesys_is_any_answer() {
	LIVESYS_ANSWER=$1
}

# The backup table of an image ends where the image ends; it has to go to the end of the disk first.
# sfdisk would drop the active entry that some BIOSes ask for, so the protective MBR keeps all but its own entry.
livesys_add_partition() {
	local device="$LIVESYS_DEV/$LIVESYS_DISK" mbr="$LIVESYS_STATE/mbr" line text
	dd if="$device" of="$mbr" bs=512 count=1 2>/dev/null ||
		livesys_cannot_set_up "$LIVESYS_DISK cannot be read; nothing was changed" || return
	text=$(sfdisk --no-reread --no-tell-kernel --relocate gpt-bak-std "$device" 2>&1 &&
		printf 'start=%sMiB, type=%s, name=LIVESYS-DATA\n' $((LIVESYS_END * 125 / 256 + 1)) "$LIVESYS_DATA_TYPE" |
		sfdisk --no-reread --no-tell-kernel --append "$device" 2>&1)
	set -- $?
	dd if="$mbr" of="$device" bs=1 count=447 conv=notrunc 2>/dev/null &&
		dd if="$mbr" of="$device" bs=1 skip=462 seek=462 count=50 conv=notrunc,fsync 2>/dev/null ||
		livesys_cannot_set_up "the boot sector of $LIVESYS_DISK cannot be written; write the image again" || return
	[ "$1" -eq 0 ] || livesys_cannot_set_up "the partition table of $LIVESYS_DISK cannot be changed: ${text##*"$LIVESYS_NEWLINE"}" || return
	livesys_find_new_partition "$device"
}

# The kernel is told of the new partition alone: the others are in use.
livesys_find_new_partition() {
	local line text number
	LIVESYS_NEW_PARTITION=
	while IFS= read -r line; do
		case $line in *[Tt]ype=4[Cc]495645-*) LIVESYS_NEW_PARTITION=${line%% *} ;; esac
	done <<-END
		$(sfdisk --dump "$1" 2>/dev/null)
	END
	LIVESYS_NEW_PARTITION=${LIVESYS_NEW_PARTITION##*/}
	number=${LIVESYS_NEW_PARTITION#"$LIVESYS_DISK"}
	number=${number#p}
	# udev may have told the kernel first.
	text=$(partx --add --nr "$number:$number" "$1" 2>&1) || [ -e "$LIVESYS_SYS/class/block/$LIVESYS_DISK/$LIVESYS_NEW_PARTITION" ] ||
		livesys_cannot_set_up "the partition $LIVESYS_NEW_PARTITION was made, but the kernel does not see it yet; boot this entry once more: $text"
}

# The same file system that an image for disks has.
livesys_format_data() {
	local text
	livesys_log 3 "making the file system on $LIVESYS_NEW_PARTITION"
	# GRUB 2.06 reads no file system with the first; e2fsck before 1.47 knows neither.
	text=$(mkfs.ext4 -q -F -L LIVESYS-DATA -O '^metadata_csum_seed,^orphan_file' -T default -b 4096 -m 2 -e remount-ro \
		"$LIVESYS_DEV/$LIVESYS_NEW_PARTITION" 2>&1 </dev/null) ||
		livesys_cannot_set_up "the partition $LIVESYS_NEW_PARTITION was made and cannot be formatted: $text"
}

# Where the manifest would not keep changes at the next boot, the selection says it.
livesys_remember_set_up() {
	[ -n "${LIVESYS_SET_UP:-}" ] && [ "$LIVESYS_PERSISTENCE" = on ] && [ -z "$LIVESYS_PERSISTENCE_NEED" ] || return 0
	livesys_write_selection "$LIVESYS_DATA_PATH" "$LIVESYS_PROFILE" on || livesys_notice "persistence is not chosen for the next boot: $LIVESYS_SELECTION_PROBLEM"
}
