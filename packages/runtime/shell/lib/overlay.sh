# shellcheck shell=dash
# The overlay mount and the proof that it is the one asked for.

# redirect_dir, because without it a directory of a lower layer cannot be renamed (dracut#104, moby#25409).
LIVESYS_OVERLAY_OPTIONS=redirect_dir=on,index=off,metacopy=off

# Stored changes that the kernel does not take are one more reason why they cannot be kept.
livesys_mount_root() {
	if [ "$LIVESYS_PERSISTENCE" = on ]; then
		livesys_mount_overlay ../persist && return
		! livesys_is_mounted "$LIVESYS_NEWROOT" || umount "$LIVESYS_NEWROOT"
		LIVESYS_CODE=E42
		livesys_give_up_persistence || return
	fi
	livesys_mount_upper && livesys_mount_overlay ../upper-tmp
}

livesys_mount_upper() {
	local error
	# Its own tmpfs, because /run has a fifth of the memory (dracut#2550).
	error=$(mount -t tmpfs -o "mode=0700,size=$LIVESYS_ARG_overlay_size" livesys-upper "$LIVESYS_HOME/upper-tmp" 2>&1) ||
		livesys_error E50 "the temporary layer does not mount: $error" || return
	# The live root takes its own mode from here.
	mkdir -m 0755 "$LIVESYS_HOME/upper-tmp/upper" "$LIVESYS_HOME/upper-tmp/work" ||
		livesys_error E50 'the temporary layer is not writable'
}

livesys_lower_list() {
	local number=0
	LIVESYS_LOWERS=
	# Stored changes that are only shown become the topmost of the layers below.
	[ "$LIVESYS_PERSISTENCE" != readonly ] || LIVESYS_LOWERS=../persist/upper
	while [ "$number" -lt "$LIVESYS_LAYER_COUNT" ]; do
		livesys_lower_name "$number"
		LIVESYS_LOWERS=$LIVESYS_LOWERS${LIVESYS_LOWERS:+:}$LIVESYS_LOWER
		number=$((number + 1))
	done
}

# mount(8) from 2.39 on hands over options of at most 255 bytes (util-linux#2287); older kernels cut the whole
# string at a page and mount what is left (containers/storage#1159). Hence short names relative to the working
# directory, the old system call, and the upper first, so that a cut can never lose it.
#
# livesys_mount_overlay UPPER: a directory with upper and work in it, seen from the lower ones.
livesys_mount_overlay() {
	local options error
	livesys_lower_list
	options="upperdir=$1/upper,workdir=$1/work,$LIVESYS_OVERLAY_OPTIONS,lowerdir=$LIVESYS_LOWERS"
	LIVESYS_FACTS="layers=$LIVESYS_LAYER_COUNT options=${#options}"
	error=$(cd "$LIVESYS_HOME/lower" && LIBMOUNT_FORCE_MOUNT2=always mount -t overlay -o "$options" livesys "$LIVESYS_NEWROOT" 2>&1) ||
		livesys_error E50 "the overlay does not mount (${#options} bytes of options): $error${LIVESYS_NEWLINE}$(dmesg 2>/dev/null | tail -n 3)" || return
	livesys_check_mount_table && livesys_check_layers_visible && livesys_check_writable
}

# The kernel's own view: a stack that was cut mounts without any error.
livesys_check_mount_table() {
	local id parent device root target rest options='' count=0 part IFS=' '
	while read -r id parent device root target rest; do
		[ "$target" != "$LIVESYS_NEWROOT" ] || options=${rest##* }
	done <"$LIVESYS_PROC/self/mountinfo"
	case ",$options," in
		*,upperdir=*) ;;
		*) livesys_error E50 'the overlay was mounted without its upper layer' || return ;;
	esac
	IFS=,:
	for part in $options; do
		case ${part##*=} in [0-9][0-9][0-9]) count=$((count + 1)) ;; esac
	done
	[ "$count" -eq "$LIVESYS_LAYER_COUNT" ] ||
		livesys_error E50 "the overlay has $count layers instead of $LIVESYS_LAYER_COUNT"
}

# Each layer was looked at when it was mounted; stored changes may hide the marks in the merged view.
livesys_check_layers_visible() {
	local layer IFS=,
	[ "$LIVESYS_PERSISTENCE" = off ] || return 0
	for layer in $LIVESYS_LAYERS; do
		[ -e "$LIVESYS_NEWROOT/.livesys/layer/$layer" ] ||
			livesys_error E50 "layer $layer is not visible in the assembled root" || return
	done
}

livesys_check_writable() {
	local file="$LIVESYS_NEWROOT/.livesys-write-test"
	# Stored changes may hold a link of this name, to a disk.
	rm -rf "$file" 2>/dev/null
	dd if=/dev/zero of="$file" bs=1 count=1 conv=fsync 2>/dev/null ||
		livesys_error E50 'the assembled root is not writable' || return
	rm "$file"
}
