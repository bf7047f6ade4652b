# shellcheck shell=dash
# Whether the assembled tree can be switched to, with its links resolved inside it.

# livesys_resolve ROOT PATH: the path inside ROOT after following links, in LIVESYS_RESOLVED.
livesys_resolve() {
	local rest="$2" part target links=0
	LIVESYS_RESOLVED=
	while [ -n "$rest" ]; do
		rest=${rest#/}
		part=${rest%%/*}
		rest=${rest#"$part"}
		case $part in
			'' | .) continue ;;
			..)
				LIVESYS_RESOLVED=${LIVESYS_RESOLVED%/*}
				continue
				;;
		esac
		if [ -L "$1$LIVESYS_RESOLVED/$part" ]; then
			links=$((links + 1))
			[ "$links" -le 40 ] || return 1
			target=$(readlink "$1$LIVESYS_RESOLVED/$part")
			case $target in /*) LIVESYS_RESOLVED= ;; esac
			rest=$target$rest
		else
			LIVESYS_RESOLVED=$LIVESYS_RESOLVED/$part
		fi
	done
}

livesys_check_root() {
	local init="${LIVESYS_ARG_init:-/sbin/init}" file found=''
	livesys_resolve "$LIVESYS_NEWROOT" "$init" && [ -f "$LIVESYS_NEWROOT$LIVESYS_RESOLVED" ] && [ -x "$LIVESYS_NEWROOT$LIVESYS_RESOLVED" ] ||
		livesys_error E60 "profile $LIVESYS_PROFILE has no $init" || return
	# systemd refuses to switch to a tree without it (dracut#1820).
	for file in /etc/os-release /usr/lib/os-release; do
		livesys_resolve "$LIVESYS_NEWROOT" "$file" && [ -f "$LIVESYS_NEWROOT$LIVESYS_RESOLVED" ] && found=1
	done
	[ -n "$found" ] || livesys_error E60 "profile $LIVESYS_PROFILE has no os-release" || return
	for file in proc sys dev run; do
		[ -d "$LIVESYS_NEWROOT/$file" ] || livesys_error E60 "profile $LIVESYS_PROFILE has no directory /$file" || return
	done
	LIVESYS_FACTS="init=$init"
}
