# shellcheck shell=dash
# How livesysctl speaks: results on stdout, all else on stderr; exit 2 wrong use, 4 not here or not now, 5 it failed.

# Between facts of one line; not every console has the better one.
control_set_dot() {
	LIVESYS_DOT=' - '
	case $LIVESYS_LOCALE in *[Uu][Tt][Ff]*8*) LIVESYS_DOT=' · ' ;; esac
}

# control_stop EXIT-CODE TEXT [NEXT-STEP]
control_stop() {
	printf 'livesysctl: %s\n' "$2" >&2
	[ $# -lt 3 ] || printf '  %s\n' "$3" >&2
	exit "$1"
}

# control_usage PROBLEM
control_usage() {
	printf 'livesysctl: %s\n\n' "$1" >&2
	control_help '' >&2
	exit 2
}

# control_need_root COMMAND…
control_need_root() {
	[ "$(id -u)" = 0 ] || control_stop 4 'only root may change what the next boot takes' "sudo livesysctl $*"
}

# control_line LABEL TEXT
control_line() {
	printf '%-9s%s\n' "$1" "$2"
}
