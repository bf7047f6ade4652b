#!/bin/sh
# shellcheck shell=dash
# Runs pacman on a root, so that nothing of the root's own tools makes boot images or boot menus.
# Each use but `quiet` is in mount and PID namespaces of its own: what it mounts, and the agents
# that gpg starts, end with it.
#
#   pacman.sh keyring GPGDIR NAME...             makes a keyring from those that are installed
#   pacman.sh bootstrap ROOT PACKAGE...          what is downloaded into an empty root, with pacman.conf in BUILD
#   pacman.sh install SIGNATURES / PACKAGE...    into the root it sees as /
#   pacman.sh install SIGNATURES ROOT PACKAGE... into an empty root, from the repositories of /
#   pacman.sh quiet                              what pacman's hooks would run does nothing
set -eu

BUILD=/tmp/livesys-build
CONF=$BUILD/pacman.conf
HELD=$BUILD/held.conf
DATABASE=/var/lib/pacman
CACHE=/var/cache/pacman/pkg
SELF=$BUILD/pacman.sh

# Programs and scripts that make boot images and boot menus, or snapshots of the machine's disks.
# Hooks name them by their full paths, which no PATH could lead elsewhere.
LOUD='
/usr/bin/booster /usr/bin/bootctl /usr/bin/dracut
/usr/bin/dracut-rebuild /usr/bin/efibootmgr /usr/bin/etckeeper /usr/bin/grub-install
/usr/bin/grub-mkconfig /usr/bin/install-grub /usr/bin/kernel-install /usr/bin/limine-install
/usr/bin/limine-mkinitcpio /usr/bin/limine-snapper-sync /usr/bin/limine-update
/usr/bin/mkinitcpio /usr/bin/refind-install /usr/bin/reinstall-kernels /usr/bin/sbctl
/usr/bin/sdboot-manage /usr/bin/snap-pac /usr/bin/snapper /usr/bin/timeshift
/usr/bin/timeshift-autosnap /usr/bin/ukify /usr/bin/update-grub /usr/bin/update-initramfs
/usr/share/libalpm/scripts/booster-install /usr/share/libalpm/scripts/booster-remove
/usr/share/libalpm/scripts/dracut-install /usr/share/libalpm/scripts/dracut-install-garuda
/usr/share/libalpm/scripts/dracut-remove /usr/share/libalpm/scripts/kernel-install
/usr/share/libalpm/scripts/limine-kernel-hook /usr/share/libalpm/scripts/limine-mkinitcpio-install
/usr/share/libalpm/scripts/limine-mkinitcpio-remove /usr/share/libalpm/scripts/mkinitcpio
/usr/share/libalpm/scripts/mkinitcpio-install /usr/share/libalpm/scripts/mkinitcpio-remove
/usr/share/libalpm/scripts/snap-pac /usr/share/libalpm/scripts/snap_pac.py
'

say() {
	printf 'livesys: %s\n' "$*" >&2
}

fail() {
	say "$@"
	exit 1
}

# A transaction may bring such programs itself. Its hooks are read before the first one runs, and run
# in the order of their names' bytes: nothing that a package would be named with comes before `!`.
write_quiet_hook() {
	mkdir -p "$BUILD/hooks"
	printf '#!/bin/sh\nexit 0\n' >"$BUILD/nothing"
	chmod 755 "$BUILD/nothing"
	printf '%s\n' '[Trigger]' 'Operation = Install' 'Operation = Upgrade' 'Operation = Remove' \
		'Type = Package' 'Target = *' '' '[Action]' 'When = PostTransaction' \
		'Description = Covering what would make boot images...' \
		"Exec = /bin/sh $SELF quiet" >"$BUILD/hooks/!livesys.hook"
}

quiet() {
	local program
	for program in $LOUD; do
		[ -f "$program" ] || continue
		cmp_nothing "$program" || mount --bind "$BUILD/nothing" "$program"
	done
}

# Whether a program is covered already.
cmp_nothing() {
	[ "$(stat -c %d:%i "$1")" = "$(stat -c %d:%i "$BUILD/nothing")" ]
}

