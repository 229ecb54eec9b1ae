#!/bin/bash
# completion.sh - what bash offers, for a few beginnings.
source <(asyncloop-sim help bash)
offer() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _asyncloop_sim
    echo "$* ->" $(printf '%s\n' "${COMPREPLY[@]}" | sort)
}
offer asyncloop-sim ex
offer asyncloop-sim run --form
offer asyncloop-sim run --format ''
offer asyncloop-sim lint --
offer asyncloop-sim lint --disable n
offer asyncloop-sim diff --ignore ''
offer asyncloop-sim compare --ignore n
offer asyncloop-sim explain tests/commands/compare/
offer asyncloop-sim record tests/record/programs/ex
offer asyncloop-sim help e
offer asyncloop-sim explain scenarios/traces/ties.jsonl h1
offer asyncloop-sim run scenarios/ties
offer asyncloop-sim run --until 1
