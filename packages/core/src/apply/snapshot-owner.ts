/**
 * Shell code that tells by its notes whether the run that took a snapshot is dead: `is_dead RUN BOOT
 * LOCK`. It is where it is our own, `$own`, where it is of an earlier start of the machine, and where
 * its lock is free. A run whose lock is not to be seen here, such as one in a container, is left alone.
 */
export const IS_DEAD = `boot=$(cat /proc/sys/kernel/random/boot_id)
is_dead() {
  [ "$1" != "$own" ] || return 0
  [ "$2" = "$boot" ] || return 0
  [ -e "$3" ] && flock --nonblock "$3" true
}`;
