#!/bin/sh
# merge-layers.sh TREE LAYER…: unpacks layers, lowest first, into one tree, as overlayfs would show them.
set -eu
tree=$1
shift
mkdir "$tree"
for layer; do
	unsquashfs -no-progress -quiet -dest "$tree.layer" "$layer"
	# A device 0:0 hides what is below it, and an opaque folder all that the layers below have there.
	find "$tree.layer" -type c | while IFS= read -r hidden; do
		[ "$(stat -c %t:%T "$hidden")" = 0:0 ] || continue
		rm -rf "$tree${hidden#"$tree.layer"}" "$hidden"
	done
	cp -a "$tree.layer/." "$tree/"
	rm -rf "$tree.layer"
done
