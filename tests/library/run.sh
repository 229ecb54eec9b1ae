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

# The inside of README's block of that language; $2: which of them.
block() {
    awk -v fence="\`\`\`$1" -v wanted="$2" '
        $0 == fence && ++seen == wanted { inside = 1; next }
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

# $1: program, $2: which example it is
says_what_it_should() {
    (cd "$work" && PATH="$work:$PATH" timeout 20 "./$1") >"$work/said" &&
        block console "$2" | grep -v '^\$' | diff - "$work/said"
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

block c 1 >"$work/example.c"
block c 2 >"$work/workers.c"
check "make install" make_to install
check "the example of loop/README.md compiles" \
    compile "$work/example.c" "$work/example"
check "and says what is written there" says_what_it_should example 1
check "so does the one with coroutines" \
    compile "$work/workers.c" "$work/workers"
check "and says what is written there" says_what_it_should workers 2
check "each header can be included alone" stands_alone
check "no private header is installed" \
    test ! -e "$work/usr/include/asyncloop/loop/core/loop_private.h"
check "make uninstall" make_to uninstall
check "nothing is left" nothing_is_left

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
