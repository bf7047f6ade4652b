# shellcheck shell=dash
# Layers: checked, then mounted as lower/000 (top) downwards.

# Modules are loaded by name; a kernel that has them built in, or a fake tree, needs none.
livesys_need_filesystem() {
	livesys_has_filesystem "$1" && return
	modprobe -q "$1" 2>/dev/null
	livesys_has_filesystem "$1" && return
	livesys_error "$2" "this boot image has no $1: its kernel module $1 is missing"
}

livesys_has_filesystem() {
	local line
	while IFS= read -r line; do
		case $line in *"	$1") return 0 ;; esac
	done <"$LIVESYS_PROC/filesystems"
	return 1
}

# Three digits for every stack: one width is what keeps the option string short and sorted.
livesys_mount_layers() {
	local status=1
	LIVESYS_LOOPS='' LIVESYS_MINORS=' '
	if livesys_attach_layers; then
		[ "$LIVESYS_VERIFY" != lazy ] || livesys_open_verity
		livesys_mount_attached
		status=$?
		[ "$LIVESYS_VERIFY" != lazy ] || livesys_close_verity
	fi
	# Detached while in use, they go away with their last user: a failed start leaves no loop device behind.
	livesys_detach_loops
	LIVESYS_FACTS="count=$LIVESYS_LAYER_COUNT verify=$LIVESYS_VERIFY"
	return $status
}

# A loop device for each layer, listed in the file "attached": number, name, device.
livesys_attach_layers() {
	local layer file rest loop number="$LIVESYS_LAYER_COUNT" IFS=,
	: >"$LIVESYS_STATE/attached"
	for layer in $LIVESYS_LAYERS; do
		number=$((number - 1))
		livesys_lower_name "$number"
		IFS=' ' read -r file rest <"$LIVESYS_MANIFEST/layer/$layer"
		loop=$(losetup -r -f --show "$LIVESYS_SOURCE/$file" 2>&1) ||
			livesys_error E35 "layer $layer: no loop device: $loop" || return
		LIVESYS_LOOPS="$LIVESYS_LOOPS $loop"
		printf '%s\n' "$LIVESYS_LOWER $layer $loop" >>"$LIVESYS_STATE/attached"
	done
}

livesys_detach_loops() {
	local IFS=' '
	# shellcheck disable=SC2086
	[ -z "$LIVESYS_LOOPS" ] || losetup -d $LIVESYS_LOOPS 2>/dev/null
	return 0
}

livesys_mount_attached() {
	local number layer device IFS=' '
	while read -r number layer device; do
		case $LIVESYS_MINORS in
			*" livesys-$number:"*)
				device=${LIVESYS_MINORS#*" livesys-$number:"}
				device=/dev/dm-${device%% *}
				;;
		esac
		livesys_mount_layer "$layer" "$device" "$LIVESYS_HOME/lower/$number" || return
	done <"$LIVESYS_STATE/attached"
}

livesys_lower_name() {
	case $1 in
		?) LIVESYS_LOWER=00$1 ;;
		??) LIVESYS_LOWER=0$1 ;;
		*) LIVESYS_LOWER=$1 ;;
	esac
}

# livesys_mount_layer NAME DEVICE DIRECTORY
livesys_mount_layer() {
	local file bytes sha type rest error IFS=' '
	read -r file bytes sha type rest <"$LIVESYS_MANIFEST/layer/$1"
	[ -d "$3" ] || mkdir "$3"
	if [ "$type" != squashfs ]; then livesys_need_filesystem "$type" E35 || return; fi
	error=$(mount -t "$type" -o ro "$2" "$3" 2>&1) ||
		livesys_error E35 "layer $1: $type does not mount: $error${LIVESYS_NEWLINE}$(dmesg 2>/dev/null | tail -n 3)" || return
	[ -e "$3/.livesys/layer/$1" ] || livesys_error E35 "layer $1: $file is not this layer, /.livesys/layer/$1 is not in it"
}
