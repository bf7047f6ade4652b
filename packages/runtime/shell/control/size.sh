# shellcheck shell=dash
# Sizes in KiB, because mksh counts in 32 bits; what is larger goes through expr.

# control_calculate A OPERATOR B
control_calculate() {
	# shellcheck disable=SC2003
	expr "$1" "$2" "$3"
}

# control_human KIB: like "312 MiB" or "1.2 GiB", in CONTROL_SIZE.
control_human() {
	local mebibytes="$(($1 / 1024))" tenths
	if [ "$1" -lt 1024 ]; then
		CONTROL_SIZE="$1 KiB"
	elif [ "$mebibytes" -lt 1024 ]; then
		CONTROL_SIZE="$mebibytes MiB"
	else
		tenths=$((mebibytes % 1024 * 10 / 1024))
		CONTROL_SIZE="$((mebibytes / 1024)).$tenths GiB"
	fi
}

# What the running system keeps its changes in, as root sees it; the link leads to `upper` and `work`.
control_upper() {
	CONTROL_UPPER=$LIVESYS_PUBLIC/upper/upper
	[ -d "$CONTROL_UPPER" ]
}

# control_measure DIRECTORY: KiB in CONTROL_KIB, files in CONTROL_FILES; 1 = it cannot be read.
control_measure() {
	local rest
	CONTROL_KIB='' CONTROL_FILES=''
	[ -r "$1" ] && [ -x "$1" ] || return
	read -r CONTROL_KIB rest <<-END
		$(du -skx "$1" 2>/dev/null)
	END
	CONTROL_FILES=$(find "$1" -xdev ! -type d 2>/dev/null | wc -l)
	CONTROL_FILES=$((CONTROL_FILES))
	[ -n "$CONTROL_KIB" ]
}

# Room for changes, in CONTROL_FREE and CONTROL_TOTAL.
control_measure_room() {
	local place="$LIVESYS_HOME/upper-tmp" name used rest
	[ "$CONTROL_PERSISTENCE" != on ] || place=$CONTROL_DATA_PATH
	CONTROL_FREE='' CONTROL_TOTAL=''
	read -r name CONTROL_TOTAL used CONTROL_FREE rest <<-END
		$(df -kP "$place" 2>/dev/null | tail -n 1)
	END
	case $CONTROL_FREE in '' | *[!0-9]*) return 1 ;; esac
}

# control_age FILE: like "3 days", in CONTROL_AGE.
control_age() {
	local written minutes
	written=$(stat -c %Y "$1" 2>/dev/null) || return
	minutes=$((($(date +%s) - written) / 60))
	if [ "$minutes" -lt 120 ]; then
		CONTROL_AGE="$minutes minutes"
	elif [ "$minutes" -lt 2880 ]; then
		CONTROL_AGE="$((minutes / 60)) hours"
	else
		CONTROL_AGE="$((minutes / 1440)) days"
	fi
}
