# shellcheck shell=dash
# The manifest is data from a stick: bounded, read with `read`, never sourced, never evaluated.
# Each layer and profile becomes a file named after it, so that finding one among 500 needs no scan.

# 500 layers with the longest names take 170 kB.
LIVESYS_MANIFEST_LIMIT=262144

# livesys_copy_manifest DIRECTORY COPY: 1 = there is none, 2 = a symbolic link, 3 = cannot be read.
livesys_copy_manifest() {
	[ -L "$1/livesys" ] && return 2
	[ -L "$1/livesys/manifest" ] && return 2
	[ -f "$1/livesys/manifest" ] || return 1
	head -c $((LIVESYS_MANIFEST_LIMIT + 1)) "$1/livesys/manifest" >"$2" 2>/dev/null || return 3
}

# The id that a manifest claims, in LIVESYS_CLAIMED; enough to tell media apart.
livesys_claimed_image() {
	local first second
	LIVESYS_CLAIMED=
	{
		IFS= read -r first
		IFS= read -r second
	} <"$1"
	case $first in 'livesys '*) ;; *) return 1 ;; esac
	case $second in 'image '*) second=${second#image } ;; *) return 1 ;; esac
	livesys_is_uuid "$second" && LIVESYS_CLAIMED=$second
}

livesys_bad_manifest() {
	livesys_error E30 "the manifest is damaged: $1"
}

# livesys_parse_manifest FILE DIRECTORY: checks everything, fills DIRECTORY/layer, /profile and /persist.
livesys_parse_manifest() {
	LIVESYS_MANIFEST=$2
	rm -rf "$2" && mkdir -p "$2/layer" "$2/profile" "$2/persist" ||
		livesys_error E30 "cannot write $2" || return
	livesys_check_manifest_bytes "$1" && livesys_check_manifest_hash "$1" && livesys_parse_manifest_lines &&
		livesys_check_manifest_whole
}

# The manifest, in LIVESYS_TEXT. NUL, CR, tab and everything beyond ASCII become "?", because shells differ in what
# they make of them: such a byte is not what the hash was made of, and only this text is parsed.
livesys_check_manifest_bytes() {
	# The point keeps the last newline.
	LIVESYS_TEXT=$(tr -c '\012\040-\176' '?' <"$1" && printf .)
	LIVESYS_TEXT=${LIVESYS_TEXT%.}
	[ -n "$LIVESYS_TEXT" ] || livesys_bad_manifest 'it is empty' || return
	[ ${#LIVESYS_TEXT} -le "$LIVESYS_MANIFEST_LIMIT" ] || livesys_bad_manifest "it is larger than $LIVESYS_MANIFEST_LIMIT bytes" || return
	case $LIVESYS_TEXT in *"$LIVESYS_NEWLINE") ;; *) livesys_bad_manifest 'its last line is cut' || return ;; esac
	LIVESYS_TEXT=${LIVESYS_TEXT%"$LIVESYS_NEWLINE"}
}

livesys_check_manifest_hash() {
	local last actual body
	if [ -n "${LIVESYS_ARG_manifest:-}" ]; then
		livesys_sha256 "$1"
		[ "$LIVESYS_SHA256" = "$LIVESYS_ARG_manifest" ] ||
			livesys_error E30 "the manifest is not the one that livesys.manifest= asks for: expected $LIVESYS_ARG_manifest, found $LIVESYS_SHA256" || return
	fi
	last=${LIVESYS_TEXT##*"$LIVESYS_NEWLINE"}
	case $last in 'end '*) ;; *) livesys_bad_manifest 'its end line is missing' || return ;; esac
	body=${LIVESYS_TEXT%"$LIVESYS_NEWLINE"*}
	actual=$(
		sha256sum <<-END
			$body
		END
	)
	[ "${last#end }" = "${actual%% *}" ] ||
		livesys_bad_manifest "expected hash ${last#end }, found ${actual%% *}"
}

livesys_sha256() {
	LIVESYS_SHA256=$(sha256sum <"$1") || return
	LIVESYS_SHA256=${LIVESYS_SHA256%% *}
}

livesys_parse_manifest_lines() {
	local line
	LIVESYS_IMAGE='' LIVESYS_DEFAULT_PROFILE='' LIVESYS_FIRST_PROFILE='' LIVESYS_LINE=0
	while IFS= read -r line; do
		LIVESYS_LINE=$((LIVESYS_LINE + 1))
		case $line in
			'' | ' '* | *' ' | *'  '*)
				livesys_bad_manifest "line $LIVESYS_LINE: fields are separated by single spaces" || return
				;;
		esac
		livesys_parse_manifest_line "$line" || return
	done <<-END
		$LIVESYS_TEXT
	END
}