# The parts of a root's pacman.conf that matter, with paths of ours. `pacman-conf` has resolved its
# includes. No user is named to download as (DownloadUser of pacman 7), whom a namespace need not have.
# Packages of the same name and version differ from one set of repositories to another, so each set has
# a folder in the cache. Arguments: SIGNATURES, ROOT ("" for /).
write_conf() {
	local key set
	write_repositories "$1" >"$BUILD/repositories"
	set=$(pacman-conf Architecture | sha256sum - "$BUILD/repositories" | sha256sum | cut -c-12)
	mkdir -p "$CACHE/$set"
	printf '[options]\n'
	for key in Architecture NoUpgrade NoExtract XferCommand IgnorePkg IgnoreGroup; do
		pacman-conf "$key" | sed "s|^|$key = |"
	done
	printf 'CacheDir = %s\nGPGDir = %s\nLogFile = /dev/null\n' "$CACHE/$set/" "$BUILD/gnupg"
	if [ -z "$2" ]; then
		pacman-conf HookDir | sed 's|^|HookDir = |'
	else
		printf 'RootDir = %s\nDBPath = %s\n' "$2" "$2$DATABASE"
	fi
	printf 'HookDir = %s\nParallelDownloads = 4\n' "$BUILD/hooks"
	signature_level "$1" pacman-conf
	cat "$BUILD/repositories"
}

write_repositories() {
	local repository
	for repository in $(repositories); do
		printf '\n[%s]\n' "$repository"
		[ "$1" != as-configured ] || signature_level "$1" pacman-conf "--repo=$repository"
		pacman-conf "--repo=$repository" Usage | sed 's|^|Usage = |'
		pacman-conf "--repo=$repository" CacheServer 2>/dev/null | sed 's|^|CacheServer = |'
		pacman-conf "--repo=$repository" Server | sed 's|^|Server = |'
	done
}

# Those that are refreshed and installed from; others may have no database.
repositories() {
	local repository
	for repository in $(pacman-conf --repo-list); do
		if is_for "$repository" Sync && is_for "$repository" Install; then
			printf '%s\n' "$repository"
		fi
	done
}

is_for() {
	pacman-conf "--repo=$1" Usage | grep -Eqx "All|$2"
}

signature_level() {
	case $1 in
		required) printf 'SigLevel = Required DatabaseOptional TrustedOnly\n' ;;
		never) printf 'SigLevel = Never\n' ;;
		as-configured)
			shift
			"$@" SigLevel | sed 's|^|SigLevel = |'
			;;
		*) fail "no such way to check signatures: $1" ;;
	esac
}

# A copy of the root's keyring, since gpg writes beside what it reads; a new one where there is none.
prepare_keyring() {
	local from
	[ "$1" != never ] || return 0
	from=$(pacman-conf GPGDir)
	if [ -s "$from/pubring.gpg" ] || [ -s "$from/pubring.kbx" ]; then
		cp -R "$from" "$BUILD/gnupg"
		find "$BUILD/gnupg" \( -type s -o -name '*.lock' -o -name '.#*' \) -delete
		return 0
	fi
	keyring "$BUILD/gnupg"
}

keyring() {
	local folder=$1
	shift
	pacman-key --gpgdir "$folder" --init
	pacman-key --gpgdir "$folder" --populate "$@"
}

# Installed versions stay: what would need another one is refused by pacman, which names both.
write_held() {
	local held
	held=$(pacman --config "$CONF" -Qq | sed 's/^/IgnorePkg = /')
	{
		printf '[options]\n%s\n' "$held"
		sed 1d "$CONF"
	} >"$HELD"
}

# What the databases have newer versions of, as lines. Arguments are options of pacman.
outdated() {
	pacman --config "$CONF" "$@" -Qu 2>/dev/null | sed '/\[ignored\]$/d'
}

add() {
	pacman --config "$HELD" --noconfirm --noprogressbar "$@"
}

# As of the databases that the root was installed from, while the mirrors still have the packages.
install_as_of_root() {
	local repository
	for repository in $(repositories); do
		[ -s "$DATABASE/sync/$repository.db" ] || return 1
	done
	[ -z "$(outdated)" ] || return 1
	if ! add -Sw --needed "$@"; then
		say 'they could not be had as of when the root was installed; trying what is there now'
		return 1
	fi
	add -S --needed "$@" || fail 'pacman could not install them; nothing of the source was changed'
}

