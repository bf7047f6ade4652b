# shellcheck shell=dash
# The layer of changes of one profile, below livesys/persistence/<profile> on DATA.

livesys_prepare_changes() {
	livesys_enter_changes && livesys_reset_changes && livesys_check_fingerprint && livesys_check_space || return
	if [ ! -d "$LIVESYS_CHANGES/upper" ]; then livesys_begin_changes || return; fi
	{ [ -d "$LIVESYS_CHANGES/work" ] || mkdir "$LIVESYS_CHANGES/work" 2>/dev/null; } && livesys_mark_dirty ||
		livesys_error E42 "$LIVESYS_DATA_NAME cannot be written" || return
}

# The stored changes as they are, to be shown only.
livesys_find_changes() {
	livesys_enter_changes || return
	[ -d "$LIVESYS_CHANGES/upper" ] || livesys_error E40 "no changes of profile $LIVESYS_PROFILE are stored on $LIVESYS_DATA_NAME" || return
	[ "$LIVESYS_LAYER_COUNT" -lt 500 ] || livesys_error E42 'the kernel stacks 500 layers, which leaves none for stored changes' || return
	livesys_check_fingerprint && livesys_was_unclean
}

# Nothing that a stick brings along may lead out of it, be it a link or the node of a device; a pipe would hold up
# the boot for good.
livesys_enter_changes() {
	local path name
	LIVESYS_CHANGES=$LIVESYS_DATA_PATH/livesys/persistence/$LIVESYS_PROFILE
	for path in "${LIVESYS_CHANGES%/*/*}" "${LIVESYS_CHANGES%/*}" "$LIVESYS_CHANGES" "$LIVESYS_CHANGES/upper" "$LIVESYS_CHANGES/work" \
		"$LIVESYS_CHANGES/fingerprint" "$LIVESYS_CHANGES/dirty" "$LIVESYS_CHANGES/reset"; do
		[ ! -L "$path" ] || livesys_error E42 "${path#"$LIVESYS_DATA_PATH"} on $LIVESYS_DATA_NAME is a symbolic link" || return
	done
	for name in fingerprint dirty reset; do
		path=$LIVESYS_CHANGES/$name
		[ ! -e "$path" ] || [ -f "$path" ] ||
			livesys_error E42 "${path#"$LIVESYS_DATA_PATH"} on $LIVESYS_DATA_NAME is not a file" || return
	done
	# Where the overlay finds it without a name that may hold commas or colons.
	ln -sfn "data/livesys/persistence/$LIVESYS_PROFILE" "$LIVESYS_HOME/persist"
}

# A request of the live system; what was there is only renamed, so that nothing is lost by mistake or slow at boot.
livesys_reset_changes() {
	local number=1
	[ -e "$LIVESYS_CHANGES/reset" ] || return 0
	if [ -e "$LIVESYS_CHANGES/upper" ]; then
		while [ -e "$LIVESYS_CHANGES/upper.old-$number" ] || [ -L "$LIVESYS_CHANGES/upper.old-$number" ]; do number=$((number + 1)); done
		mv "$LIVESYS_CHANGES/upper" "$LIVESYS_CHANGES/upper.old-$number" 2>/dev/null ||
			livesys_error E42 "$LIVESYS_DATA_NAME cannot be written" || return
		livesys_notice "the changes of profile $LIVESYS_PROFILE were reset; the old ones are in upper.old-$number"
	fi
	rm -rf "$LIVESYS_CHANGES/reset" "$LIVESYS_CHANGES/fingerprint" 2>/dev/null ||
		livesys_error E42 "$LIVESYS_DATA_NAME cannot be written"
}

