#!/bin/sh
# run.sh - what `export` writes, held against each format's rules.
#
#   sh tests/export/run.sh BINARY
#
# Recorded traces are exported, scenarios, and what is hostile.
set -u
app=$1
here=tests/export
python3 $here/perfetto.py "$app" scenarios/traces/*.jsonl \
    scenarios/executor-*.json scenarios/eager-*.json $here/hostile/*.jsonl
