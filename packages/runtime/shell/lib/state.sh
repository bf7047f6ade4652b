# shellcheck shell=dash
# What the live system may know: key=value, and the same as JSON.

livesys_write_state() {
	local line number=0
	livesys_uptime
	{
		printf '%s\n' format=1 "version=$LIVESYS_VERSION" "image=$LIVESYS_ARG_image" "profile=$LIVESYS_PROFILE" "profile_source=$LIVESYS_PROFILE_SOURCE" \
			"persistence=$LIVESYS_PERSISTENCE" "persistence_asked=$LIVESYS_PERSISTENCE_ASKED" "persistence_error=$LIVESYS_PERSISTENCE_ERROR" \
			"persistence_reason=$LIVESYS_PERSISTENCE_REASON" "unclean=$LIVESYS_UNCLEAN" "data_device=${LIVESYS_DATA_NAME:+"/dev/$LIVESYS_DATA_NAME"}" \
			"data_fs=$LIVESYS_UPPER_FS" "data_inside=$LIVESYS_DATA_INSIDE" "data_encrypted=$LIVESYS_DATA_ENCRYPTED" "data_path=$LIVESYS_DATA_PATH" \
			"layers=$LIVESYS_LAYERS" "layer_count=$LIVESYS_LAYER_COUNT" "medium_device=$LIVESYS_MEDIUM_DEVICE" \
			"medium_fs=$LIVESYS_MEDIUM_FS" "medium_iso=$LIVESYS_ARG_iso" "overlay_size=$LIVESYS_ARG_overlay_size" "toram=$LIVESYS_TORAM" "medium=$LIVESYS_MEDIUM" "verify=$LIVESYS_VERIFY" \
			"uptime_ready=$LIVESYS_NOW"
		if [ -e "$LIVESYS_STATE/notices" ]; then
			while IFS= read -r line; do
				number=$((number + 1))
				printf 'notice_%s=%s\n' "$number" "$line"
			done <"$LIVESYS_STATE/notices"
		fi
		printf 'ready=yes\n'
	} | tr -c '\012\040-\176' '?' >"$LIVESYS_STATE/ready.new" && mv "$LIVESYS_STATE/ready.new" "$LIVESYS_STATE/ready"
}

# livesys_state_json FILE: to stdout.
livesys_state_json() {
	local key value comma=''
	printf '{'
	while IFS='=' read -r key value; do
		case $key in notice_*) continue ;; esac
		printf '%s\n  "%s": ' "$comma" "$key"
		case $key in
			format | layer_count) printf '%s' "$value" ;;
			ready) if [ "$value" = yes ]; then printf true; else printf false; fi ;;
			layers) livesys_json_list "$value" ;;
			*) livesys_json_string "$value" ;;
		esac
		comma=,
	done <"$1"
	printf ',\n  "notices": ['
	comma=
	while IFS='=' read -r key value; do
		case $key in notice_*) ;; *) continue ;; esac
		printf '%s\n    ' "$comma"
		livesys_json_string "$value"
		comma=,
	done <"$1"
	printf '%s]\n}\n' "${comma:+"$LIVESYS_NEWLINE  "}"
}

livesys_json_list() {
	local item comma='' IFS=,
	printf '['
	for item in $1; do
		printf '%s"%s"' "$comma" "$item"
		comma=', '
	done
	printf ']'
}

livesys_json_string() {
	local text="$1"
	case $text in *[\\\"]*) text=$(printf '%s\n' "$text" | sed 's/[\\"]/\\&/g') ;; esac
	printf '"%s"' "$text"
}

livesys_publish_state() {
	local name
	mkdir -p "$LIVESYS_PUBLIC" && cp "$LIVESYS_STATE/ready" "$LIVESYS_PUBLIC/.state" &&
		livesys_state_json "$LIVESYS_STATE/ready" >"$LIVESYS_PUBLIC/.state.json" &&
		cp "$LIVESYS_STATE/manifest" "$LIVESYS_PUBLIC/.manifest" || return
	for name in state state.json manifest; do
		chmod 0644 "$LIVESYS_PUBLIC/.$name" && mv "$LIVESYS_PUBLIC/.$name" "$LIVESYS_PUBLIC/$name" || return
	done
	for name in medium lower; do
		[ "$name" = lower ] || livesys_is_mounted "$LIVESYS_HOME/medium" || continue
		ln -sfn "../initramfs/livesys/$name" "$LIVESYS_PUBLIC/$name"
	done
	name=upper-tmp
	case $(cat "$LIVESYS_STATE/ready") in *"$LIVESYS_NEWLINE"persistence=on"$LIVESYS_NEWLINE"*) name=persist ;; esac
	ln -sfn "../initramfs/livesys/$name" "$LIVESYS_PUBLIC/upper"
}

# Shown by pam_motd after the login: what was asked for and not done is seen there.
# Not in /run/issue.d: agetty reads it only where there is no /etc/issue.
livesys_publish_notices() {
	[ -s "$LIVESYS_STATE/notices" ] || return 0
	mkdir -p "$LIVESYS_RUN/motd.d" || return
	sed 's/^/livesys: /' "$LIVESYS_STATE/notices" | tr -c '\012\040-\176' '?' >"$LIVESYS_RUN/motd.d/livesys"
}
