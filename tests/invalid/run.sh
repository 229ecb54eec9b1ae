#!/bin/sh
# run.sh - every x.json here is refused with exactly the text of x.err, and
# exit status 2.
#
#   sh tests/invalid/run.sh PROGRAM            compare
#   sh tests/invalid/run.sh PROGRAM --update   write the .err files anew
#
# Adding a sample: x.json, x.err (--update writes it: read it!), and x.schema
# with "rejects", "accepts" or "skipped" (see tests/schema).
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
update=${2:-}
cd "$(dirname "$0")" || exit 2
out=$(mktemp)
trap 'rm -f "$out"' EXIT
passed=0
failed=0

for sample in *.json; do
    expected=${sample%.json}.err
    "$program" check "$sample" >"$out" 2>&1 </dev/null
    status=$?
    if [ "$update" = --update ]; then
        cp "$out" "$expected"
    fi
    if [ $status -ne 2 ]; then
        echo "$sample: exit status $status, not 2"
        cat "$out"
    elif [ ! -f "$expected" ]; then
        echo "$sample: has no $expected; the program says:"
        cat "$out"
    elif ! diff -u "$expected" "$out"; then
        echo "$sample: not what $expected says"
    else
        passed=$((passed + 1))
        continue
    fi
    failed=$((failed + 1))
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
