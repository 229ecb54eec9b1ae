#!/bin/sh
# run.sh - the tracebacks of unhandled errors have CPython's shape.
#
#   sh tests/tracebacks/run.sh BINARY
#
# A scenario NAME.json raises; NAME.txt is what CPython 3.14 prints for the
# exported program, by way of shape.awk.  "make golden" records it anew.
set -u
app=$1
here=tests/tracebacks
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0

for scenario in "$here"/*.json; do
    expected=${scenario%.json}.txt
    timeout 20 "$app" run --quiet "$scenario" 2>"$tmp/raw" >/dev/null
    awk -f "$here/shape.awk" "$tmp/raw" >"$tmp/ours"
    if diff -u "$expected" "$tmp/ours" >"$tmp/diff"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok: $scenario"
        sed 's/^/    /' "$tmp/diff" | head -n 40
    fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
