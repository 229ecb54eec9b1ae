#!/bin/sh
# run.sh - what the documents say is so.
#
#   sh tests/docs/run.sh BINARY
#
# Beside the binary stands schema_gen, which knows the settings.
#
# Every example of the READMEs is run and has to print what is shown beneath
# it; the reference has to name every operation, event and setting there is,
# in the words of their tables; and every shipped scenario is listed in it.
#
# An example is marked by a comment before its fence:
#
#   <!-- example: log -->       the lines it logs (", exit N": and ends so)
#   <!-- example: main, log --> the same; the fence is the body of main
#   <!-- example: trace -->     its whole trace
#   <!-- example: export -->    the Python it stands for
#   <!-- example: says -->      what `run --quiet` says of it
#   <!-- example: mistakes -->  what `check` says of it
#   <!-- example: console -->   commands after "$ ", and what they print
set -u
LC_ALL=C.UTF-8
export LC_ALL
if [ $# -ne 1 ] || [ ! -x "$1" ]; then
    echo "usage: sh tests/docs/run.sh BINARY" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
case $1 in
    /*) app=$1 ;;
    *) app=$(pwd)/$1 ;;
esac
work=$(mktemp -d) || exit 5
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
passed=0
failed=0

pass() {
    passed=$((passed + 1))
}

fail() {
    failed=$((failed + 1))
    echo "FAIL $1"
}

# -- examples ----------------------------------------------------------------

# Run one example as its words ask; its output to $work/got.
run_example() {
    case $2 in
    log*)
        "$app" run --format log example.json >"$work/got" 2>"$work/err"
        status=$?
        wanted=0
        case $2 in *"exit "*) wanted=${2##*exit } ;; esac
        [ $status -eq "$wanted" ] || {
            echo "exit status $status"
            cat "$work/err"
        } >>"$work/got"
        ;;
    trace) "$app" run --trace - example.json >"$work/got" 2>&1 ;;
    export) "$app" export --to python example.json >"$work/got" 2>&1 ;;
    says) "$app" run --quiet example.json >"$work/got" 2>&1 ;;
    mistakes) "$app" check example.json >"$work/got" 2>&1 ;;
    *) echo "unknown kind of example: $2" >"$work/got" ;;
    esac
}

# The commands of a console example, each with what it prints.
run_console() {
    sed -n 's/^\$ //p' "$1" | while read -r command; do
        echo "\$ $command"
        (cd "$root" && PATH=$work/bin:$PATH sh -c "$command" 2>&1)
    done
}

check_example() { # DIR N LINE WORDS
    if [ "$4" = console ]; then
        run_console "$1/$2.in" >"$work/got"
        cp "$1/$2.in" "$1/$2.want"
    else
        cp "$1/$2.in" "$1/example.json"
        (cd "$1" && run_example "$2" "$4")
    fi
    if diff "$1/$2.want" "$work/got" >"$work/diff"; then
        pass
    else
        fail "$document:$3: what is documented (<) is not what is so (>)"
        cat "$work/diff"
    fi
}

check_document() {
    document=$1
    folder=$work/$(echo "$document" | tr / _)
    mkdir "$folder"
    awk -v folder="$folder" -f "$here/examples.awk" "$root/$document"
    if [ ! -s "$folder/list" ]; then
        fail "$document: no examples found"
        return
    fi
    while read -r number line words; do
        check_example "$folder" "$number" "$line" "$words"
    done <"$folder/list"
}

# -- tables ------------------------------------------------------------------

# Every line of a file has to stand in the reference.
check_lines() { # WHAT FILE
    if [ ! -s "$2" ]; then
        fail "no $1 found"
        return
    fi
    sort -u "$2" >"$work/wanted"
    sort -u "$root/$reference" | comm -23 "$work/wanted" - >"$work/missing"
    if [ -s "$work/missing" ]; then
        fail "$reference: of the $1, these lines are missing:"
        cat "$work/missing"
    else
        pass
    fi
}

check_reference() {
    reference=scenarios/README.md
    awk -f "$here/verbs.awk" "$root/sim/scenario/verbs.c" >"$work/verbs"
    awk -f "$here/events.awk" "$root/loop/core/event.h" >"$work/events"
    "$(dirname "$app")/schema_gen" --settings >"$work/knobs"
    check_lines operations "$work/verbs"
    check_lines events "$work/events"
    check_lines settings "$work/knobs"
    for file in "$root"/scenarios/*.json; do
        name=$(basename "$file" .json)
        title=$(sed -n 's/^  "title": "\(.*\)",$/\1/p' "$file")
        case $name in *.schema) continue ;; esac
        echo "| [$name]($name.json) | $title |"
    done >"$work/scenarios"
    check_lines "shipped scenarios" "$work/scenarios"
}

# The lists of names are what counts: none may be overlooked above.
check_names() {
    sed -n '/^#define AL_VERBS/,/^typedef/p' "$root/sim/scenario/verbs.h" |
        sed -n 's/^ *X([A-Z_]*, \([A-Za-z_]*\)).*/\1/p' |
        sed "s/asyncio_/asyncio./; s/time_/time./" | sort >"$work/names"
    sed -n 's/^#### `\([A-Za-z_.]*\)` (.*/\1/p' "$root/scenarios/README.md" |
        sort >"$work/headings"
    if diff "$work/names" "$work/headings" >"$work/diff"; then
        pass
    else
        fail "scenarios/README.md: operations (<) and headings (>) differ"
        cat "$work/diff"
    fi
    sed -n '/^static const form forms/,/^};/s/^ *{"\([a-z]*\)".*/\1/p' \
        "$root/sim/scenario/load_statement.c" >"$work/forms"
    grep "^#### " "$root/scenarios/README.md" >"$work/headings"
    while read -r form; do
        grep -qF "\`$form\`" "$work/headings" || echo "$form"
    done <"$work/forms" >"$work/missing"
    if [ -s "$work/forms" ] && [ ! -s "$work/missing" ]; then
        pass
    else
        fail "scenarios/README.md: control forms without a heading:"
        cat "$work/missing"
    fi
}

# The functions that are known everywhere, as the reference lists them.
check_builtins() {
    sed -n '/^const char .const al_builtin_names/,/^};/p' \
        "$root/sim/scenario/words.c" | grep -o '"[a-z]*"' | tr -d '"' |
        sort >"$work/names"
    tr '\n' ' ' <"$root/scenarios/README.md" |
        sed 's/.*Known everywhere are the functions `\([^`]*\)`.*/\1/' |
        tr ' ' '\n' | sort >"$work/headings"
    if [ -s "$work/names" ] &&
        diff "$work/names" "$work/headings" >"$work/diff"; then
        pass
    else
        fail "scenarios/README.md: builtins (<) and those it lists (>) differ"
        cat "$work/diff"
    fi
}

# -- all together ------------------------------------------------------------

mkdir "$work/bin"
ln -s "$app" "$work/bin/asyncloop-sim"
check_document scenarios/README.md
check_document README.md
check_reference
check_names
check_builtins
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
