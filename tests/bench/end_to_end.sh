#!/bin/sh
# end_to_end.sh BINARY [PYTHON] - the benchmarks' workloads as scenarios.
#
# Each runs through `BINARY run --quiet`, through the same with the whole
# trace written to a file, and, exported, on plain asyncio under a virtual
# clock (virtual_asyncio.py; nothing recorded): one program for both, and no
# system call to wait in either.  Shown are nanoseconds per operation (a timer,
# a call, a sleep, an item, a turn with the lock), process start included:
# medians of $RUNS runs, taken in turn, because machines are noisy.
#
# Then what a pending timer and a sleeping task take: the peaks of a run with
# and without them.
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
    w1 | w3 | t1) echo 1000000 ;;
    t2 | t4 | t5) echo 100000 ;;
    t3) echo 200000 ;;
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

# Peak memory of a run, in KB, by way of Python's getrusage.
peak() {
    "$python" -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"
}

# per_piece COUNT MANY NONE: bytes a piece, of two peaks in KB.
per_piece() {
    echo $((($2 - $3) * 1024 / $1))
}

# The same programs without their timers or tasks are what is not counted.
memory() {
    sed 's/range(1[0]*)/range(0)/' "$here/scenarios/$1.json" >"$dir/none.json"
    none=$(peak "$binary" run --quiet "$dir/none.json")
    many=$(peak "$binary" run --quiet "$here/scenarios/$1.json")
    printf '%-26s %8d MB at most, %5d bytes each' "$2 $3" $((many / 1024)) \
        "$(per_piece "$4" "$many" "$none")"
    "$binary" export --to python "$dir/none.json" >"$dir/none.py"
    "$binary" export --to python "$here/scenarios/$1.json" >"$dir/many.py"
    none=$(peak "$python" "$here/virtual_asyncio.py" "$dir/none.py")
    many=$(peak "$python" "$here/virtual_asyncio.py" "$dir/many.py")
    echo "; python: $(per_piece "$4" "$many" "$none")"
}

workloads="w1 w2 w3 w4 w4b t1 t2 t3 t4 t5"
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
[ "$python" ] || exit 0
memory pending 1,000,000 'pending timers' 1000000
memory waiting 100,000 'tasks asleep' 100000
