#!/bin/sh
# run.sh - real programs, with and without being recorded.
#
#   sh tests/record/run.sh BINARY [PROGRAM.py...]
#
# What a program prints, where it does, and its exit status must not depend on
# whether it is recorded; its trace must read back and add up.  A program's
# comments say more:
#
#   # args: its arguments        # flags: of Python        # input: a line
#   # clocks: "real virtual", to record it under both
#   # output: of one that cannot be run without, what it prints
#   # lint: an extended regular expression that a finding of lint's matches
#   # trace: an extended regular expression that a line of the trace matches
#
#   # adds: a line that record itself adds on stderr
#
# PYTHON names another Python than python3.
set -u
app=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
here=$(cd "$(dirname "$0")" && pwd)/programs
# Itself, not a script that looks for it each time.
python=$(${PYTHON:-python3} -c 'import sys; print(sys.executable)')
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0

ok() {
    passed=$((passed + 1))
}

not_ok() {
    failed=$((failed + 1))
    echo "not ok: $1"
    sed 's/^/    /' | head -n 20
}

said() { # a program's comments of one kind
    sed -n "s/^# $1: //p" "$program"
}

# What no two runs have in common: addresses, times, numbers of processes.
calm() {
    sed -E 's/0x[0-9a-f]+/0x/g; s/took [0-9.]+ s/took T s/; s/pid=?[0-9]+/pid/
            s/, [0-9.]+ seconds/, T seconds/' "$1"
}

alone() {
    if grep -q '^# output: ' "$program"; then
        said output >out
        echo "exit status 0" >>out
        : >err
        return
    fi
    # shellcheck disable=SC2046
    {
        (exec "$python" $(said flags) "$name.py" $(said args) \
            <input >out 2>err)
        echo "exit status $?" >>out
    } 2>/dev/null # the shell tells of signals, too
}

recorded() { # the clock
    # shellcheck disable=SC2046
    "$app" record --clock "$1" -o trace.jsonl -- "$python" $(said flags) \
        "$name.py" $(said args) <input >out.now 2>err.now
    echo "exit status $?" >>out.now
    said adds >adds
    if [ -s adds ]; then
        check_facts adds err.now
        grep -vFxf adds err.now >err.kept
        mv err.kept err.now
    fi
}

compare() { # stdout or stderr, the file
    calm "$2" >wanted
    calm "$2.now" >got
    if cmp -s wanted got; then ok; else
        diff wanted got | not_ok "$what: $1 differs"
    fi
}

check_trace() {
    if ! "$app" run trace.jsonl >told 2>&1 && grep -q ' error: ' told; then
        tail -n 3 told | not_ok "$what: the trace cannot be read"
    elif "$app" stats trace.jsonl >told 2>&1; then
        if grep -q 'that should not be' told; then
            grep 'that should' told | not_ok "$what: the trace is odd"
        else
            ok
        fi
    else
        not_ok "$what: stats of the trace" <told
    fi
}

check_facts() { # of the trace, or of what lint finds in it; the file
    said "$1" >facts
    while read -r fact; do
        if grep -Eq "$fact" "$2"; then ok; else
            echo "$fact" | not_ok "$what: not in $2"
        fi
    done <facts
}

check() {
    name=$(basename "$program" .py)
    mkdir "$tmp/$name" && cd "$tmp/$name" || exit 1
    cp "$program" .
    said input >input
    alone
    clocks=$(said clocks)
    for clock in ${clocks:-real}; do
        what="$name.py, $clock clock"
        recorded "$clock"
        compare stdout out
        compare stderr err
        check_trace
        check_facts trace trace.jsonl
        "$app" lint trace.jsonl >found
        check_facts lint found
    done
}

[ $# -gt 0 ] || set -- "$here"/*.py
for program in "$@"; do
    program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")
    cd "$here" || exit 1
    check
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
