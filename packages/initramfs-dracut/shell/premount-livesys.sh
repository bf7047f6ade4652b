#!/bin/sh
# Sourced by dracut (hook pre-mount): return, never exit.
case $root in livesys:*) ;; *) return 0 ;; esac

livesys_try=1
until /usr/sbin/livesys-assemble --cmdline /run/initramfs/livesys/cmdline --newroot "$NEWROOT"; do
	[ "$livesys_try" -lt 3 ] || break
	livesys_try=$((livesys_try + 1))
	emergency_shell -n livesys 'The live root could not be assembled; the reason is above.'
	# Without a shell nobody can have changed anything.
	getargbool 1 rd.shell || break
done
unset livesys_try
return 0