# A tenth of what a session may need, or a twentieth of a small DATA. Blocks are counted, since mksh counts in 32 bits.
livesys_check_space() {
	local total free size inodes free_inodes floor IFS=' '
	read -r total free size inodes free_inodes <<-END
		$(stat -f -c '%b %a %S %c %d' "$LIVESYS_DATA_PATH" 2>/dev/null)
	END
	case $size in '' | *[!0-9]*) livesys_error E42 "the space left on $LIVESYS_DATA_NAME is not known" || return ;; esac
	floor=$((67108864 / size))
	[ ${#total} -gt 9 ] || [ $((total / 20)) -ge "$floor" ] || floor=$((total / 20))
	if [ ${#free} -le 9 ] && [ "$free" -lt "$floor" ]; then
		livesys_is_full "$((free * size / 1048576)) MiB are left"
		return
	fi
	# Some file systems make inodes as they need them and say 0.
	floor=1000
	[ ${#inodes} -gt 9 ] || [ $((inodes / 100)) -ge "$floor" ] || floor=$((inodes / 100))
	[ ${#free_inodes} -gt 9 ] || [ "$free_inodes" -ge "$floor" ] || livesys_is_full "room for $free_inodes files is left"
}

livesys_is_full() {
	LIVESYS_MAY_SHOW=1
	livesys_error E45 "$LIVESYS_DATA_NAME is full: $1"
}

# The first session with changes on this DATA, or after a reset.
livesys_begin_changes() {
	# What lies in an upper is root's, without the checks of the merged view.
	{ mkdir -p "$LIVESYS_DATA_PATH/livesys" && (umask 077 && mkdir -p "$LIVESYS_CHANGES"); } 2>/dev/null ||
		livesys_error E42 "$LIVESYS_DATA_NAME cannot be written" || return
	livesys_try_upper && livesys_write_fingerprint || return
	# The live root takes its own mode from here.
	mkdir -m 0755 "$LIVESYS_CHANGES/upper" 2>/dev/null || livesys_error E42 "$LIVESYS_DATA_NAME cannot be written"
}

# Whether the kernel takes this file system as an upper: not every one that says so can keep a deletion and a
# renamed directory. The top layer lies below; each layer has a directory /.livesys.
livesys_try_upper() {
	local trial="$LIVESYS_CHANGES/trial" error=''
	rm -rf "$trial" && mkdir "$trial" "$trial/upper" "$trial/work" 2>/dev/null ||
		livesys_error E42 "$LIVESYS_DATA_NAME cannot be written" || return
	if livesys_try_overlay; then
		mv "$LIVESYS_HOME/probe/.livesys" "$LIVESYS_HOME/probe/.moved" 2>/dev/null
		umount "$LIVESYS_HOME/probe"
		[ -c "$trial/upper/.livesys" ] || error='a deletion is not kept'
		[ -d "$trial/upper/.moved" ] && [ ! -e "$trial/upper/.moved/layer" ] || error='a renamed directory is not kept'
	else
		error=$LIVESYS_MOUNT_ERROR
	fi
	rm -rf "$trial"
	[ -z "$error" ] || livesys_error E42 "$LIVESYS_DATA_NAME ($LIVESYS_UPPER_FS) cannot keep the changes of a live system: $error"
}

livesys_try_overlay() {
	LIVESYS_MOUNT_ERROR=$(cd "$LIVESYS_HOME/lower" && LIBMOUNT_FORCE_MOUNT2=always mount -t overlay \
		-o "upperdir=../persist/trial/upper,workdir=../persist/trial/work,$LIVESYS_OVERLAY_OPTIONS,lowerdir=000" livesys-trial ../probe 2>&1) && return
	livesys_kernel_words
	return 1
}

# What the kernel said last about an overlay is more than mount says.
livesys_kernel_words() {
	local line
	while IFS= read -r line; do
		case $line in *overlayfs:*) LIVESYS_MOUNT_ERROR=${line##*overlayfs: } ;; esac
	done <<-END
		$(dmesg 2>/dev/null | tail -n 10)
	END
}

# A session that ended without a shutdown left its mark. The id of this boot means a second try of the same one.
livesys_mark_dirty() {
	livesys_was_unclean
	LIVESYS_DIRTY=$LIVESYS_CHANGES/dirty
	{ printf '%s\n' "$LIVESYS_BOOT_ID" >"$LIVESYS_DIRTY"; } 2>/dev/null
}

livesys_was_unclean() {
	local id=''
	LIVESYS_BOOT_ID=unknown
	{ read -r LIVESYS_BOOT_ID <"$LIVESYS_PROC/sys/kernel/random/boot_id"; } 2>/dev/null
	[ -e "$LIVESYS_CHANGES/dirty" ] || return 0
	# No shell's read would end in a file of which somebody made an endless one.
	id=$(head -c 64 "$LIVESYS_CHANGES/dirty" 2>/dev/null | tr -cd '0-9a-z-')
	[ "$id" != "$LIVESYS_BOOT_ID" ] || return 0
	LIVESYS_UNCLEAN=yes
	livesys_notice "the last session of profile $LIVESYS_PROFILE that kept its changes ended without a shutdown"
}

# Nothing was written by this session: no mark stays, and DATA is left clean.
livesys_drop_changes() {
	[ -z "$LIVESYS_DIRTY" ] || [ "$LIVESYS_UNCLEAN" = yes ] || rm -f "$LIVESYS_DIRTY" 2>/dev/null
	LIVESYS_DIRTY=
	livesys_close_data
}
