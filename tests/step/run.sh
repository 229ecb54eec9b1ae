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
exec python3 tests/step/on_tmux.py "$1"
