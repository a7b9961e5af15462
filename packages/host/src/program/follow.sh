# Prints what a transaction logs as it goes, until it is past STATES or its supervisor is gone.
# usage: follow ENV TRANSACTION STATE...; prints log lines, then `@@status`, the status line, `gone` if nobody works on it, and the head
# of the audit trail.

# What the log has got since the last time. It looks twenty times a second, so its descriptor stays open and no program is started;
# of a line that is not whole yet the beginning is kept.
tell_news() {
  [ -n "$opened" ] || { [ -e "$dir/log" ] && exec 3<"$dir/log" && opened=yes; } || return 0
  while IFS= read -r line <&3; do
    printf '%s%s\n' "$begun" "$line"
    begun=
  done
  begun=$begun$line
}

main() {
  env=$1 dir=$1/transactions/$2
  shift 2
  opened=
  begun=
  looks=0
  while :; do
    read_state "$dir"
    tell_news
    case " $* " in *" ${state:-starting} "*) ;; *) break ;; esac
    # Lines are shown as they come; whether somebody still works on it is asked for twice a second.
    looks=$((looks + 1))
    ! is_not_coming "$state" "$looks" || { gone=gone && break; }
    [ $((looks % 10)) != 0 ] || supervisor_lives "$dir" || { [ "$state" != "$(transaction_state "$dir")" ] || { gone=gone && break; }; }
    sleep 0.05
  done
  # Nobody waits for an order after a reboot.
  [ "$state" != awaiting ] || supervisor_lives "$dir" || gone=gone
  printf '\n@@status\n'
  cat "$dir/status" 2>/dev/null
  printf '%s\n' "${gone:-}"
  audit_head "$env"
}

main "$@"
