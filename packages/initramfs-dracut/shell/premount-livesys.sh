#!/bin/sh
# Sourced by dracut (hook pre-mount): return, never exit.
case $root in livesys:*) ;; *) return 0 ;; esac

# The first process may have tried; a second try would only wait as long.
livesys_first_try() {
	[ -e /run/initramfs/livesys/failed-early ] || return 0
	rm /run/initramfs/livesys/failed-early
	return 1
}

livesys_try=1
until livesys_first_try && /usr/sbin/livesys-assemble --cmdline /run/initramfs/livesys/cmdline --newroot "$NEWROOT"; do
	[ "$livesys_try" -lt 3 ] || break
	livesys_try=$((livesys_try + 1))
	emergency_shell -n livesys 'The live root could not be assembled; the reason is above.'
	# Without a shell nobody can have changed anything.
	getargbool 1 rd.shell || break
done
unset livesys_try
return 0
