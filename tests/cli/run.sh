#!/bin/sh
# run.sh - the command line: exit codes, streams, files, interruptions.
#
#   sh tests/cli/run.sh BINARY
set -u
app=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$(pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0
cd "$tmp" || exit 1

ok() {
    passed=$((passed + 1))
}

not_ok() {
    failed=$((failed + 1))
    echo "not ok: $1"
    [ -s out ] && sed 's/^/    out: /' out | head -n 20
    [ -s err ] && sed 's/^/    err: /' err | head -n 20
}

# exits WHAT STATUS COMMAND...: stdout and stderr are kept in out and err.
exits() {
    what=$1
    want=$2
    shift 2
    timeout 60 "$@" >out 2>err </dev/null
    status=$?
    if [ $status -eq "$want" ]; then ok; else
        not_ok "$what: exit status $status, not $want"
    fi
}

# says WHAT FILE PATTERN
says() {
    if grep -qE -e "$3" "$2"; then ok; else not_ok "$1: no '$3' in $2"; fi
}

cat >done.json <<'END'
{"scenario": 1, "functions": {"main": {"body": [
  {"log": "hello"}, {"call_later": {"delay": 1, "callback": "loop.stop"}}]}}}
END
cat >fails.json <<'END'
{"scenario": 1, "program": [{"log": "before"}, {"raise": "ValueError('boom')"}]}
END
cat >deadlock.json <<'END'
{"scenario": 1, "fds": ["conn"], "functions": {
  "main": {"body": [{"add_reader": {"fd": "conn", "callback": "got"}}]},
  "got": {"body": [{"read": "conn"}]}}}
END
cat >forever.json <<'END'
{"scenario": 1, "functions": {"main": {"body": [
  {"call_later": {"delay": 1, "callback": "main"}}]}}}
END
cat >spin.json <<'END'
{"scenario": 1, "program": [{"while": true, "do": [{"pass": {}}]}]}
END
cat >hostile.json <<'END'
{"scenario": 1, "program": [{"log": "\u001b[2Jx\u202e"}]}
END
cat >loops.json <<'END'
{"scenario": 1, "program": [{"let": "loops", "be": []},
  {"for": "i", "in": "range(40000)", "do": [
    {"new_event_loop": {}, "as": "loop"}, "loops.append(loop)"]}]}
END
echo '{"scenario": 1, "program": [' >broken.json

# -- exit codes ---------------------------------------------------------------
exits "a run that ends" 0 "$app" run done.json
says "a run that ends" out 'hello'
exits "a program that fails" 1 "$app" run fails.json
says "a program that fails" err 'ValueError: boom'
exits "a broken file" 2 "$app" run broken.json
says "a broken file" err 'broken.json:[0-9]+:[0-9]+: error: '
exits "a file that is not there" 2 "$app" run nothing.json
exits "a deadlock" 3 "$app" run deadlock.json
says "a deadlock names what waits" err 'conn'
exits "a time limit" 4 "$app" run --until 10 forever.json
says "a time limit" err 'virtual time limit of 10'
exits "an iteration limit" 4 "$app" run --max-iterations 5 forever.json
exits "a step limit" 4 "$app" run --max-steps 1000 spin.json
says "a step limit" err 'step limit'
exits "ever so many loops" 0 timeout 20 "$app" run loops.json

# -- usage --------------------------------------------------------------------
exits "no command" 2 "$app"
exits "an unknown command" 2 "$app" rum
says "an unknown command" err "did you mean 'run'"
exits "an unknown option" 2 "$app" run --trase x done.json
says "an unknown option" err "did you mean '--trace'"
exits "an option without its value" 2 "$app" run --trace
exits "a bad choice" 2 "$app" run --format xml done.json
exits "no scenario" 2 "$app" run
exits "two scenarios" 2 "$app" run done.json done.json
exits "a bad range" 2 "$app" run --iterations 5:2 done.json
exits "an unknown setting" 2 "$app" run --set loop.debgu=true done.json
exits "a setting" 0 "$app" run --set loop.debug=true done.json
exits "version" 0 "$app" --version
says "version" out '^asyncloop-sim [0-9]'
exits "help" 0 "$app" --help
for command in run check test export record conform; do
    exits "help of $command" 0 "$app" $command --help
    says "help of $command" out '^examples:'
    exits "help $command" 0 "$app" help $command
done

# -- streams and files --------------------------------------------------------
exits "stdin" 0 sh -c "'$app' run - < done.json"
"$app" run --trace a.jsonl --quiet done.json
"$app" run --trace b.jsonl --quiet done.json
if cmp -s a.jsonl b.jsonl; then ok; else not_ok "two runs differ"; fi
"$app" run --trace - done.json >c.jsonl
if cmp -s a.jsonl c.jsonl; then ok; else not_ok "--trace - differs"; fi
"$app" run --format jsonl done.json >c.jsonl
if cmp -s a.jsonl c.jsonl; then ok; else not_ok "--format jsonl differs"; fi
exits "a full disk for stdout" 5 sh -c "'$app' run done.json >/dev/full"
says "a full disk for stdout" err 'No space left on device'
exits "a full disk for help" 5 sh -c "'$app' --help >/dev/full"
exits "a full disk for the trace" 5 "$app" run --trace /dev/full done.json
exits "a closed pipe" 0 sh -c "'$app' run --trace - --until 1e6 forever.json \
  2>err | head -n 1"
says "a closed pipe" err 'Broken pipe|limit'
echo old >keep.jsonl
exits "a folder that is not there" 5 "$app" run --trace no/where.jsonl done.json
exits "escapes" 0 "$app" run hostile.json
if grep -q "$(printf '\033')" out; then not_ok "an escape got through"; else ok; fi
exits "colour on request" 0 "$app" run --color always done.json
says "colour on request" out "$(printf '\033')\["
exits "no colour by default" 0 "$app" run done.json
if grep -q "$(printf '\033')" out; then not_ok "colour in a file"; else ok; fi

# -- what must not happen to files and names ----------------------------------
cp done.json self.json
exits "a trace over its scenario" 2 "$app" run --trace ./self.json self.json
exits "an export over its scenario" 2 "$app" export --to python -o self.json \
    self.json
if cmp -s done.json self.json; then ok; else not_ok "a scenario was lost"; fi
odd=$(printf 'odd\033[31m\nname.json')
cp done.json "$odd"
exits "a hostile file name" 0 "$app" check "$odd"
if grep -q "$(printf '\033')" out; then not_ok "an escape got through"; else ok; fi
exits "a hostile file name, exported" 0 "$app" export --to python "$odd"
says "a file name stays in its comment" out '# odd\?\[31m\?name.json:1'
mkdir -p traces
echo "my notes" >traces/self.jsonl
exits "a file that is no trace" 1 "$app" test --update self.json
says "a file that is no trace" traces/self.jsonl 'my notes'
mkdir -p empty
for command in check test conform; do
    exits "$command of an empty folder" 2 "$app" $command empty
done

# -- Ctrl-C -------------------------------------------------------------------
"$app" run --quiet --trace cut.jsonl forever.json >out 2>err &
pid=$!
sleep 0.3
kill -INT $pid
wait $pid
status=$?
if [ $status -eq 4 ]; then ok; else not_ok "Ctrl-C: exit status $status"; fi
says "Ctrl-C leaves a complete trace" cut.jsonl '"e":"end"'
"$app" test --update forever.json done.json >out 2>err &
pid=$!
sleep 0.3
kill -INT $pid
wait $pid
status=$?
if [ $status -eq 4 ]; then ok; else not_ok "Ctrl-C in test: status $status"; fi
if [ -e traces/forever.jsonl ]; then not_ok "a cut trace was kept"; else ok; fi

# -- check, test, export ------------------------------------------------------
exits "check" 0 "$app" check done.json fails.json
says "check" out 'done.json: ok'
exits "check of a bad one" 2 "$app" check done.json broken.json
exits "test without a golden" 1 "$app" test done.json
exits "test --update" 0 "$app" test --update done.json
exits "test" 0 "$app" test done.json
says "test" out '1 passed, 0 failed'
sed 's/hello/goodbye/' traces/done.jsonl >x && mv x traces/done.jsonl
exits "test of a difference" 1 "$app" test done.json
says "test of a difference" out 'goodbye'
sed 's/asyncloop-sim [0-9.]*/CPython 3.14.2/' traces/done.jsonl >x &&
    mv x traces/done.jsonl
exits "what CPython recorded is not overwritten" 1 "$app" test --update done.json
exits "export" 0 "$app" export --to python done.json
says "export" out 'call_later'
exits "export to nothing" 2 "$app" export done.json

# -- a real Python, where there is one ---------------------------------------
if command -v python3 >/dev/null 2>&1; then
    exits "conform" 0 "$app" conform done.json
    says "conform" out 'equal'
    "$app" export --to python -o done.py done.json
    exits "record" 0 "$app" record -o r.jsonl done.py
    says "record" r.jsonl '"producer":"CPython'
fi
printf '#!/bin/sh\nexit 7\n' >no-python && chmod +x no-python
exits "a python that fails" 5 "$app" conform --python ./no-python done.json
says "a python that fails" out 'Python ended with status 7'
printf '#!/bin/sh\necho "$2" >seen\nexit 7\n' >no-python
deep=$tmp/a-folder-whose-name-is-rather-long-for-a-temporary-one
mkdir "$deep"
exits "a long TMPDIR" 5 env TMPDIR="$deep" "$app" conform \
  --python ./no-python done.json
says "a long TMPDIR" seen "^$deep/asyncloop-"
if rmdir "$deep"; then ok; else not_ok "the temporary folder stays"; fi
exits "no such python" 5 "$app" conform --python /nonexistent done.json

cd "$root" || exit 1
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
