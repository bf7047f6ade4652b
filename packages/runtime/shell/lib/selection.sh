# shellcheck shell=dash
# The selection: what the next boot takes, on DATA, where the boot loader, the live system and other
# computers write it. It is read as data from a stick: bounded, never sourced, never evaluated.
# Needs text.sh and nothing else of the library.

LIVESYS_SELECTION_LIMIT=4096
LIVESYS_GRUB_BLOCK_SIZE=1024

livesys_bad_selection() {
	LIVESYS_SELECTION_PROBLEM=$1
	LIVESYS_SELECTED_PROFILE='' LIVESYS_SELECTED_PERSISTENCE=''
	return 1
}

# The one text that says this, in LIVESYS_SELECTION. Either value may be empty.
# livesys_selection_text PROFILE PERSISTENCE
livesys_selection_text() {
	local hash body="livesys-selection 1$LIVESYS_NEWLINE"
	body=$body${1:+"profile $1$LIVESYS_NEWLINE"}${2:+"persistence $2$LIVESYS_NEWLINE"}
	hash=$(printf '%s' "$body" | sha256sum) || return
	LIVESYS_SELECTION="${body}end ${hash%% *}$LIVESYS_NEWLINE"
}

# livesys_read_selection FILE: LIVESYS_SELECTED_PROFILE and LIVESYS_SELECTED_PERSISTENCE, both empty when
# there is no file; 1 = invalid, with the reason in LIVESYS_SELECTION_PROBLEM.
livesys_read_selection() {
	local text rest line
	LIVESYS_SELECTED_PROFILE='' LIVESYS_SELECTED_PERSISTENCE='' LIVESYS_SELECTION_PROBLEM=''
	[ ! -L "$1" ] && [ ! -L "${1%/*}" ] || livesys_bad_selection 'it is a symbolic link' || return
	[ -e "$1" ] || return 0
	[ -f "$1" ] || livesys_bad_selection 'it is not a file' || return
	# NUL, CR and everything beyond ASCII become "?", which no line holds; the point keeps the last newline.
	text=$(head -c $((LIVESYS_SELECTION_LIMIT + 1)) "$1" 2>/dev/null | tr -c '\012\040-\176' '?' && printf .)
	text=${text%.}
	[ -n "$text" ] || livesys_bad_selection 'it is empty or cannot be read' || return
	[ ${#text} -le "$LIVESYS_SELECTION_LIMIT" ] ||
		livesys_bad_selection "it is larger than $LIVESYS_SELECTION_LIMIT bytes" || return
	rest=$text
	while :; do
		line=${rest%%"$LIVESYS_NEWLINE"*}
		[ "$line" != "$rest" ] || break
		rest=${rest#*"$LIVESYS_NEWLINE"}
		case $line in
			'profile '*) LIVESYS_SELECTED_PROFILE=${line#profile } ;;
			'persistence '*) LIVESYS_SELECTED_PERSISTENCE=${line#persistence } ;;
			'end '*) break ;;
		esac
	done
	livesys_check_selection "$text"
}

# Order, repetition, stray bytes and the hash at once: there is only one way to write it down.
livesys_check_selection() {
	case $1 in
		'livesys-selection 1'"$LIVESYS_NEWLINE"*) ;;
		*) livesys_bad_selection 'it does not start with "livesys-selection 1"' || return ;;
	esac
	livesys_is_selection "$LIVESYS_SELECTED_PROFILE" "$LIVESYS_SELECTED_PERSISTENCE" || return
	livesys_selection_text "$LIVESYS_SELECTED_PROFILE" "$LIVESYS_SELECTED_PERSISTENCE" && [ "$1" = "$LIVESYS_SELECTION" ] ||
		livesys_bad_selection 'its lines or its hash are wrong' || return
}

# livesys_is_selection PROFILE PERSISTENCE
livesys_is_selection() {
	[ -z "$1" ] || livesys_is_name "$1" || livesys_bad_selection 'its profile is not a name' || return
	case $2 in
		'' | on | off) ;;
		*) livesys_bad_selection 'its persistence is neither on nor off' ;;
	esac
}

# livesys_write_selection DIRECTORY PROFILE PERSISTENCE: DIRECTORY plays the root of DATA; an empty value is
# left to the kernel arguments and the manifest. 1 = not written, with the reason in LIVESYS_SELECTION_PROBLEM.
livesys_write_selection() {
	LIVESYS_SELECTION_PROBLEM=
	livesys_is_selection "$2" "$3" || return
	[ ! -L "$1/livesys" ] || livesys_bad_selection "$1/livesys is a symbolic link" || return
	livesys_selection_text "$2" "$3" && livesys_grub_block "$2" && mkdir -p "$1/livesys" &&
		livesys_replace_file "$1/livesys" selection "$LIVESYS_SELECTION" &&
		livesys_replace_file "$1/livesys" grubenv "$LIVESYS_GRUB_BLOCK" && sync "$1/livesys" ||
		livesys_bad_selection "$1/livesys cannot be written" || return
}

# livesys_replace_file DIRECTORY NAME TEXT: whole or not at all, also when the power goes.
livesys_replace_file() {
	# mv follows a link to a directory.
	[ ! -L "$1/$2" ] || rm -f "$1/$2" || return
	[ ! -d "$1/$2" ] || return
	rm -f "$1/.$2.new" && (umask 022 && printf '%s' "$3" >"$1/.$2.new") && sync "$1/.$2.new" && mv -f "$1/.$2.new" "$1/$2"
}

# livesys_grub_block PROFILE: what GRUB's load_env reads, in LIVESYS_GRUB_BLOCK.
livesys_grub_block() {
	local padding
	LIVESYS_GRUB_BLOCK="# GRUB Environment Block$LIVESYS_NEWLINE${1:+"livesys_profile=$1$LIVESYS_NEWLINE"}"
	padding=$(printf "%$((LIVESYS_GRUB_BLOCK_SIZE - ${#LIVESYS_GRUB_BLOCK}))s" '' | tr ' ' '#') || return
	LIVESYS_GRUB_BLOCK=$LIVESYS_GRUB_BLOCK$padding
}
