# shellcheck shell=dash
# Folders for container engines: their storage is made of overlays, which the kernel refuses on the live root,
# an overlay itself (buildah#867, containerd#2071).

# Programs by the folder in /var/lib that they keep their images in.
LIVESYS_ENGINES='containers:podman containerd:containerd docker:dockerd'

# livesys_prepare_storage: for the engines that the live root has; units mount what is in $LIVESYS_PUBLIC/storage.
livesys_prepare_storage() {
	local pair folder IFS=' '
	for pair in $LIVESYS_ENGINES; do
		folder=${pair%%:*}
		livesys_has_engine "${pair#*:}" || continue
		livesys_is_empty "$LIVESYS_NEWROOT/var/lib/$folder" || continue
		livesys_make_storage "$folder" || livesys_notice "/var/lib/$folder is part of the live root: containers may not start"
	done
}

livesys_has_engine() {
	[ -e "$LIVESYS_NEWROOT/usr/bin/$1" ] || [ -e "$LIVESYS_NEWROOT/usr/sbin/$1" ]
}

# What an image brings along, or an earlier session stored, must not disappear below a mount.
livesys_is_empty() {
	local file
	for file in "$1"/* "$1"/.[!.]*; do
		if [ -e "$file" ] || [ -L "$file" ]; then return 1; fi
	done
}

# livesys_make_storage FOLDER: on DATA where changes are kept, in the memory of the temporary layer otherwise.
livesys_make_storage() {
	local key value profile='' persistence=off place=upper-tmp/containers path
	while IFS='=' read -r key value; do
		case $key in
			profile) profile=$value ;;
			persistence) persistence=$value ;;
		esac
	done <"$LIVESYS_STATE/ready"
	[ "$persistence" != on ] || place=data/livesys/containers/$profile
	path=$LIVESYS_HOME/$place/$1
	livesys_has_no_link "$LIVESYS_HOME" "$place/$1" && (umask 022 && mkdir -p "$path" "$LIVESYS_PUBLIC/storage") &&
		ln -sfn "../../initramfs/livesys/$place/$1" "$LIVESYS_PUBLIC/storage/$1"
}

# livesys_has_no_link ROOT PATH: nothing that a stick brings along may lead out of it.
livesys_has_no_link() {
	local path="$1" rest="$2/"
	while [ -n "$rest" ]; do
		path=$path/${rest%%/*}
		rest=${rest#*/}
		[ ! -L "$path" ] || return
	done
}
