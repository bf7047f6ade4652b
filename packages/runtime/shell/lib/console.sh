# shellcheck shell=dash
# Asking the person at any console. Questions go through the kernel log, which reaches every console; answers
# are read by one dd per console, because a shell's own read could not be ended again.

# Consoles that can be read, in LIVESYS_CONSOLES.
livesys_list_consoles() {
	local name active='' IFS=' '
	LIVESYS_CONSOLES=
	{ read -r active <"$LIVESYS_SYS/class/tty/console/active"; } 2>/dev/null
	for name in $active; do
		[ ! -e "$LIVESYS_DEV/$name" ] || LIVESYS_CONSOLES="$LIVESYS_CONSOLES $name"
	done
}

# livesys_ask SECONDS BYTES JUDGE TEXT: reads keys (1 byte), lines, or secrets (512 bytes) until JUDGE takes one; 1 = nobody answered.
livesys_ask() {
	local left="$1" name readers='' reader again answered='' every=5 IFS=' '
	LIVESYS_ANSWER=
	livesys_list_consoles
	[ -n "$LIVESYS_CONSOLES" ] || return 1
	! livesys_is_leaving || return 1
	[ "$left" -le 60 ] || every=30
	for name in $LIVESYS_CONSOLES; do
		livesys_prepare_terminal "$name" "$2"
		livesys_start_reader "$name" "$2"
		readers="$readers $name:$LIVESYS_READER"
	done
	while [ "$left" -gt 0 ] && [ -z "$answered" ] && ! livesys_is_leaving; do
		sleep 1
		again=
		for reader in $readers; do
			if [ -z "$answered" ] && livesys_read_answer "${reader%:*}"; then
				livesys_stop_reader "${reader#*:}"
				if "$3" "$LIVESYS_TYPED"; then
					answered=1
					continue
				fi
				livesys_start_reader "${reader%:*}" "$2"
				reader=${reader%:*}:$LIVESYS_READER
			fi
			again="$again $reader"
		done
		readers=$again
		# Said when every console has been opened: a serial port loses what is typed before.
		[ -n "$answered" ] || [ $((left % every)) -ne 0 ] || livesys_log 3 "$left s left; $4"
		left=$((left - 1))
	done
	for reader in $readers; do livesys_stop_reader "${reader#*:}"; done
	for name in $LIVESYS_CONSOLES; do livesys_give_back "$name"; done
	[ -n "$answered" ]
}

# Somebody wants the machine to start again, as the first process of the boot image heard.
livesys_is_leaving() {
	[ -e "$LIVESYS_HOME/leaving" ]
}

livesys_start_reader() {
	rm -f "$LIVESYS_STATE/answer-$1"
	(umask 077 && exec dd if="$LIVESYS_DEV/$1" of="$LIVESYS_STATE/answer-$1" bs="$2" count=1 2>/dev/null) &
	LIVESYS_READER=$!
}

livesys_stop_reader() {
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

# What was typed there since, in LIVESYS_TYPED.
livesys_read_answer() {
	[ -s "$LIVESYS_STATE/answer-$1" ] || return
	LIVESYS_TYPED=
	# A key comes without a newline.
	IFS= read -r LIVESYS_TYPED <"$LIVESYS_STATE/answer-$1"
	rm -f "$LIVESYS_STATE/answer-$1"
}

# livesys_prepare_terminal NAME BYTES: a key counts at once, not only after Enter; a secret is not shown.
# What is no terminal stays as it is.
livesys_prepare_terminal() {
	local change
	case $2 in
		1) change='-icanon min 1' ;;
		512) change='-echo echonl' ;;
		*) return 0 ;;
	esac
	rm -f "$LIVESYS_STATE/stty-$1"
	# shellcheck disable=SC2086
	stty -F "$LIVESYS_DEV/$1" -g >"$LIVESYS_STATE/stty-$1" 2>/dev/null && stty -F "$LIVESYS_DEV/$1" $change 2>/dev/null
}

livesys_give_back() {
	local saved=''
	{ read -r saved <"$LIVESYS_STATE/stty-$1"; } 2>/dev/null
	[ -z "$saved" ] || stty -F "$LIVESYS_DEV/$1" "$saved" 2>/dev/null
	rm -f "$LIVESYS_STATE/stty-$1" "$LIVESYS_STATE/answer-$1"
}
