#!/bin/sh
# run.sh - the stepper on real terminals: tmux is one, of several kinds.
#
#   sh tests/step/run.sh BINARY
#
# Skipped, and said so, where there is no tmux and none can be installed.
set -u
if ! command -v tmux >/dev/null; then
    sh tests/tools/need.sh tmux >/dev/null 2>&1
fi
for needed in tmux python3; do
    if ! command -v $needed >/dev/null; then
        echo "skipped: there is no $needed"
        echo "0 passed, 0 failed"
        exit 0
    fi
done
# A sanitizer leaves to us what we do of a signal; and curses keeps what it has.
[ -z "${SANITIZED:-}" ] || export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}\
handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_abort=0:detect_leaks=0"
exec python3 tests/step/on_tmux.py "$1"
