#!/bin/bash
# Build side of the dracut module "livesys". What to install is data, in the file "contents" beside this one:
#
#   file <mode> <absolute path>             shipped below root/
#   binary required|optional <name>
#   library <name>                          with the links to it, where there is one
#   module required|optional <kernel module>
#   hook <point> <priority> <file>          shipped beside this file
#   generator <file>                        the same; only where the initramfs runs systemd
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

# With hostonly set, instmods drops whatever the build host does not use.
installkernel() {
	local -a names
	mapfile -t names < <(livesys_contents module required)
	((${#names[@]} == 0)) || hostonly='' instmods "${names[@]}"
	mapfile -t names < <(livesys_contents module optional)
	((${#names[@]} == 0)) || hostonly='' instmods -s "${names[@]}"
	return 0
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
