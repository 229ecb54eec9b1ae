#!/bin/sh
# run.sh - the JSON Schema is the one the tables give, and it is true.
#
#   sh tests/schema/run.sh [GENERATOR]
#
# GENERATOR is the program built from tests/tools/schema_gen.c; without it
# the committed schema is taken as it is.
set -u
root=$(dirname "$0")/../..
generator=${1:-}

if [ -n "$generator" ] &&
    ! "$generator" | cmp -s - "$root/scenarios/scenario.schema.json"; then
    echo "scenarios/scenario.schema.json is out of date: run 'make schema'"
    echo "0 passed, 1 failed"
    exit 1
fi
if ! /usr/bin/python3 -c 'import jsonschema' 2>/dev/null; then
    echo "python3-jsonschema is missing: apt-get install python3-jsonschema"
    echo "0 passed, 1 failed"
    exit 1
fi
exec /usr/bin/python3 "$root/tests/schema/check_schema.py"
