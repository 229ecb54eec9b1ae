#!/bin/sh
# end_to_end.sh BINARY [PYTHON] - the benchmarks' workloads as scenarios.
#
# Each runs through `BINARY run --quiet`, through the same with the whole
# trace written to a file, and, exported, on plain asyncio under a virtual
# clock (virtual_asyncio.py; nothing recorded).  Shown are nanoseconds per
# operation, process start included: medians of $RUNS runs, taken in turn,
# because machines are noisy.
set -eu

binary=${1:?usage: end_to_end.sh BINARY [PYTHON]}
python=${2-/usr/bin/python3}
runs=${RUNS:-3}
here=$(dirname "$0")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

[ -x "$(command -v "$python")" ] || python=
[ "$python" ] || echo "no python3: its column is left out" >&2

ops() {
    case $1 in
    w1 | w3) echo 1000000 ;;
    *) echo 2000000 ;;
    esac
}

# timed FILE COMMAND...: append the command's wall time, in ns, to FILE.
timed() {
    to=$1
    shift
    begin=$(date +%s%N)
    "$@" >"$dir/out" 2>&1 || { cat "$dir/out" >&2; exit 1; }
    end=$(date +%s%N)
    echo $((end - begin)) >>"$to"
}

# per_op FILE OPS: the median, as ns per operation; empty without a FILE.
per_op() {
    [ -s "$1" ] || return 0
    sort -n "$1" | awk -v ops="$2" '
        { t[NR] = $1 }
        END { printf "%.0f", t[int((NR + 1) / 2)] / ops }'
}

measure() {
    w=$1
    scenario=$here/scenarios/$w.json
    timed "$dir/$w.quiet" "$binary" run --quiet "$scenario"
    timed "$dir/$w.trace" \
        "$binary" run --quiet --trace "$dir/trace.jsonl" "$scenario"
    wc -l <"$dir/trace.jsonl" >"$dir/$w.events"
    rm "$dir/trace.jsonl"
    [ "$python" ] || return 0
    "$binary" export --to python "$scenario" >"$dir/$w.py"
    timed "$dir/$w.python" "$python" "$here/virtual_asyncio.py" "$dir/$w.py"
}

row() {
    n=$(ops "$1")
    echo "$1 $(per_op "$dir/$1.quiet" "$n") $(per_op "$dir/$1.trace" "$n")" \
        "$(cat "$dir/$1.events") $n $(per_op "$dir/$1.python" "$n")" | awk '{
        printf "%-4s %10d %10d %12.0f", $1, $2, $3, ($3 - $2) * $5 / $4
        if (NF > 5)
            printf " %10d %8.1f %8.2f", $6, $6 / $2, $6 / $3
        print ""
    }'
}

# Peak memory of a run, in MB, by way of Python's getrusage.
peak() {
    "$python" -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(round(kb / 1024))' "$@"
}

workloads="w1 w2 w3 w4 w4b"
run=0
while [ "$run" -lt "$runs" ]; do
    for w in $workloads; do
        measure "$w"
    done
    run=$((run + 1))
done

printf '%-4s %10s %10s %12s %10s %8s %8s\n' "" "run, ns" "traced, ns" \
    "ns an event" "python, ns" "x run" "x traced"
for w in $workloads; do
    row "$w"
done
[ -z "$python" ] ||
    echo "1,000,000 pending timers: $(peak "$binary" run --quiet \
        "$here/scenarios/pending.json") MB at most"
