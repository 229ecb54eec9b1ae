#!/bin/sh
# need.sh - see to it that Debian packages are installed.
#
#   sh tests/tools/need.sh PACKAGE...
#
# Installs what is missing where it may (as root, or by sudo without a
# password); where it may not, says what to install and fails.
set -u

missing=
for package in "$@"; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)
    [ "$status" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "note: not a Debian; make sure you have the like of:$missing" >&2
    exit 0
fi
if [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "missing packages; install them with:" >&2
    echo "    sudo apt-get install$missing" >&2
    exit 1
fi

echo "installing:$missing" >&2
install() {
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y \
        --no-install-recommends $missing >&2
}
install || { $as_root apt-get update >&2 && install; }
