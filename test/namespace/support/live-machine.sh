# shellcheck shell=bash
# One boot of a pretended machine in a mount namespace: its disks are loop devices with the names of partitions.
#   $1  root of this boot    $2…  the shell that runs the boot code
# DISKS: lines of "partition type-or-minus ro|rw image"; ARGUMENTS; SESSION: commands run in the live root;
# CRASH=1: no shutdown, the images are taken as they are after the session, or after the start that failed. Prints what the session prints.
root=$1
shift
export LIVESYS_PROC=/proc LIVESYS_PREFIX="$root" LIVESYS_KMSG="$root/kmsg" LIVESYS_SYS="$root/sys" LIVESYS_DEV="$root/dev"
mkdir -p "$root/run" "$root/dev" "$root/sys/class/block" "$root/bin"
: >"$root/kmsg"
: >"$root/dev/loop-control"
printf 'root=livesys:%s livesys.timeout=0 %s\n' "$ID" "$ARGUMENTS" >"$root/cmdline"

loops=()
types=
while read -r name type mode image; do
	disk=${name%[0-9]}
	flag=()
	[ "$mode" = rw ] || flag=(-r)
	loop=$(losetup "${flag[@]}" -f --show "$image") || exit 99
	loops+=("$loop")
	ln -s "$loop" "$root/dev/$name"
	types+="*/$name) echo \"\${prefix}PART_ENTRY_TYPE=$type\" ;; "
	part="$root/sys/class/block/$disk/$name"
	mkdir -p "$part"
	ln -s "$disk/$name" "$root/sys/class/block/$name"
	echo "${name#"$disk"}" >"$part/partition"
	echo $(($(stat -c %s "$image") / 512)) | tee "$part/size" >"$root/sys/class/block/$disk/size"
	if [ "$mode" = rw ]; then echo 0; else echo 1; fi >"$part/ro"
done <<<"$DISKS"

# What the kernel knows of real partitions.
cat >"$root/bin/blkid" <<END
#!/bin/bash
format='' prefix=''
for word; do
	case \$word in
		export) format=export ;;
		udev) format=udev prefix=ID_ ;;
		/*)
			if [ "\$format" = "" ]; then exec $(type -P blkid) "\$@"; fi
			[ "\$format" = udev ] || echo "DEVNAME=\$word"
			$(type -P blkid) -p -o "\$format" "\$word" | $(type -P grep) -v ^DEVNAME
			case \$word in $types esac
			;;
	esac
done
END
chmod 755 "$root/bin/blkid"

eval "$BEFORE"
run() { PATH="$root/bin:$TOOLS" "$@"; }
status=0
run "$@" "$SCRIPTS/livesys-assemble" --cmdline "$root/cmdline" || status=$?
if [ "$status" = 0 ]; then
	run "$@" "$SCRIPTS/livesys-publish" || status=98
	(cd "$root/sysroot" && eval "$SESSION")
	[ -n "$CRASH" ] || rm -f "$root/run/initramfs/livesys/persist/dirty" 2>/dev/null
fi
if [ -n "$CRASH" ]; then
	while read -r name type mode image; do
		[ "$mode" != rw ] || cp --sparse=always "$image" "$image.crashed"
	done <<<"$DISKS"
fi
while read -r target; do
	umount "$target" || status=97
done < <(awk -v root="$root/" 'index($5, root) == 1 { print $5 }' /proc/self/mountinfo | tac)
losetup -d "${loops[@]}" || status=96
if [ -n "$CRASH" ]; then
	while read -r name type mode image; do
		[ "$mode" != rw ] || mv "$image.crashed" "$image"
	done <<<"$DISKS"
fi
exit "$status"
