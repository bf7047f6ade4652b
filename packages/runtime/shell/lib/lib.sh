# shellcheck shell=dash
# Loads the library. Sourcing it defines functions and nothing else.
# `local` is the one word beyond POSIX used here: dash, busybox ash, bash and mksh have it.
for livesys_part in paths log text cmdline manifest selection profile devices medium data unlock data-mount persistence changes fingerprint console setup progress toram verity layers overlay root state cleanup exitrd storage; do
	# shellcheck disable=SC1090
	. "${LIVESYS_LIB:-/usr/lib/livesys}/$livesys_part.sh" || exit 1
done
unset livesys_part
