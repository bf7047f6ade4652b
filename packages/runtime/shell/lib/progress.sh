# shellcheck shell=dash
# Work that reads much: one process does it, and another looks every second how far it is.

# livesys_watched VERB MIB OUTPUT COMMAND…: its errors go to OUTPUT.errors.
livesys_watched() {
	local verb="$1" total="$2" output="$3" worker
	shift 3
	"$@" >"$output" 2>"$output.errors" &
	worker=$!
	livesys_report_progress "$verb" "$total" "$worker" &
	wait "$worker"
}

# Ends by itself when the worker has ended, or where the kernel does not count what a process reads.
livesys_report_progress() {
	local key value next=10
	# Whoever waits for the end of our output must not wait for its last second.
	exec >/dev/null 2>&1
	while sleep 1 && [ -r "$LIVESYS_PROC/$3/io" ]; do
		value=0
		while read -r key value; do [ "$key" != rchar: ] || break; done <"$LIVESYS_PROC/$3/io"
		livesys_divide "$value" 1048576
		livesys_percent "$LIVESYS_QUOTIENT" "$2"
		[ "$LIVESYS_PERCENT" -ge "$next" ] || continue
		next=$((LIVESYS_PERCENT / 10 * 10))
		livesys_log 3 "$1: $next % of $2 MiB"
		next=$((next + 10))
	done
}

livesys_percent() {
	LIVESYS_PERCENT=$(($1 * 100 / $2))
	[ "$LIVESYS_PERCENT" -le 100 ] || LIVESYS_PERCENT=100
}

# What the layers of the profile take, each rounded up, in LIVESYS_LAYERS_MIB and LIVESYS_LAYERS_KIB.
livesys_measure_layers() {
	local layer file bytes rest IFS=,
	LIVESYS_LAYERS_KIB=0
	for layer in $LIVESYS_LAYERS; do
		IFS=' ' read -r file bytes rest <"$LIVESYS_MANIFEST/layer/$layer"
		livesys_divide "$bytes" 1024
		LIVESYS_LAYERS_KIB=$((LIVESYS_LAYERS_KIB + LIVESYS_QUOTIENT + 1))
	done
	LIVESYS_LAYERS_MIB=$((LIVESYS_LAYERS_KIB / 1024 + 1))
}
