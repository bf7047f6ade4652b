# shellcheck shell=dash
# Processes that outlived systemd: a splash screen, the program behind a FUSE mount, one that waits for a disk.

# Numbers of all programs but this one, in LIVESYS_PROCESSES; what has no program file is the kernel's.
livesys_list_processes() {
	local path pid
	LIVESYS_PROCESSES=
	for path in "$LIVESYS_PROC"/[0-9]*; do
		pid=${path##*/}
		case " $$ ${LIVESYS_WATCHDOG:-} " in *" $pid "*) continue ;; esac
		livesys_is_ours "$path" || LIVESYS_PROCESSES="$LIVESYS_PROCESSES $pid"
	done
}

# Whether a process is the kernel's or runs from the exitrd, like the watchdog's `sleep`.
livesys_is_ours() {
	local program
	# Most are the kernel's, and to look at each by a program of its own takes seconds on a slow machine.
	[ -e "$1/exe" ] || return 0
	program=$(readlink "$1/exe" 2>/dev/null) || return 0
	case $program in '' | /bin/*) ;; *) return 1 ;; esac
}

livesys_end_processes() {
	local tries=0 IFS=' '
	livesys_list_processes
	[ -n "$LIVESYS_PROCESSES" ] || return 0
	# shellcheck disable=SC2086
	kill -TERM $LIVESYS_PROCESSES 2>/dev/null
	while [ "$tries" -lt 10 ]; do
		sleep 0.1
		livesys_list_processes
		[ -n "$LIVESYS_PROCESSES" ] || return 0
		tries=$((tries + 1))
	done
	# shellcheck disable=SC2086
	kill -KILL $LIVESYS_PROCESSES 2>/dev/null
	sleep 0.1
}

# livesys_find_holders DIRECTORY: who keeps it busy, in LIVESYS_HOLDERS.
livesys_find_holders() {
	local pid name file IFS=' '
	LIVESYS_HOLDERS=
	livesys_list_processes
	for pid in $LIVESYS_PROCESSES; do
		livesys_has_open "$LIVESYS_PROC/$pid" "$1" || continue
		name='?'
		{ IFS= read -r name <"$LIVESYS_PROC/$pid/comm"; } 2>/dev/null
		LIVESYS_HOLDERS="$LIVESYS_HOLDERS process $pid ($name)"
	done
	for file in "$LIVESYS_SYS/class/block"/loop*/loop/backing_file; do
		{ IFS= read -r name <"$file"; } 2>/dev/null || continue
		file=${file%/loop/backing_file}
		case $name in "$1"/*) LIVESYS_HOLDERS="$LIVESYS_HOLDERS ${file##*/}" ;; esac
	done
}

# livesys_has_open PROCESS DIRECTORY
livesys_has_open() {
	local link
	for link in "$1/root" "$1/cwd" "$1/exe" "$1/fd"/*; do
		case $(readlink "$link" 2>/dev/null) in "$2" | "$2"/*) return 0 ;; esac
	done
	return 1
}
