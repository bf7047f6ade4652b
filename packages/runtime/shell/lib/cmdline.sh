# shellcheck shell=dash
# Kernel arguments: one LIVESYS_ARG_* variable each, no eval.

LIVESYS_ARGUMENTS='livesys.data livesys.debug livesys.iso livesys.manifest livesys.medium livesys.noeject livesys.overlay-size livesys.persistence livesys.persistence.on-error livesys.persistence.rebase livesys.profile livesys.setup-persistence livesys.strict livesys.timeout livesys.toram livesys.verify'

# livesys_parse_cmdline FILE: 0 = ours and sound; 1 = ours and wrong (E10); 3 = another root.
livesys_parse_cmdline() {
	local line text=
	livesys_reset_arguments
	while IFS= read -r line || [ -n "$line" ]; do
		text="$text $line"
	done <"$1"
	livesys_each_word livesys_read_root "$text"
	case $LIVESYS_ARG_root in livesys:*) ;; *) return 3 ;; esac
	# Names known from other live systems first, so that ours win whatever the order.
	livesys_each_word livesys_read_alias "$text"
	livesys_each_word livesys_read_argument "$text"
	livesys_check_arguments
}

livesys_reset_arguments() {
	LIVESYS_ARG_root='' LIVESYS_ARG_image='' LIVESYS_ARG_profile='' LIVESYS_ARG_medium='' LIVESYS_ARG_manifest=''
	LIVESYS_ARG_overlay_size='' LIVESYS_ARG_timeout='' LIVESYS_ARG_verify='' LIVESYS_ARG_debug='' LIVESYS_ARG_iso=''
	LIVESYS_ARG_strict='' LIVESYS_ARG_init='' LIVESYS_ARG_persistence='' LIVESYS_ARG_on_error='' LIVESYS_ARG_data=''
	LIVESYS_ARG_toram='' LIVESYS_ARG_noeject='' LIVESYS_ARG_rebase='' LIVESYS_ARG_setup=''
}

# livesys_each_word FUNCTION TEXT: splits as the kernel does, where "a b" keeps its blank.
livesys_each_word() {
	local call="$1" part word='' open='' quotes rest IFS=' 	'
	set -f
	# shellcheck disable=SC2086
	set -- $2
	set +f
	for part; do
		word=${open:+"$word "}$part
		quotes=$part
		while :; do
			rest=${quotes#*\"}
			[ "$rest" != "$quotes" ] || break
			quotes=$rest
			if [ -n "$open" ]; then open=; else open=1; fi
		done
		[ -z "$open" ] || continue
		livesys_unquote "$word"
		"$call" "$LIVESYS_WORD"
		word=
	done
	[ -z "$open" ] || { livesys_unquote "$word" && "$call" "$LIVESYS_WORD"; }
}

livesys_unquote() {
	local rest="$1"
	LIVESYS_WORD=
	while :; do
		case $rest in
			*\"*)
				LIVESYS_WORD=$LIVESYS_WORD${rest%%\"*}
				rest=${rest#*\"}
				;;
			*)
				LIVESYS_WORD=$LIVESYS_WORD$rest
				return
				;;
		esac
	done
}

livesys_read_root() {
	case $1 in root=*) LIVESYS_ARG_root=${1#root=} ;; esac
}

# Only names whose meaning is the same; docs of live-boot, archiso, dracut and casper.
livesys_read_alias() {
	local value="${1#*=}"
	case $1 in
		findiso=?* | fromiso=?* | iso-scan/filename=?*) LIVESYS_ARG_iso=/${value#/} ;;
		overlay-size=* | cow_spacesize=*)
			if livesys_is_overlay_size "$value"; then
				LIVESYS_ARG_overlay_size=$value
			else
				livesys_notice "kernel argument $1: not a size like 50% or 2G, ignored"
			fi
			;;
		verify-checksums | checksum=y) LIVESYS_ARG_verify=full ;;
		toram | toram=?* | copytoram | copytoram=y) LIVESYS_ARG_toram=yes ;;
		copytoram=auto) LIVESYS_ARG_toram=auto ;;
		copytoram=n) LIVESYS_ARG_toram=no ;;
		persistence | persistent) LIVESYS_ARG_persistence=on ;;
		nopersistence | nopersistent) LIVESYS_ARG_persistence=off ;;
		persistence-read-only) LIVESYS_ARG_persistence='readonly' ;;
	esac
}

livesys_read_argument() {
	local value="${1#*=}"
	case $1 in
		init=*) LIVESYS_ARG_init=$value ;;
		livesys.profile=*) LIVESYS_ARG_profile=$value ;;
		livesys.medium=*) LIVESYS_ARG_medium=$value ;;
		livesys.manifest=*) LIVESYS_ARG_manifest=$value ;;
		livesys.overlay-size=*) LIVESYS_ARG_overlay_size=$value ;;
		livesys.timeout=*) LIVESYS_ARG_timeout=$value ;;
		livesys.verify=*) LIVESYS_ARG_verify=$value ;;
		livesys.iso=*) LIVESYS_ARG_iso=$value ;;
		livesys.persistence=*) LIVESYS_ARG_persistence=$value ;;
		livesys.persistence) LIVESYS_ARG_persistence=on ;;
		livesys.persistence.on-error=*) LIVESYS_ARG_on_error=$value ;;
		livesys.persistence.rebase | livesys.persistence.rebase=1 | livesys.persistence.rebase=yes) LIVESYS_ARG_rebase=1 ;;
		livesys.setup-persistence | livesys.setup-persistence=1 | livesys.setup-persistence=yes) LIVESYS_ARG_setup=1 ;;
		livesys.data=*) LIVESYS_ARG_data=$value ;;
		livesys.toram=*) LIVESYS_ARG_toram=$value ;;
		livesys.toram) LIVESYS_ARG_toram=yes ;;
		livesys.debug | livesys.debug=1 | livesys.debug=yes) LIVESYS_ARG_debug=1 ;;
		livesys.strict | livesys.strict=1 | livesys.strict=yes) LIVESYS_ARG_strict=1 ;;
		livesys.noeject | livesys.noeject=1 | livesys.noeject=yes) LIVESYS_ARG_noeject=1 ;;
		livesys.debug=* | livesys.noeject=* | livesys.strict=* | livesys.persistence.rebase=* | livesys.setup-persistence=*) ;;
		livesys.*) livesys_unknown_argument "$1" ;;
	esac
}

