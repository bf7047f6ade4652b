# shellcheck shell=dash
# Judging text without starting a process.

LIVESYS_NEWLINE='
'

livesys_is_name() {
	case $1 in '' | . | .. | *[!A-Za-z0-9._-]*) return 1 ;; esac
	[ ${#1} -le 64 ]
}

# livesys_is_hex TEXT LENGTH
livesys_is_hex() {
	case $1 in *[!0-9a-f]*) return 1 ;; esac
	[ ${#1} -eq "$2" ]
}

# Sizes are compared as text: mksh counts in 32 bits.
livesys_is_size() {
	case $1 in '' | 0* | *[!0-9]*) return 1 ;; esac
	[ ${#1} -le 16 ]
}

# livesys_divide DIGITS DIVISOR: digit by digit, because mksh counts in 32 bits; the divisor stays below 2 hundred
# million. Gives LIVESYS_QUOTIENT, as text of any length, and LIVESYS_REMAINDER.
livesys_divide() {
	local rest="$1" digit
	LIVESYS_QUOTIENT='' LIVESYS_REMAINDER=0
	while [ -n "$rest" ]; do
		digit=${rest%"${rest#?}"}
		rest=${rest#?}
		LIVESYS_REMAINDER=$((LIVESYS_REMAINDER * 10 + digit))
		digit=$((LIVESYS_REMAINDER / $2))
		LIVESYS_REMAINDER=$((LIVESYS_REMAINDER % $2))
		[ "$LIVESYS_QUOTIENT$digit" = 0 ] || LIVESYS_QUOTIENT=$LIVESYS_QUOTIENT$digit
	done
	: "${LIVESYS_QUOTIENT:=0}"
}

livesys_is_uuid() {
	local rest="$1" length part
	case $1 in *[!0-9a-f-]* | *-) return 1 ;; esac
	for length in 8 4 4 4 12; do
		part=${rest%%-*}
		[ ${#part} -eq "$length" ] || return 1
		rest=${rest#"$part"}
		rest=${rest#-}
	done
	[ -z "$rest" ] && [ ${#1} -eq 36 ]
}

# A share of the memory (1% to 100%) or an amount (512M, 2G). tmpfs reads size=0 as "no limit".
livesys_is_overlay_size() {
	local number
	case $1 in
		*%) number=${1%\%} ;;
		*[kKmMgG]) number=${1%?} ;;
		*) return 1 ;;
	esac
	case $number in '' | 0* | *[!0-9]*) return 1 ;; esac
	[ ${#number} -le 9 ] || return 1
	case $1 in *%) [ "$number" -le 100 ] ;; esac
}

livesys_is_path() {
	case $1 in
		*/../* | */.. | *"$LIVESYS_NEWLINE"*) return 1 ;;
		/?*) return 0 ;;
		*) return 1 ;;
	esac
}

# livesys_distance A B: edits between two words, in LIVESYS_DISTANCE.
livesys_distance() {
	local a="$1" b="$2" rest letter above diagonal left best row IFS=' '
	set -- 0
	rest=$b
	while [ -n "$rest" ]; do
		set -- "$@" $#
		rest=${rest#?}
	done
	while [ -n "$a" ]; do
		letter=${a%"${a#?}"}
		a=${a#?}
		diagonal=$1
		left=$((diagonal + 1))
		row=$left
		rest=$b
		shift
		for above; do
			best=$diagonal
			case $rest in "$letter"*) ;; *) best=$((diagonal + 1)) ;; esac
			[ $((above + 1)) -ge "$best" ] || best=$((above + 1))
			[ $((left + 1)) -ge "$best" ] || best=$((left + 1))
			row="$row $best"
			diagonal=$above
			left=$best
			rest=${rest#?}
		done
		# shellcheck disable=SC2086
		set -- $row
	done
	shift $(($# - 1))
	LIVESYS_DISTANCE=$1
}

# livesys_nearest WORD CANDIDATE…: the closest candidate in LIVESYS_NEAREST, empty when none is close.
livesys_nearest() {
	local word="$1" candidate best=99
	shift
	LIVESYS_NEAREST=
	[ ${#word} -le 64 ] || return 0
	for candidate; do
		livesys_distance "$word" "$candidate"
		if [ "$LIVESYS_DISTANCE" -lt "$best" ]; then
			best=$LIVESYS_DISTANCE
			LIVESYS_NEAREST=$candidate
		fi
	done
	[ "$best" -le $((${#word} / 3 + 1)) ] || LIVESYS_NEAREST=
}
