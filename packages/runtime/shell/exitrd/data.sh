# shellcheck shell=dash
# The file system that keeps the changes, and whether it is clean in the end.

# What the boot wrote down: the medium, and in LIVESYS_MARK the file that says "in use".
livesys_read_session() {
	local key value data='' profile='' persistence=off
	LIVESYS_MARK='' LIVESYS_MEDIUM='' LIVESYS_MEDIUM_STATE=''
	while IFS='=' read -r key value; do
		case $key in
			profile) profile=$value ;;
			persistence) persistence=$value ;;
			data_path) data=$value ;;
			medium) LIVESYS_MEDIUM_STATE=$value ;;
			medium_device) LIVESYS_MEDIUM=$value ;;
		esac
	done <"$LIVESYS_PUBLIC/state"
	livesys_find_data_devices
	[ "$persistence" = on ] && livesys_is_name "$profile" || return 0
	case $data in
		*/../* | */..) ;;
		/run/initramfs/livesys/?*) LIVESYS_MARK=$LIVESYS_RUN${data#/run}/livesys/persistence/$profile/dirty ;;
	esac
}

# Numbers of the devices that changes are written to, in LIVESYS_DATA_DEVICES.
livesys_find_data_devices() {
	local id parent device root target rest
	LIVESYS_DATA_DEVICES=
	while IFS=' ' read -r id parent device root target rest; do
		case $target in "$LIVESYS_HOME/data" | "$LIVESYS_HOME/data-carrier") LIVESYS_DATA_DEVICES="$LIVESYS_DATA_DEVICES $device" ;; esac
	done <"$LIVESYS_PROC/self/mountinfo"
}

# The old root is gone: nothing can write any more.
livesys_close_changes() {
	livesys_read_session
	livesys_remove_mark
	sync
	livesys_let_go_of inside && return
	livesys_report_left inside
	livesys_make_readonly
}

# The old root is not gone. Unmounted now, the file system would live on where nobody can reach it; while its mount
# is there, it can be closed for writing.
livesys_close_changes_in_use() {
	livesys_read_session
	livesys_remove_mark
	livesys_make_readonly && return
	livesys_log 3 "exitrd: still open for writing:$LIVESYS_WRITABLE"
	livesys_set_mark
}

# systemd has made everything read-only that let it.
livesys_remove_mark() {
	[ -n "$LIVESYS_MARK" ] && [ -e "$LIVESYS_MARK" ] || return 0
	rm -f "$LIVESYS_MARK" 2>/dev/null && return
	{ mount -o remount,rw "$LIVESYS_HOME/data" && rm -f "$LIVESYS_MARK"; } ||
		livesys_log 3 "exitrd: the mark of use could not be removed: $LIVESYS_MARK"
}

livesys_set_mark() {
	local id=''
	[ -n "$LIVESYS_MARK" ] || return 0
	{ read -r id <"$LIVESYS_PROC/sys/kernel/random/boot_id"; } 2>/dev/null
	{ printf '%s\n' "$id" >"$LIVESYS_MARK" && sync; } 2>/dev/null
}

# LIVESYS_CLEAN: no disk is writable, and the kernel has closed the file systems that were written to: an unmounted
# one that something still holds lives on, out of reach, and is listed by its device in /sys/fs.
livesys_judge() {
	local device path name mounted=' ' id parent rest IFS=' '
	LIVESYS_CLEAN=yes
	livesys_list_writable
	[ -z "$LIVESYS_WRITABLE" ] || LIVESYS_CLEAN=no
	while IFS=' ' read -r id parent device rest; do mounted="$mounted$device "; done <"$LIVESYS_PROC/self/mountinfo"
	for device in $LIVESYS_DATA_DEVICES; do
		case $mounted in *" $device "*) continue ;; esac
		name=$(readlink "$LIVESYS_SYS/dev/block/$device")
		for path in "$LIVESYS_SYS/fs"/*/"${name##*/}"; do
			[ -z "$name" ] || [ ! -e "$path" ] || LIVESYS_CLEAN=no
		done
	done
}
