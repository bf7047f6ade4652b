# shellcheck shell=dash
# Whether changes are kept: what was asked for, what can be had, and who decides when the two differ.

# Kernel argument, then selection, then the manifest.
livesys_choose_persistence() {
	local kind target
	LIVESYS_PERSISTENCE_NEED='' LIVESYS_PERSISTENCE_ERROR='' LIVESYS_PERSISTENCE_REASON='' LIVESYS_MAY_SHOW='' LIVESYS_UNCLEAN=no
	LIVESYS_DIRTY='' LIVESYS_UPPER_FS=''
	[ ! -e "$LIVESYS_MANIFEST/persist/$LIVESYS_PROFILE" ] ||
		read -r kind target LIVESYS_PERSISTENCE_NEED <"$LIVESYS_MANIFEST/persist/$LIVESYS_PROFILE"
	LIVESYS_PERSISTENCE_ASKED=${LIVESYS_ARG_persistence:-${LIVESYS_SELECTED_PERSISTENCE:-}}
	: "${LIVESYS_PERSISTENCE_ASKED:=${LIVESYS_PERSISTENCE_NEED:+on}}"
	: "${LIVESYS_PERSISTENCE_ASKED:=off}"
	LIVESYS_PERSISTENCE=$LIVESYS_PERSISTENCE_ASKED
}

livesys_open_persistence() {
	case $LIVESYS_PERSISTENCE:$LIVESYS_DATA_CODE in
		off:E41)
			[ "$LIVESYS_ARG_persistence" = off ] || livesys_notice "what was chosen last is not known: $LIVESYS_DATA_REASON"
			return 0
			;;
		off:*) return 0 ;;
		on:) livesys_open_data write && return ;;
		readonly:) livesys_open_data readonly && return ;;
		*) livesys_error "$LIVESYS_DATA_CODE" "$LIVESYS_DATA_REASON" ;;
	esac
	livesys_give_up_persistence
}

# The layer of changes of the chosen profile, when DATA is open and the layers below it are mounted.
livesys_prepare_persistence() {
	case $LIVESYS_PERSISTENCE in
		on) { livesys_prepare_changes && livesys_remember_set_up; } || livesys_give_up_persistence || return ;;
	esac
	case $LIVESYS_PERSISTENCE in
		readonly) livesys_find_changes || livesys_give_up_persistence || return ;;
	esac
	[ "$LIVESYS_PERSISTENCE" != readonly ] || [ -z "$LIVESYS_PERSISTENCE_ERROR" ] ||
		livesys_notice "$LIVESYS_PERSISTENCE_ERROR stored changes are shown, new ones are kept in memory only: $LIVESYS_PERSISTENCE_REASON"
	LIVESYS_FACTS="persist=$LIVESYS_PERSISTENCE unclean=$LIVESYS_UNCLEAN${LIVESYS_PERSISTENCE_ERROR:+ error=$LIVESYS_PERSISTENCE_ERROR}"
}

# Persistence cannot be had, for the reason in LIVESYS_CODE and LIVESYS_REASON. 1 = the boot stops with it.
livesys_give_up_persistence() {
	local may_show="$LIVESYS_MAY_SHOW"
	# What came first is the reason; that stored changes cannot be shown either is not.
	if [ -z "$LIVESYS_PERSISTENCE_ERROR" ]; then
		LIVESYS_PERSISTENCE_ERROR=$LIVESYS_CODE
		LIVESYS_PERSISTENCE_REASON=${LIVESYS_REASON%%"$LIVESYS_NEWLINE"*}
	fi
	LIVESYS_MAY_SHOW=
	livesys_drop_changes
	if [ "$LIVESYS_PERSISTENCE_NEED" = required ]; then
		livesys_error "$LIVESYS_CODE" "profile $LIVESYS_PROFILE requires persistence: $LIVESYS_REASON"
		return
	fi
	livesys_decide_without_persistence "$may_show"
	case $LIVESYS_ANSWER in
		s) return 1 ;;
		r) [ -n "$may_show" ] && livesys_open_data readonly && LIVESYS_PERSISTENCE='readonly' && return ;;
	esac
	LIVESYS_PERSISTENCE=off
	livesys_notice "$LIVESYS_PERSISTENCE_ERROR changes are kept in memory only: $LIVESYS_PERSISTENCE_REASON"
}

# livesys_decide_without_persistence MAY-SHOW: t, r or s in LIVESYS_ANSWER.
livesys_decide_without_persistence() {
	LIVESYS_ANSWER=t
	case $LIVESYS_ARG_on_error in
		stop) LIVESYS_ANSWER=s ;;
		readonly) LIVESYS_ANSWER=r ;;
		temporary) ;;
		*)
			# On a CD, or where an image was only copied, there is nothing to choose: not asked at every boot.
			[ "$LIVESYS_CODE$LIVESYS_DATA_NAME$LIVESYS_ARG_data" = E40 ] || livesys_ask_about_persistence "$1"
			;;
	esac
}

livesys_ask_about_persistence() {
	livesys_log 3 "$LIVESYS_CODE $LIVESYS_REASON"
	livesys_log 3 "changes of this session cannot be kept: press t to keep them in memory only,${1:+ r to see the stored changes without adding to them,} s to stop"
	LIVESYS_ASK_SHOW=$1
	livesys_ask 15 1 livesys_is_persistence_answer 'without an answer: t' || LIVESYS_ANSWER=t
}

livesys_is_persistence_answer() {
	case $1 in
		t | T) LIVESYS_ANSWER=t ;;
		s | S) LIVESYS_ANSWER=s ;;
		r | R) [ -n "$LIVESYS_ASK_SHOW" ] && LIVESYS_ANSWER=r ;;
		*) return 1 ;;
	esac
}
