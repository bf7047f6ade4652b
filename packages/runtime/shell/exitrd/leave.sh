# shellcheck shell=dash
# The end: the disc, and the machine. Nothing here may wait without a limit.

# livesys_give_up_after SECONDS: whatever hangs, the machine ends; what can still be written out is.
livesys_give_up_after() {
	(
		sleep "$1"
		livesys_log 3 "exitrd: not done after $1 s, giving up"
		livesys_ask_kernel s
		livesys_ask_kernel u
		sleep 1
		livesys_log 3 "exitrd verb=$livesys_verb clean=no"
		livesys_leave
	) </dev/null &
	LIVESYS_WATCHDOG=$!
}

# livesys_ask_kernel KEY: s writes out, u closes for writing, o switches off, b starts again at once.
livesys_ask_kernel() {
	{ printf %s "$1" >"$LIVESYS_PROC/sysrq-trigger"; } 2>/dev/null
}

livesys_leave() {
	local verb="$livesys_verb"
	if [ "$verb" = kexec ]; then
		kexec -e 2>/dev/null
		livesys_log 3 'exitrd: kexec is not possible, the machine starts again'
		verb=reboot
	fi
	# Without its own sync, which could wait for a disk that is gone.
	busybox "$verb" -n -f 2>/dev/null
	case $verb in
		poweroff) livesys_ask_kernel o ;;
		reboot) livesys_ask_kernel b ;;
	esac
	# The first process must not end.
	while :; do sleep 60; done
}

# A disc that nothing uses any more is put out, so that the machine does not start from it again.
livesys_eject() {
	kill -KILL "$LIVESYS_WATCHDOG" 2>/dev/null
	local drive="$LIVESYS_DEV/${LIVESYS_MEDIUM##*/}"
	livesys_may_eject || return 0
	# udev has locked the drive, so that its button only asks, and has ended.
	! command -v cdrom_id >/dev/null || cdrom_id --unlock-media "$drive" >/dev/null 2>&1
	# The drive opens when the last program closes it, and that is the next one.
	# In a process of its own: a redirection of `:` that fails ends the shell.
	(printf 1 >"$LIVESYS_PROC/sys/dev/cdrom/autoeject" && : <"$drive") 2>/dev/null || return 0
	[ -t 0 ] <"$LIVESYS_DEV/console" || return 0
	livesys_log 3 'the disc can be taken out now: press Enter, or wait 10 s'
	livesys_wait_for_enter 10
}

livesys_may_eject() {
	local word line='' id parent device rest number='' IFS=' '
	case $livesys_verb:$LIVESYS_MEDIUM in kexec:*) return 1 ;; *:/dev/sr*) ;; *) return 1 ;; esac
	[ "$LIVESYS_MEDIUM_STATE" != released ] || return
	{ IFS= read -r line <"$LIVESYS_CMDLINE"; } 2>/dev/null
	case " $line " in *' livesys.noeject '* | *' livesys.noeject=1 '* | *' livesys.noeject=yes '* | *' noeject '* | *' noprompt '*) return 1 ;; esac
	{ read -r number <"$LIVESYS_SYS/class/block/${LIVESYS_MEDIUM##*/}/dev"; } 2>/dev/null
	while IFS=' ' read -r id parent device rest; do
		[ "$device" != "$number" ] || return
	done <"$LIVESYS_PROC/self/mountinfo"
}

# livesys_wait_for_enter SECONDS: `read` knows no limit. systemd leaves all signals blocked that can be.
livesys_wait_for_enter() {
	local reader
	(IFS= read -r line) <"$LIVESYS_DEV/console" &
	reader=$!
	(sleep "$1" && kill -KILL "$reader") 2>/dev/null &
	wait "$reader" 2>/dev/null
}
