# shellcheck shell=dash

# control_help COMMAND
control_help() {
	case $1 in
		status) control_help_status ;;
		profile) control_help_profile ;;
		persistence) control_help_persistence ;;
		layers) control_help_layers ;;
		*) control_help_all ;;
	esac
}

control_help_all() {
	cat <<-END
		usage: livesysctl status [--json]
		       livesysctl profile list [--json]
		       livesysctl profile use NAME
		       livesysctl persistence on|off|reset
		       livesysctl layers

		Shows what this live system is made of, and changes what the next boot takes.
		Nothing changes in the running system. livesysctl COMMAND --help says more.

		exit codes: 0 done, 2 wrong use, 4 not on this system or medium, 5 it failed
	END
}

control_help_status() {
	cat <<-END
		usage: livesysctl status [--json]

		Profile, layers, changes, and what the next boot takes. Only root can see how
		large stored changes are, and what is chosen on a medium that is not in use.
	END
}

control_help_profile() {
	cat <<-END
		usage: livesysctl profile list [--json]
		       livesysctl profile use NAME

		A profile is a stack of layers with a name; its stored changes are its own.
		use: the next boot takes NAME, where the boot menu's entry "as chosen last" is
		started. Needs root, and a partition for changes on the medium.
	END
}

control_help_persistence() {
	cat <<-END
		usage: livesysctl persistence on|off|reset [--cancel]

		on      from the next boot, changes are kept on the medium
		off     from the next boot, changes are kept in memory only; what is stored stays
		reset   the next boot starts without the changes of this profile, and deletes them;
		        until then, reset --cancel takes it back
		Needs root, and a partition for changes on the medium.
	END
}

control_help_layers() {
	cat <<-END
		usage: livesysctl layers

		The layers of the running system, the lowest first: name, size, format, and whether
		the manifest has a root hash by which each block can be checked as it is read.
	END
}
