#!/bin/sh
# Sourced by dracut (hook cmdline): return, never exit.
case $root in livesys:*) ;; *) return 0 ;; esac

# dracut also reads /etc/cmdline.d; the runtime gets what dracut sees.
mkdir -p /run/initramfs/livesys
getcmdline >/run/initramfs/livesys/cmdline
[ -e /run/initramfs/livesys/failed-early ] ||
	/usr/sbin/livesys-parse --cmdline /run/initramfs/livesys/cmdline --newroot "$NEWROOT"

# Also when an argument is wrong: dracut's own answer to an unknown root names no reason, and 059 halts on it.
rootok=1
return 0