# livesys_parse_manifest_line LINE: the first two lines have fixed places.
livesys_parse_manifest_line() {
	local IFS=' '
	set -f
	# shellcheck disable=SC2086
	set -- $1
	set +f
	case $LIVESYS_LINE:$1 in
		1:livesys)
			[ "$*" = 'livesys 1' ] ||
				livesys_error E30 "the manifest has format version ${2:-none}; this boot image reads version 1"
			;;
		2:image)
			[ $# -eq 2 ] && livesys_is_uuid "$2" || livesys_bad_manifest_line "$1" || return
			LIVESYS_IMAGE=$2
			;;
		1:* | 2:*) livesys_bad_manifest_line "$1" ;;
		*:layer) livesys_add_layer "$@" ;;
		*:profile) livesys_add_profile "$@" ;;
		*:persist) livesys_add_persist "$@" ;;
		*:end | *:x-*) ;;
		*) livesys_bad_manifest_line "$1" ;;
	esac
}

livesys_bad_manifest_line() {
	livesys_bad_manifest "line $LIVESYS_LINE: bad or misplaced \"$1\" line"
}

livesys_add_layer() {
	local stem
	[ $# -eq 8 ] && livesys_is_name "$2" && livesys_is_size "$4" && livesys_is_hex "$5" 64 ||
		livesys_bad_manifest_line layer || return
	case $6 in squashfs | erofs) ;; *) livesys_bad_manifest_line layer || return ;; esac
	livesys_is_verity "$7" "$8" || livesys_bad_manifest_line layer || return
	stem=${3#"layers/$2-"}
	case $stem in
		*.squashfs) stem=${stem%.squashfs} ;;
		*.erofs) stem=${stem%.erofs} ;;
	esac
	livesys_is_hex "$stem" 16 || livesys_bad_manifest "line $LIVESYS_LINE: a layer is named layers/<name>-<16 digits>.squashfs" || return
	[ ! -e "$LIVESYS_MANIFEST/layer/$2" ] || livesys_bad_manifest "line $LIVESYS_LINE: layer $2 is there twice" || return
	printf '%s\n' "$3 $4 $5 $6 $7 $8" >"$LIVESYS_MANIFEST/layer/$2"
}

# livesys_is_verity OFFSET HASH: both or none; the tree begins on a whole block.
livesys_is_verity() {
	[ "$1 $2" != '- -' ] || return 0
	livesys_is_size "$1" && livesys_is_hex "$2" 64 && livesys_divide "$1" 4096 && [ "$LIVESYS_REMAINDER" -eq 0 ]
}

livesys_add_profile() {
	local profile="$2" default="$3"
	[ $# -eq 4 ] && livesys_is_name "$2" || livesys_bad_manifest_line profile || return
	case $3 in default | -) ;; *) livesys_bad_manifest_line profile || return ;; esac
	case $4 in ,* | *, | *,,* | *[!A-Za-z0-9._,-]*) livesys_bad_manifest_line profile || return ;; esac
	[ ! -e "$LIVESYS_MANIFEST/profile/$2" ] || livesys_bad_manifest "line $LIVESYS_LINE: profile $2 is there twice" || return
	printf '%s\n' "$4" >"$LIVESYS_MANIFEST/profile/$2"
	: "${LIVESYS_FIRST_PROFILE:=$profile}"
	[ "$default" = default ] || return 0
	[ -z "$LIVESYS_DEFAULT_PROFILE" ] || livesys_bad_manifest "line $LIVESYS_LINE: a second default profile" || return
	LIVESYS_DEFAULT_PROFILE=$profile
}

livesys_add_persist() {
	[ $# -eq 5 ] && livesys_is_name "$2" && livesys_is_name "$3" || livesys_bad_manifest_line persist || return
	case $4 in *[!A-Za-z0-9._/=:-]* | *../* | *..) livesys_bad_manifest_line persist || return ;; esac
	case $5 in required | optional) ;; *) livesys_bad_manifest_line persist || return ;; esac
	printf '%s\n' "$3 $4 $5" >"$LIVESYS_MANIFEST/persist/$2"
}

livesys_check_manifest_whole() {
	local file layers layer count IFS=,
	[ -n "$LIVESYS_FIRST_PROFILE" ] || livesys_bad_manifest 'it has no profile' || return
	for file in "$LIVESYS_MANIFEST/profile"/*; do
		read -r layers <"$file"
		count=0
		for layer in $layers; do
			count=$((count + 1))
			[ -f "$LIVESYS_MANIFEST/layer/$layer" ] ||
				livesys_bad_manifest "profile ${file##*/} names layer $layer, which is not in it" || return
		done
		[ "$count" -le 500 ] || livesys_bad_manifest "profile ${file##*/} has $count layers; the kernel stacks 500" || return
	done
	for file in "$LIVESYS_MANIFEST/persist"/*; do
		[ ! -e "$file" ] || [ -e "$LIVESYS_MANIFEST/profile/${file##*/}" ] ||
			livesys_bad_manifest "persistence for profile ${file##*/}, which is not in it" || return
	done
}
