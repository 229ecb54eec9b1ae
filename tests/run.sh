#!/bin/sh
# run.sh - all the suites that `make test` runs, and their sum.
#
#   sh tests/run.sh BUILD
#
# Each suite ends with a line "N passed, N failed"; so does this.
set -u
build=$1
app=$build/asyncloop-sim
log=$build/test.log
passed=0
failed=0

suite() {
    name=$1
    shift
    echo "== $name"
    timeout 600 "$@" >"$log" 2>&1
    status=$?
    last=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
    p=$(echo "$last" | sed 's/ passed.*//')
    f=$(echo "$last" | sed 's/.* passed, \([0-9]*\) failed.*/\1/')
    if [ -z "$last" ] || { [ $status -ne 0 ] && [ "$f" = 0 ]; }; then
        p=${p:-0}
        f=1
    fi
    if [ "$f" != 0 ]; then
        cat "$log"
        echo "== $name: $f failed (exit status $status)"
    else
        echo "   $last"
    fi
    passed=$((passed + p))
    failed=$((failed + f))
}

suite unit "$build/unit"
suite "invalid scenarios" sh tests/invalid/run.sh "$app"
suite "recorded traces" "$app" test scenarios tests/conformance/found \
    tests/conformance/cpython/*/
suite "CPython's test cases" sh tests/conformance/cpython/check.sh
if command -v node >/dev/null; then
    suite "random generators" node tests/conformance/generators.mjs "$app"
fi
suite "documented examples" sh tests/docs/run.sh "$app"
suite "commands" sh tests/commands/run.sh "$app"
suite "tracebacks" sh tests/tracebacks/run.sh "$app"
suite "export to Perfetto" sh tests/export/run.sh "$app" perfetto
suite "export's memory" sh tests/export/run.sh "$app" memory
suite "export to tables and pictures" sh tests/export/run.sh "$app" forms
suite "export to HTML" sh tests/export/run.sh "$app" html
suite "command line" sh tests/cli/run.sh "$app"
suite "stepper on terminals" sh tests/step/run.sh "$app"
if command -v python3 >/dev/null; then
    [ "${SANITIZED:-}" ] || # which takes memory of its own
        suite "stepper's memory" python3 tests/step/memory.py "$app"
    suite "recorded programs" sh tests/record/run.sh "$app"
fi
suite "out of memory" "$build/oom" "$build"
suite "library" sh tests/library/run.sh "$build"
suite "schema" sh tests/schema/run.sh "$build/schema_gen"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
