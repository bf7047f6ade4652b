# shellcheck shell=dash
# Messages: the kernel log reaches every console, a service's stdout reaches none.

# livesys_log PRIORITY TEXT
livesys_log() {
	local priority="$1"
	[ -z "${LIVESYS_ARG_debug:-}" ] || priority=3
	# A kernel log record holds 976 bytes; a longer write is refused as a whole.
	{ printf '<%s>LIVESYS: %.900s\n' "$priority" "$2" >>"$LIVESYS_KMSG"; } 2>/dev/null ||
		printf 'LIVESYS: %s\n' "$2" >&2
	{ printf 'LIVESYS: %s\n' "$2" >>"$LIVESYS_HOME/log"; } 2>/dev/null
	return 0
}

# Without this the kernel drops all but ten of our lines in five seconds, the device table first.
livesys_unlimit_log() {
	{ printf 'on\n' >"$LIVESYS_PROC/sys/kernel/printk_devkmsg"; } 2>/dev/null
	return 0
}

# What a person has to know although the boot goes on: console now, state and login later.
livesys_notice() {
	local line file="$LIVESYS_STATE/notices"
	if [ -e "$file" ]; then
		while IFS= read -r line; do
			[ "$line" != "$1" ] || return 0
		done <"$file"
	fi
	livesys_log 3 "$1"
	{ printf '%s\n' "$1" >>"$file"; } 2>/dev/null
	return 0
}

# livesys_error CODE REASON: remembers why, for the report; the caller returns its status.
livesys_error() {
	LIVESYS_CODE=$1
	LIVESYS_REASON=$2
	return 1
}

livesys_uptime() {
	local rest
	LIVESYS_NOW=0
	{ read -r LIVESYS_NOW rest <"$LIVESYS_PROC/uptime"; } 2>/dev/null
	return 0
}

# livesys_stage NAME FUNCTION: runs one step; a step that fails ends the program.
livesys_stage() {
	LIVESYS_STAGE=$1
	LIVESYS_FACTS=
	LIVESYS_STAGE_NUMBER=$((${LIVESYS_STAGE_NUMBER:-0} + 1))
	local mark="$LIVESYS_STATE/$LIVESYS_STAGE_NUMBER-$1"
	if "$2"; then
		livesys_uptime
		livesys_log 6 "stage=$1 result=ok t=$LIVESYS_NOW${LIVESYS_FACTS:+ $LIVESYS_FACTS}"
		printf 'ok\n' >"$mark"
		return
	fi
	livesys_uptime
	livesys_log 3 "stage=$1 result=fail t=$LIVESYS_NOW code=${LIVESYS_CODE:-E1}"
	{ printf 'failed\n' >"$mark"; } 2>/dev/null
	livesys_report_failure
	livesys_let_go
	exit 1
}

livesys_report_failure() {
	local line
	livesys_write_failure
	if [ -r "$LIVESYS_STATE/failure" ]; then
		while IFS= read -r line; do livesys_log 3 "$line"; done <"$LIVESYS_STATE/failure"
	else
		livesys_log 3 "FAIL code=${LIVESYS_CODE:-E1} stage=$LIVESYS_STAGE reason=$LIVESYS_REASON"
	fi
}

livesys_write_failure() {
	{
		{
			printf 'FAIL code=%s stage=%s image=%s\n' "${LIVESYS_CODE:-E1}" "${LIVESYS_STAGE:-none}" "${LIVESYS_ARG_image:-none}"
			printf '%s\n' "${LIVESYS_REASON:-a step failed without a reason}"
			livesys_device_table
			livesys_hint "${LIVESYS_CODE:-E1}"
		} | tr -c '\012\040-\176' '?' >"$LIVESYS_STATE/failure"
	} 2>/dev/null
	return 0
}

livesys_hint() {
	case $1 in
		E10) set -- 'Correct the kernel arguments in the boot menu (key e in GRUB).' ;;
		E20) set -- 'Try another USB port, or livesys.timeout=120 for a slow device. A disk missing above has no driver in this boot image.' ;;
		E21) set -- 'Unplug all media but one, or name one with livesys.medium=.' ;;
		E22) set -- 'Check the path given by livesys.iso= and that its file system is listed above.' ;;
		E23) set -- 'The medium has read errors: write it again, or use another one.' ;;
		E30 | E33 | E34) set -- 'The medium is damaged or incomplete: write or copy it again.' ;;
		E31) set -- 'Boot without livesys.toram, or with livesys.toram=auto, and leave the medium in place.' ;;
		E32) set -- 'Choose one of these with livesys.profile=.' ;;
		E35 | E50) set -- 'See dmesg; the kernel of this boot image may lack a module.' ;;
		E40) set -- 'Set up persistence from the boot menu or name its place with livesys.data=; or go without: livesys.persistence=off.' ;;
		E41) set -- 'Start again and type the passphrase; or go without: livesys.persistence=off.' ;;
		E42) set -- 'Name a place with ext4, or an image file with ext4 in it, with livesys.data=; or go without: livesys.persistence=off.' ;;
		E43) set -- 'Boot with livesys.persistence=off, copy what is needed, and repair it with e2fsck -y.' ;;
		E44) set -- 'Use them with livesys.persistence.rebase, or boot with livesys.persistence=off and put them aside: livesysctl persistence reset.' ;;
		E45) set -- 'Boot with livesys.persistence=off or livesys.persistence=readonly and make room.' ;;
		E60) set -- 'This profile holds no complete system: choose another, boot without stored changes, or build the image again.' ;;
		*) return 0 ;;
	esac
	printf 'next: %s\n' "$1"
}