# As the repositories are now, which fits only a root that has nothing older.
install_as_of_now() {
	local old
	mkdir -p "$BUILD/db"
	ln -s "$DATABASE/local" "$BUILD/db/local"
	add --dbpath "$BUILD/db" -Syy || fail 'the databases of the repositories could not be had'
	old=$(outdated --dbpath "$BUILD/db")
	if [ -n "$old" ]; then
		say "the root is older than its repositories; only part of it would be upgraded:"
		printf '%s\n' "$old" | sed -n '1,10s/^/  /p' >&2
		say "$(printf '%s\n' "$old" | wc -l) packages in all. Upgrade the source, or make it anew with --refresh packages."
		exit 1
	fi
	add --dbpath "$BUILD/db" -S --needed "$@" ||
		fail 'pacman could not install them; nothing of the source was changed'
}

install() {
	local signatures=$1 root=$2
	shift 2
	if [ "$root" = / ]; then
		install_here "$signatures" "$@"
	else
		install_anew "$signatures" "$root" "$@"
	fi
}

install_here() {
	local signatures=$1
	shift
	write_quiet_hook
	prepare_keyring "$signatures"
	write_conf "$signatures" '' >"$CONF"
	write_held
	pacman --config "$CONF" -Q >"$BUILD/before"
	ls /usr/lib/modules >"$BUILD/kernels" 2>/dev/null || :
	quiet
	install_as_of_root "$@" || install_as_of_now "$@"
	assert_kept
	settle_dates
}

# Every package is what it was, and the kernels are: they come from the base alone.
assert_kept() {
	local changed
	pacman --config "$CONF" -Q >"$BUILD/after"
	changed=$(grep -Fvx -f "$BUILD/after" "$BUILD/before" || :)
	[ -z "$changed" ] || fail "installed packages were changed: $changed"
	ls /usr/lib/modules >"$BUILD/kernels.now" 2>/dev/null || :
	changed=$(grep -Fvx -f "$BUILD/kernels" "$BUILD/kernels.now" || :)
	[ -z "$changed" ] || fail "kernels come from the base alone, and these were added: $changed"
}

# pacman records when a package was installed, which would make every build another one.
settle_dates() {
	local name version
	grep -Fvx -f "$BUILD/before" "$BUILD/after" | while read -r name version; do
		sed -i "/^%INSTALLDATE%\$/{n;s/.*/${SOURCE_DATE_EPOCH:-0}/;}" \
			"$DATABASE/local/$name-$version/desc"
	done
}

# An empty root with what its scripts need to run, as pacstrap makes it.
open_root() {
	local folder
	umask 022
	for folder in dev etc/pacman.d proc run sys tmp var/cache/pacman/pkg var/lib/pacman var/log; do
		mkdir -p "$1/$folder"
	done
	chmod 555 "$1/proc" "$1/sys"
	chmod 1777 "$1/tmp"
	mount -t proc proc "$1/proc"
	mount --rbind /dev "$1/dev"
	mount -t tmpfs -o mode=755 run "$1/run"
	mount -t tmpfs -o mode=1777 tmp "$1/tmp"
	mkdir "$1$BUILD"
	mount --bind "$BUILD" "$1$BUILD"
}

bootstrap() {
	local root=$1
	shift
	write_quiet_hook
	open_root "$root"
	pacman --root "$root" --config "$CONF" --noconfirm --noprogressbar -S "$@"
}

# The packages of the root's day may be gone, and those of today need each other: so all are new. Of
# the root itself come its kernels' modules and the firmware that they load.
install_anew() {
	local signatures=$1 root=$2
	shift 2
	mkdir -p "$root"
	write_quiet_hook
	prepare_keyring "$signatures"
	write_conf "$signatures" "$root" >"$CONF"
	open_root "$root"
	pacman --config "$CONF" --noconfirm --noprogressbar -Sy "$@" ||
		fail 'pacman could not make a root for the tools; nothing of the source was changed'
	borrow "$root" /usr/lib/modules
	borrow "$root" /usr/lib/firmware
	rm -rf "$root$DATABASE/sync"
}

# Takes a folder of this root in place of the other's.
borrow() {
	[ -d "$2" ] || return 0
	rm -rf "$1$2"
	cp -a "$2" "$1$2"
}

use=$1
shift
case $use in
	keyring) keyring "$@" ;;
	bootstrap) bootstrap "$@" ;;
	install) install "$@" ;;
	quiet) quiet ;;
	*) fail "no such use: $use" ;;
esac