livesys_unknown_argument() {
	local name="${1%%=*}" IFS=' '
	case " $LIVESYS_ARGUMENTS " in
		*" $name "*)
			livesys_notice "kernel argument $name needs a value, ignored"
			return
			;;
	esac
	# shellcheck disable=SC2086
	livesys_nearest "$name" $LIVESYS_ARGUMENTS
	livesys_notice "kernel argument $name is not known${LIVESYS_NEAREST:+; did you mean $LIVESYS_NEAREST?}"
}

livesys_bad_argument() {
	livesys_error E10 "kernel argument $1=$2: expected $3"
}

livesys_check_arguments() {
	livesys_check_image && livesys_check_values || return
	: "${LIVESYS_ARG_overlay_size:=50%}" "${LIVESYS_ARG_timeout:=60}"
}

livesys_check_image() {
	LIVESYS_ARG_image=${LIVESYS_ARG_root#livesys:}
	# Tools that print ids in capitals are common; only then is a process needed.
	case $LIVESYS_ARG_image in *[A-F]*) LIVESYS_ARG_image=$(printf '%s' "$LIVESYS_ARG_image" | tr A-F a-f) ;; esac
	livesys_is_uuid "$LIVESYS_ARG_image" && return
	LIVESYS_ARG_image=
	livesys_bad_argument root "$LIVESYS_ARG_root" 'livesys: and the id of the image, like livesys:01234567-89ab-cdef-0123-456789abcdef'
}

# An empty value counts as not given.
livesys_check_values() {
	[ -z "$LIVESYS_ARG_profile" ] || livesys_is_name "$LIVESYS_ARG_profile" ||
		livesys_bad_argument livesys.profile "$LIVESYS_ARG_profile" 'the name of a profile' || return
	[ -z "$LIVESYS_ARG_manifest" ] || livesys_is_hex "$LIVESYS_ARG_manifest" 64 ||
		livesys_bad_argument livesys.manifest "$LIVESYS_ARG_manifest" '64 hexadecimal digits' || return
	[ -z "$LIVESYS_ARG_overlay_size" ] || livesys_is_overlay_size "$LIVESYS_ARG_overlay_size" ||
		livesys_bad_argument livesys.overlay-size "$LIVESYS_ARG_overlay_size" 'a share or a size, like 50% or 2G' || return
	[ -z "$LIVESYS_ARG_iso" ] || livesys_is_path "$LIVESYS_ARG_iso" ||
		livesys_bad_argument livesys.iso "$LIVESYS_ARG_iso" 'a path that starts with /' || return
	case $LIVESYS_ARG_timeout in
		*[!0-9]* | ?????*) livesys_bad_argument livesys.timeout "$LIVESYS_ARG_timeout" 'seconds, at most 9999' || return ;;
	esac
	case $LIVESYS_ARG_verify in
		'' | no | lazy | full) ;;
		*) livesys_bad_argument livesys.verify "$LIVESYS_ARG_verify" 'no, lazy or full' || return ;;
	esac
	case $LIVESYS_ARG_toram in
		'' | yes | no | auto) ;;
		*) livesys_bad_argument livesys.toram "$LIVESYS_ARG_toram" 'yes, no or auto' || return ;;
	esac
	[ -z "$LIVESYS_ARG_medium" ] || livesys_is_spec "$LIVESYS_ARG_medium" ||
		livesys_bad_argument livesys.medium "$LIVESYS_ARG_medium" 'UUID=, LABEL=, PARTUUID=, PARTLABEL= or a path in /dev' || return
	livesys_check_persistence_values
}

livesys_check_persistence_values() {
	case $LIVESYS_ARG_persistence in
		'' | on | off | readonly) ;;
		*) livesys_bad_argument livesys.persistence "$LIVESYS_ARG_persistence" 'on, off or readonly' || return ;;
	esac
	case $LIVESYS_ARG_on_error in
		'' | stop | temporary | readonly) ;;
		*) livesys_bad_argument livesys.persistence.on-error "$LIVESYS_ARG_on_error" 'stop, temporary or readonly' || return ;;
	esac
	[ -n "$LIVESYS_ARG_data" ] || return 0
	livesys_is_spec "${LIVESYS_ARG_data%%:/*}" &&
		{ [ "${LIVESYS_ARG_data%%:/*}" = "$LIVESYS_ARG_data" ] || livesys_is_path "/${LIVESYS_ARG_data#*:/}"; } ||
		livesys_bad_argument livesys.data "$LIVESYS_ARG_data" 'a device as for livesys.medium=, and perhaps a path on it, like LABEL=name:/directory' || return
}

# The ways of naming a device.
livesys_is_spec() {
	case $1 in
		*"$LIVESYS_NEWLINE"*) return 1 ;;
		UUID=?* | LABEL=?* | PARTUUID=?* | PARTLABEL=?* | /dev/?*) return 0 ;;
		*) return 1 ;;
	esac
}
