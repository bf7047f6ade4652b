# shellcheck shell=dash
# Layers: checked, then mounted as lower/000 (top) downwards.

# Modules are loaded by name; a kernel that has them built in, or a fake tree, needs none.
livesys_need_filesystem() {
	local line
	modprobe -q "$1" 2>/dev/null
	while IFS= read -r line; do
		case $line in *"	$1") return 0 ;; esac
	done <"$LIVESYS_PROC/filesystems"
	livesys_error "$2" "this boot image has no $1: its kernel module $1 is missing"
}

livesys_verify_layers() {
	local layer problems='' file bytes sha rest number=0 IFS=,
	LIVESYS_FACTS="mode=$LIVESYS_ARG_verify"
	[ "$LIVESYS_ARG_verify" = full ] || return 0
	for layer in $LIVESYS_LAYERS; do
		number=$((number + 1))
		IFS=' ' read -r file bytes sha rest <"$LIVESYS_MANIFEST/layer/$layer"
		livesys_log 5 "verify layer $number of $LIVESYS_LAYER_COUNT: $layer ($bytes bytes)"
		livesys_sha256 "$LIVESYS_HOME/medium/livesys/$file" ||
			livesys_error E23 "layer $layer: $file on $LIVESYS_MEDIUM_DEVICE cannot be read" || return
		[ "$LIVESYS_SHA256" = "$sha" ] ||
			problems=$problems$LIVESYS_NEWLINE"layer $layer: expected $sha, found $LIVESYS_SHA256"
	done
	[ -z "$problems" ] || livesys_error E34 "layers on the medium are damaged:$problems"
}

livesys_mount_layers() {
	local layer number="$LIVESYS_LAYER_COUNT" IFS=,
	# Three digits for every stack: one width is what keeps the option string short and sorted.
	for layer in $LIVESYS_LAYERS; do
		number=$((number - 1))
		livesys_lower_name "$number"
		livesys_mount_layer "$layer" "$LIVESYS_HOME/lower/$LIVESYS_LOWER" || return
	done
	LIVESYS_FACTS="count=$LIVESYS_LAYER_COUNT"
}

livesys_lower_name() {
	case $1 in
		?) LIVESYS_LOWER=00$1 ;;
		??) LIVESYS_LOWER=0$1 ;;
		*) LIVESYS_LOWER=$1 ;;
	esac
}

# livesys_mount_layer NAME DIRECTORY
livesys_mount_layer() {
	local file bytes sha type rest loop error IFS=' '
	read -r file bytes sha type rest <"$LIVESYS_MANIFEST/layer/$1"
	[ -d "$2" ] || mkdir "$2"
	if [ "$type" != squashfs ]; then livesys_need_filesystem "$type" E35 || return; fi
	loop=$(losetup -r -f --show "$LIVESYS_HOME/medium/livesys/$file" 2>&1) ||
		livesys_error E35 "layer $1: no loop device: $loop" || return
	error=$(mount -t "$type" -o ro "$loop" "$2" 2>&1) || {
		losetup -d "$loop" 2>/dev/null
		livesys_error E35 "layer $1: $type does not mount: $error${LIVESYS_NEWLINE}$(dmesg 2>/dev/null | tail -n 3)"
		return
	}
	# Detached while mounted, it goes away with the mount: a failed start leaves no loop device behind.
	losetup -d "$loop" 2>/dev/null
	[ -e "$2/.livesys/layer/$1" ] || livesys_error E35 "layer $1: $file is not this layer, /.livesys/layer/$1 is not in it"
}
