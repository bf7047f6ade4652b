# shellcheck shell=dash

# The lowest first.
control_layers() {
	local layer number=0 IFS=,
	control_read_state
	[ -r "$LIVESYS_PUBLIC/manifest" ] || control_stop 4 "the manifest of this medium cannot be read: $LIVESYS_PUBLIC/manifest"
	printf '%3s  %-20s %10s  %-9s %s\n' '' layer size format 'can be verified'
	for layer in $CONTROL_LAYERS; do
		number=$((number + 1))
		control_show_layer "$number" "$layer"
	done
}

# control_show_layer NUMBER NAME
control_show_layer() {
	local kind name file bytes hash format offset root how
	while IFS=' ' read -r kind name file bytes hash format offset root; do
		[ "$kind $name" = "layer $2" ] || continue
		how='as a whole'
		[ "$root" = - ] || how='block by block'
		control_human "$(control_calculate "$bytes" / 1024)"
		printf '%3s  %-20s %10s  %-9s %s\n' "$1" "$2" "$CONTROL_SIZE" "$format" "$how"
	done <"$LIVESYS_PUBLIC/manifest"
}
