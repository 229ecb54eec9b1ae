#!/bin/sh
# run.sh - the library alone: installed, found by pkg-config, and used as its
# README shows; then uninstalled.
#
#   sh tests/library/run.sh BUILD
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() {
    name=$1
    shift
    if "$@" >"$work/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$name:"
        cat "$work/out"
    fi
}

# The inside of README's first block of that language.
block() {
    awk -v fence="\`\`\`$1" '
        $0 == fence && !seen { inside = seen = 1; next }
        $0 == "```" { inside = 0 }
        inside' "$root/loop/README.md"
}

# $1: target
make_to() {
    make -C "$root" --no-print-directory BUILD="$build" \
        PREFIX="$work/usr" "$1"
}

# $1: source, $2: program.  A sanitizer's flags come with the library.
compile() {
    ${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Wstrict-prototypes -Werror \
        ${CFLAGS:-} "$1" -o "$2" \
        $(PKG_CONFIG_PATH="$work/usr/lib/pkgconfig" \
            pkg-config --cflags --libs asyncloop)
}

says_what_it_should() {
    (cd "$work" && PATH="$work:$PATH" timeout 20 ./example) >"$work/said" &&
        block console | grep -v '^\$' | diff - "$work/said"
}

# Each public header can be included first.
stands_alone() {
    for header in $(cd "$work/usr/include/asyncloop" && find loop -name '*.h')
    do
        echo "#include <$header>" >"$work/header.c"
        echo "int main(void) { return 0; }" >>"$work/header.c"
        compile "$work/header.c" "$work/header" || return 1
    done
}

nothing_is_left() {
    left=$(find "$work/usr" ! -type d)
    echo "$left"
    [ -z "$left" ] && [ ! -d "$work/usr/include/asyncloop" ]
}

block c >"$work/example.c"
check "make install" make_to install
check "the example of loop/README.md compiles" \
    compile "$work/example.c" "$work/example"
check "and says what is written there" says_what_it_should
check "each header can be included alone" stands_alone
check "no private header is installed" \
    test ! -e "$work/usr/include/asyncloop/loop/core/loop_private.h"
check "make uninstall" make_to uninstall
check "nothing is left" nothing_is_left

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
