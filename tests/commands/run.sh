#!/bin/sh
# run.sh - what the commands print, word for word.
#
#   sh tests/commands/run.sh BINARY [FILE...]
#
# A file COMMAND/NAME.txt begins with the command line, "$ asyncloop-sim …",
# run from the top folder; then comes what it prints, errors too, and last
# "[exit N]".  UPDATE=1 writes them anew: look at the difference, then commit.
set -u
LC_ALL=C.UTF-8
XDG_CONFIG_HOME=/nonexistent # nobody's likes
XDG_STATE_HOME=/dev/null/nowhere # where nothing can be kept
export LC_ALL XDG_CONFIG_HOME XDG_STATE_HOME
app=$1
shift
[ $# -gt 0 ] || set -- tests/commands/*/*.txt
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/bin"
ln -s "$(cd "$(dirname "$app")" && pwd)/$(basename "$app")" \
    "$tmp/bin/asyncloop-sim"
PATH=$tmp/bin:$PATH
passed=0
failed=0

for file in "$@"; do
    head -n 1 "$file" >"$tmp/now"
    sh -c "$(sed -n '1s/^[$] //p' "$file")" >>"$tmp/now" 2>&1 </dev/null
    echo "[exit $?]" >>"$tmp/now"
    if [ "${SANITIZED:-}" ]; then # whose threads of its own are not ours
        sed -i '/^==[0-9]*==WARNING: ASan.*swapcontext/d' "$tmp/now"
    fi
    if [ "${UPDATE:-}" = 1 ]; then
        cp "$tmp/now" "$file"
    elif ! diff -u "$file" "$tmp/now" >"$tmp/diff"; then
        failed=$((failed + 1))
        echo "not ok: $file"
        sed 's/^/    /' "$tmp/diff" | head -n 40
        continue
    fi
    passed=$((passed + 1))
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
