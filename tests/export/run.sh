#!/bin/sh
# run.sh - what `export` writes, held against each format's rules.
#
#   sh tests/export/run.sh BINARY perfetto|memory|forms|html
#
# Recorded traces are exported, scenarios, and what is hostile.
set -u
app=$1
here=tests/export
case $2 in
perfetto)
    python3 $here/perfetto.py "$app" scenarios/traces/*.jsonl \
        scenarios/executor-*.json scenarios/eager-*.json $here/hostile/*.jsonl
    ;;
memory)
    if [ "${SANITIZED:-}" ]; then
        echo "skipped: a sanitizer keeps what is freed"
        echo "0 passed, 0 failed"
        exit 0
    fi
    python3 $here/perfetto.py --memory "$app"
    ;;
forms)
    python3 $here/forms.py "$app" scenarios/traces/[c-e]*.jsonl \
        scenarios/executor-*.json scenarios/dining-*.json $here/hostile/*.jsonl
    ;;
html)
    python3 $here/page.py "$app"
    ;;
esac
