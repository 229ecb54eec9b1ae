#!/bin/sh
# check.sh - is what README.md here says of CPython's test cases so?
#
#   sh tests/conformance/cpython/check.sh
#
# MODULE/cases.tsv has a line for each case of Lib/test/test_asyncio/
# test_MODULE.py: its name, a tab, and "covered" (MODULE/NAME.json is there) or
# why it is left out.  README.md counts them, and no scenario is without case.
set -u
cd "$(dirname "$0")" || exit 2
passed=0
failed=0

fail() {
    failed=$((failed + 1))
    echo "FAIL $1"
}

check_module() {
    cases=$1/cases.tsv
    all=$(wc -l <"$cases")
    covered=$(grep -c '	covered$' "$cases")
    row="| [$1]($cases) | $((all)) | $covered | $((covered * 100 / all))% |"
    if grep -qF "$row" README.md; then
        passed=$((passed + 1))
    else
        fail "README.md should say: $row"
    fi
    sed -n 's/	covered$//p' "$cases" | sort >"$work/covered"
    find "$1" -maxdepth 1 -name '*.json' ! -name '*.schema.json' |
        sed 's|.*/||; s|\.json$||' | sort >"$work/there"
    if difference=$(diff "$work/covered" "$work/there"); then
        passed=$((passed + 1))
    else
        fail "$cases (<) and the scenarios (>):
$difference"
    fi
    if awk -F '\t' 'NF != 2 || $2 == ""' "$cases" | grep .; then
        fail "$cases: these lines do not say what became of the case"
    else
        passed=$((passed + 1))
    fi
}

work=$(mktemp -d) || exit 5
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
for cases in */cases.tsv; do
    check_module "${cases%/cases.tsv}"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
