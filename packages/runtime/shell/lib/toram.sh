# shellcheck shell=dash
# The layers of the profile in memory, so that the medium can be removed.

# KiB that stay free for the system; below that the first programs already meet the out-of-memory killer.
LIVESYS_MEMORY_FLOOR=262144

livesys_copy_to_ram() {
	LIVESYS_TORAM=no
	LIVESYS_SOURCE=$LIVESYS_HOME/medium/livesys
	case $LIVESYS_ARG_toram in '' | no) return 0 ;; esac
	livesys_measure_layers
	if ! livesys_fits_memory; then
		[ "$LIVESYS_ARG_toram" = auto ] || livesys_error E31 "the layers do not fit into memory: $LIVESYS_MEMORY" || return
		livesys_notice "the layers do not fit into memory, the medium stays in use: $LIVESYS_MEMORY"
		return 0
	fi
	livesys_copy_layers && LIVESYS_TORAM=yes
}

# Compares what the layers need, with a twentieth more, to what is free; both in LIVESYS_MEMORY.
livesys_fits_memory() {
	local key value rest need free=0
	need=$((LIVESYS_LAYERS_KIB + LIVESYS_LAYERS_KIB / 20))
	while read -r key value rest; do
		[ "$key" != MemAvailable: ] || free=$value
	done <"$LIVESYS_PROC/meminfo"
	LIVESYS_MEMORY="need $(((need + LIVESYS_MEMORY_FLOOR) / 1024 + 1)) MiB, have $((free / 1024)) MiB"
	LIVESYS_FACTS="need=$((need / 1024))M have=$((free / 1024))M"
	LIVESYS_RAM_SIZE=$need
	[ $((free - need)) -ge "$LIVESYS_MEMORY_FLOOR" ]
}

livesys_copy_layers() {
	local layer file rest error IFS=,
	# Its own tmpfs, because /run has a fifth of the memory (dracut#2550).
	error=$(mount -t tmpfs -o "mode=0755,nodev,nosuid,noexec,size=${LIVESYS_RAM_SIZE}k" livesys-ram "$LIVESYS_HOME/ram" 2>&1) &&
		mkdir "$LIVESYS_HOME/ram/layers" || livesys_error E31 "there is no room in memory: $error" || return
	set --
	for layer in $LIVESYS_LAYERS; do
		IFS=' ' read -r file rest <"$LIVESYS_MANIFEST/layer/$layer"
		set -- "$@" "$LIVESYS_SOURCE/$file"
	done
	livesys_log 3 "copying $LIVESYS_LAYER_COUNT layers to memory, $LIVESYS_LAYERS_MIB MiB"
	livesys_watched copy "$LIVESYS_LAYERS_MIB" "$LIVESYS_STATE/copied" cp "$@" "$LIVESYS_HOME/ram/layers/" ||
		livesys_error E23 "layers on $LIVESYS_MEDIUM_DEVICE cannot be copied:$LIVESYS_NEWLINE$(cat "$LIVESYS_STATE/copied.errors")" || return
	LIVESYS_SOURCE=$LIVESYS_HOME/ram
}

# The last step that may need the medium is over. What lies on its disk besides the layers decides.
livesys_release_medium() {
	LIVESYS_MEDIUM=attached
	[ "$LIVESYS_TORAM" = yes ] || return 0
	if ! livesys_unmount_medium 2>/dev/null; then
		livesys_notice 'the layers are in memory, but the medium is still in use: leave it in place'
	elif livesys_data_is_on_medium; then
		livesys_notice 'the layers are in memory, but changes are kept on the medium: leave it in place'
	else
		LIVESYS_MEDIUM=released
		livesys_notice 'the system is in memory: you may remove the medium now'
	fi
	LIVESYS_FACTS="medium=$LIVESYS_MEDIUM"
}

livesys_unmount_medium() {
	livesys_unmount "$LIVESYS_HOME/medium" || return
	! livesys_is_mounted "$LIVESYS_HOME/carrier" || livesys_unmount "$LIVESYS_HOME/carrier"
}

# Whether the device with persistent changes is the disk of the medium or a partition of it.
livesys_data_is_on_medium() {
	local data="$LIVESYS_DATA_NAME"
	[ -n "${LIVESYS_DATA_PATH:-}" ] || return 1
	case $data in mapper/*) data=${LIVESYS_DATA_ENCRYPTED#/dev/} ;; esac
	[ "$(livesys_disk_of "$data")" = "$(livesys_disk_of "${LIVESYS_MEDIUM_DEVICE##*/}")" ]
}

# livesys_disk_of NAME: a partition lies inside the folder of its disk.
livesys_disk_of() {
	local path
	path=$(readlink -f "$LIVESYS_SYS/class/block/$1")
	[ ! -e "$path/partition" ] || path=${path%/*}
	printf '%s' "$path"
}
