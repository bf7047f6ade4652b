# shellcheck shell=dash
# The overlay mount and the proof that it is the one asked for.

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
	while [ "$number" -lt "$LIVESYS_LAYER_COUNT" ]; do
		livesys_lower_name "$number"
		LIVESYS_LOWERS=$LIVESYS_LOWERS${LIVESYS_LOWERS:+:}$LIVESYS_LOWER
		number=$((number + 1))
	done
}

# mount(8) from 2.39 on hands over options of at most 255 bytes (util-linux#2287); older kernels cut the whole
# string at a page and mount what is left (containers/storage#1159). Hence short names relative to the working
# directory, the old system call, and the upper first, so that a cut can never lose it.
livesys_mount_overlay() {
	local options error
	livesys_lower_list
	options="upperdir=../upper-tmp/upper,workdir=../upper-tmp/work,redirect_dir=on,index=off,metacopy=off,lowerdir=$LIVESYS_LOWERS"
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
		*) livesys_error E50 'the overlay was mounted without its temporary layer' || return ;;
	esac
	IFS=,:
	for part in $options; do
		case ${part##*=} in [0-9][0-9][0-9]) count=$((count + 1)) ;; esac
	done
	[ "$count" -eq "$LIVESYS_LAYER_COUNT" ] ||
		livesys_error E50 "the overlay has $count layers instead of $LIVESYS_LAYER_COUNT"
}

livesys_check_layers_visible() {
	local layer IFS=,
	for layer in $LIVESYS_LAYERS; do
		[ -e "$LIVESYS_NEWROOT/.livesys/layer/$layer" ] ||
			livesys_error E50 "layer $layer is not visible in the assembled root" || return
	done
}

livesys_check_writable() {
	local file="$LIVESYS_NEWROOT/.livesys-write-test"
	dd if=/dev/zero of="$file" bs=1 count=1 conv=fsync 2>/dev/null ||
		livesys_error E50 'the assembled root is not writable' || return
	rm "$file"
}
