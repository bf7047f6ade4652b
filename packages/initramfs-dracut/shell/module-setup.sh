#!/bin/bash
# Build side of the dracut module "livesys". What to install is data, in the file "contents" beside this one:
#
#   file <mode> <absolute path>             shipped below root/
#   binary required|optional <name>
#   library <name>                          with the links to it, where there is one
#   module required|optional <kernel module>
#   hook <point> <priority> <file>          shipped beside this file
#   generator <file>                        the same; only where the initramfs runs systemd
#   usual <kernel module>                   loaded by most machines
#   needless-rules <name>                   rules of udev that are set aside for dracut's own first process
#
# Reasons come from dracut 059, 106 and 111.

# livesys_contents KIND [VALUE OF THE NEXT FIELD]: the last field of each such line.
livesys_contents() {
	awk -v kind="$1" -v which="${2:-}" '$1 == kind && (which == "" || $2 == which) { print $NF }' "$moddir/contents"
}

# livesys_has_kernel_module NAME: as a module or built in; file names mix - and _.
livesys_has_kernel_module() {
	grep -qsE "(^|/)${1//[-_]/[-_]}\.ko" "$srcmods/modules.dep" "$srcmods/modules.builtin"
}

# A failure of installkernel() would be ignored, so what cannot be left out is asked for here.
check() {
	local name missing=0
	[[ -r $moddir/contents ]] || return 1
	for name in $(livesys_contents binary required); do
		find_binary "$name" >/dev/null && continue
		derror "livesys: the program $name is missing"
		missing=1
	done
	if [[ ${no_kernel:-} != yes && -d ${srcmods:-} ]]; then
		for name in $(livesys_contents module required); do
			livesys_has_kernel_module "$name" && continue
			derror "livesys: the kernel ${kernel:-} has no module $name"
			missing=1
		done
	fi
	((missing == 0)) || return 1
	return 255
}

# A module that is not installed would make ours fail, and a lookup of one returns an unexpanded pattern.
depends() {
	local name
	echo base
	for name in kernel-modules udev-rules; do
		[[ -d $(dracut_module_path "$name") ]] && echo "$name"
	done
	return 0
}

# With hostonly set, instmods drops whatever the build host does not use; and what is named here is wanted in any case.
installkernel() {
	local -a names
	mapfile -t names < <(livesys_contents module required)
	((${#names[@]} == 0)) || hostonly='' omit_drivers='' instmods "${names[@]}"
	mapfile -t names < <(livesys_contents module optional)
	((${#names[@]} == 0)) || hostonly='' omit_drivers='' instmods -s "${names[@]}"
	livesys_change_at_the_end
	return 0
}

# dracut lists the drivers that it has in this function, after all of its modules, and asks for no other last word. What is
# done there only saves time: a dracut without the function makes an image that boots, too.
livesys_change_at_the_end() {
	declare -F dracut_kernel_post >/dev/null || return 0
	! declare -F livesys_list_drivers >/dev/null || return 0
	eval "livesys_list_drivers() $(declare -f dracut_kernel_post | tail -n +2)"
	livesys_module=$moddir
	# shellcheck disable=SC2317 # dracut calls it
	dracut_kernel_post() {
		local moddir=$livesys_module
		livesys_complete_drivers
		livesys_unpack_drivers
		livesys_take_init
		livesys_wrap_modprobe
		livesys_list_drivers
	}
}

# livesys_installed_driver PATH: as modules.dep has it.
livesys_installed_driver() {
	[[ -e $initdir/lib/modules/$kernel/$1 ]]
}

# dracut leaves a driver out even where another one that it takes cannot do without it.
livesys_complete_drivers() {
	local line file name
	local -a missing=()
	while read -r line; do
		livesys_installed_driver "${line%%:*}" || continue
		for file in ${line#*:}; do
			livesys_installed_driver "$file" && continue
			name=${file##*/}
			missing+=("${name%%.ko*}")
		done
	done <"$srcmods/modules.dep"
	((${#missing[@]} == 0)) || hostonly='' omit_drivers='' instmods "${missing[@]}"
}

# Distributions pack each driver with xz, which takes ten times as long to unpack as the zstd around the whole, while the
# boot waits for its disk; so those that most machines load are put in as they are, and only those, because unpacking
# the whole takes its time too. A driver that cannot be unpacked stays as it is.
livesys_unpack_drivers() {
	local name line file
	for name in $(livesys_contents usual); do
		line=$(grep -E "(^|/)${name//[-_]/[-_]}\.ko[^/:]*:" "$srcmods/modules.dep") || continue
		for file in ${line/:/}; do
			file=$initdir/lib/modules/$kernel/$file
			[[ $file == *.ko || ! -e $file ]] || zstd --quiet --decompress --rm "$file"
		done
	done
}

install() {
	local kind first second third
	local -a names
	mapfile -t names < <(livesys_contents binary required)
	inst_multiple "${names[@]}"
	mapfile -t names < <(livesys_contents binary optional)
	((${#names[@]} == 0)) || inst_multiple -o "${names[@]}"
	while read -r -u 3 kind first second third; do
		case $kind in
			file) livesys_install_file "$first" "$second" ;;
			library) inst_libdir_file "$first" ;;
			hook) inst_hook "$first" "$second" "$moddir/$third" ;;
			generator) livesys_install_generator "$first" ;;
		esac
	done 3<"$moddir/contents"
}

# npm packages and some file systems lose modes: the mode in the list counts.
livesys_install_file() {
	inst_simple "$moddir/root$2" "$2" && chmod "$1" "$initdir$2"
}

livesys_install_generator() {
	dracut_module_included systemd || return 0
	inst_simple "$moddir/$1" "${systemdutildir:-/usr/lib/systemd}/system-generators/$1" &&
		chmod 0755 "$initdir${systemdutildir:-/usr/lib/systemd}/system-generators/$1"
}

# Ours is the first process, and dracut's the next where it is wanted.
livesys_take_init() {
	local target
	find_binary switch_root >/dev/null || return 0
	livesys_set_rules_aside
	inst_multiple readlink switch_root
	target=$(readlink -f "$initdir/init")
	[[ $target != "$initdir/init" ]] || { target=$initdir/usr/lib/livesys/dracut-init.sh && mv "$initdir/init" "$target"; }
	ln -sfn "${target#"$initdir"}" "$initdir/usr/lib/livesys/dracut-init"
	rm -f "$initdir/init" && cp "$moddir/livesys-init" "$initdir/init" && chmod 0755 "$initdir/init"
}

livesys_set_rules_aside() {
	local name file
	mkdir -p "$initdir/usr/lib/livesys/rules.d"
	for name in $(livesys_contents needless-rules); do
		file=$initdir/usr/lib/udev/rules.d/$name.rules
		[[ ! -e $file ]] || mv "$file" "$initdir/usr/lib/livesys/rules.d"
	done
}

# Ours answers for it as long as there is nothing that could be loaded.
livesys_wrap_modprobe() {
	[[ $(readlink "$initdir/sbin/modprobe") == *kmod ]] || return 0
	ln -sfn "$(find_binary kmod)" "$initdir/usr/lib/livesys/modprobe"
	rm "$initdir/sbin/modprobe" && cp "$moddir/modprobe" "$initdir/sbin/modprobe" && chmod 0755 "$initdir/sbin/modprobe"
}
