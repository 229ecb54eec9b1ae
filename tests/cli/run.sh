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

# says_nothing WHAT FILE
says_nothing() {
    if [ -s "$2" ]; then not_ok "$1: $2 is not empty"; else ok; fi
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
echo '{"scenario": 1, "program": ["[0] * 3"]}' >list.json
cat >caught.json <<'END'
{"scenario": 1, "limits": {"until": 10}, "program": [{"let": "all", "be": []},
  {"while": "True", "do": [
    {"try": [{"busy": 1}, {"let": "all", "be": "all + ['x' * 100]"}],
     "finally": [{"continue": {}}]}]}]}
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
exits "one iteration" 4 "$app" run --max-iterations 1 forever.json
if grep -q 'iteration 2' out; then not_ok "one iteration: two are shown"
else ok; fi
says "one iteration" out '1 turn of the loop'
cat >busy.json <<'END'
{"scenario": 1, "functions": {"main": {"body": [{"call_soon": "main"}]}}}
END
exits "a busy loop" 4 sh -c "ulimit -f 100000; \
    timeout 20 '$app' run -q --trace busy.jsonl busy.json"
says "a busy loop" err 'busy.json: 100000 iterations without time moving: a bus'
exits "a step limit" 4 "$app" run --max-steps 1000 spin.json
says "a step limit" err 'step limit'
found=$root/tests/conformance/found
exits "a deadlock that is caught" 3 "$app" run "$found"/deadlock-that-is-caught.json
says "a deadlock that is caught" out 'log +the end'
says "a deadlock that is caught" err 'nothing can ever happen again'
exits "a limit that is caught, and no more" 4 \
    "$app" run "$found"/limit-that-is-caught.json
says "a limit that is caught, and no more" err 'virtual time limit of 3'
exits "a time limit that is caught" 4 timeout 20 "$app" run caught.json
says "a time limit that is caught" err 'virtual time limit of 10'
exits "a memory limit that is caught" 4 timeout 20 \
    "$app" run --until 1000000000 --set limits.memory=100000 caught.json
says "a memory limit that is caught" err 'memory limit of 100000'
cat >memory.json <<'END'
{"scenario": 1, "limits": {"memory": 20000000}, "functions": {
  "waits": {"async": true, "body": [{"sleep": 1000}]},
  "works": {"body": [{"busy": 1000}]},
  "main": {"async": true, "body": [
    {"let": "n", "be": 0}, {"let": "kept", "be": []},
    {"create_future": {}, "as": "future"}, {"Queue": {}, "as": "queue"},
    {"ThreadPoolExecutor": {"max_workers": 100000}, "as": "pool"},
    {"while": true, "do": [
      {"let": "n", "be": "n + 1"}, {"log": "n"}, WHAT]}]}},
  "program": [{"asyncio.run": {"main": "main()"}}]}
END
while read -r what; do
    sed "s/WHAT/$what/" memory.json >held.json
    exits "memory: $what" 4 timeout 20 "$app" run --quiet held.json
    says "memory: $what" err 'memory limit of 20000000 bytes'
    "$app" run held.json >out 2>err
    shown=$(sed -n 's/^  logged  *\([0-9]*\) by the program.*/\1/p' out)
    "$app" run --quiet --trace held.jsonl held.json 2>err
    if [ "$shown" = "$(grep -c '"text":"n"' held.jsonl)" ]; then ok
    else not_ok "memory: $what: another moment when it is traced"; fi
done <<'END'
{"create_task": {"coro": "waits()"}}
{"call_later": {"delay": 5, "callback": "works"}}
{"call_soon": "works"}
{"create_future": {}, "as": "x"}, "kept.append(x)"
{"new_event_loop": {}, "as": "x"}, "kept.append(x)"
"queue.put_nowait(n)"
"future.add_done_callback(works)"
{"submit": {"executor": "pool", "func": "works"}}
"kept.append('x' * 1000)"
END
cat >freed.json <<'END'
{"scenario": 1, "limits": {"memory": 1000000}, "program": [
  {"for": "i", "in": "range(10000)", "do": [
    {"let": "x", "be": "[('x' * 1000,), {i: i}]"}]}, {"log": "done"}]}
END
exits "memory that was freed" 0 "$app" run freed.json
# Whoever waits is found at once among all who do.
while IFS='|' read -r made waits; do
    cat >crowd.json <<END
{"scenario": 1, "functions": {
  "waits": {"async": true, "params": ["p"], "body": [$waits]},
  "main": {"async": true, "body": [$made, {"let": "tasks", "be": []},
    {"for": "i", "in": "range(100000)", "do": [
      {"create_task": {"coro": "waits(p)"}, "as": "task"},
      "tasks.append(task)"]},
    {"await": {"sleep": 1}}, "tasks.reverse()",
    {"for": "task", "in": "tasks", "do": ["task.cancel()"]},
    {"await": {"wait": "tasks"}}]}}}
END
    exits "a crowd that is cancelled: $waits" 0 \
        sh -c "ulimit -t 6; '$app' run -q crowd.json"
done <<'END'
{"Lock": {}, "as": "p"}, {"await": "p.acquire()"}|{"await": "p.acquire()"}
{"Semaphore": {"value": 0}, "as": "p"}|{"await": "p.acquire()"}
{"Queue": {}, "as": "p"}|{"await": "p.get()"}
{"Event": {}, "as": "p"}|{"await": "p.wait()"}
{"Condition": {}, "as": "p"}|{"async with": "p", "do": [{"await": "p.wait()"}]}
END
exits "ever so many loops" 0 timeout 120 "$app" run loops.json

# Names are found by an index: each of these took minutes without it.
awk 'BEGIN {
    n = 100000
    printf "{\"scenario\": 1, \"fds\": ["
    for (i = 0; i < n; i++) printf "%s\"fd%d\"", i ? ", " : "", i
    printf "], \"world\": [{\"at\": 1, \"fd\": \"fd%d\", ", n - 1
    printf "\"readable\": true}], \"functions\": {"
    for (i = 0; i < n; i++) printf "\"f%d\": {\"body\": []}, ", i
    printf "\"main\": {\"body\": ["
    for (i = 0; i < n; i++) printf "{\"let\": \"v%d\", \"be\": %d}, ", i, i
    printf "{\"log\": \"{v%d}\"}, {\"stop\": {}}]}}}", n - 1
}' >names.json
exits "very many names" 0 timeout 30 "$app" run --format log names.json
says "very many names" out '99999$'

# Very many fds that are ready at once, in another order than the names.
awk 'BEGIN {
    n = 100000
    printf "{\"scenario\": 1, \"fds\": ["
    for (i = 0; i < n; i++) printf "%s\"fd%d\"", i ? ", " : "", i
    printf "], \"world\": ["
    for (i = n; i-- > 0; )
        printf "{\"at\": 1, \"fd\": \"fd%d\", \"readable\": true}%s", i,
            i ? ", " : "], "
    printf "\"functions\": {\"got\": {\"params\": [\"fd\"], \"body\": ["
    printf "{\"global\": \"last\"}, {\"let\": \"last\", \"be\": \"fd\"}, "
    printf "{\"remove_reader\": \"fd\"}]}, \"end\": {\"body\": ["
    printf "{\"log\": \"last {last}\"}, {\"stop\": {}}]}, "
    printf "\"main\": {\"body\": [{\"call_later\": {\"delay\": 2, "
    printf "\"callback\": \"end\"}}"
    for (i = 0; i < n; i++)
        printf ", {\"add_reader\": {\"fd\": \"fd%d\", \"callback\": \"got\", " \
            "\"args\": [\"fd%d\"]}}", i, i
    printf "]}}}"
}' >ready.json
exits "very many ready fds" 0 timeout 30 "$app" run --format log ready.json
says "very many ready fds" out 'last <fd fd0>$'

cat >chain.json <<'END'
{"scenario": 1, "functions": {
  "inner": {"async": true, "params": ["n"], "body": [
    {"if": "n == 0", "then": [{"raise": "KeyError('\u001b[31m')"}]},
    {"await": {"sleep": 1}},
    {"await": "inner(n - 1)"}]},
  "main": {"async": true, "body": [
    {"try": [{"await": "inner(5)"}],
     "except": [{"type": "KeyError", "as": "e", "do": [
       {"raise": "ExceptionGroup('two', [e, TypeError('x')])", "from": "e"}]}]}]}}}
END
exits "a traceback" 1 "$app" run -q chain.json
cat >expected <<'END'
Traceback (most recent call last):
  File "chain.json", line 7, in main
    {"try": [{"await": "inner(5)"}]
  File "chain.json", line 5, in inner
    {"await": "inner(n - 1)"}
  File "chain.json", line 5, in inner
    {"await": "inner(n - 1)"}
  File "chain.json", line 5, in inner
    {"await": "inner(n - 1)"}
  [Previous line repeated 2 more times]
  File "chain.json", line 3, in inner
    {"if": "n == 0", "then": [{"raise": "KeyError('\u001b[31m')"}]}
KeyError: '\x1b[31m'

The above exception was the direct cause of the following exception:

  + Exception Group Traceback (most recent call last):
  |   File "chain.json", line 6, in <module>
  |     "main": {"async": true, "body": [
  |   File "chain.json", line 9, in main
  |     {"raise": "ExceptionGroup('two', [e, TypeError('x')])", "from": "e"}
  | ExceptionGroup: two (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "chain.json", line 7, in main
    |     {"try": [{"await": "inner(5)"}]
    |   File "chain.json", line 5, in inner
    |     {"await": "inner(n - 1)"}
    |   File "chain.json", line 5, in inner
    |     {"await": "inner(n - 1)"}
    |   File "chain.json", line 5, in inner
    |     {"await": "inner(n - 1)"}
    |   [Previous line repeated 2 more times]
    |   File "chain.json", line 3, in inner
    |     {"if": "n == 0", "then": [{"raise": "KeyError('\u001b[31m')"}]}
    | KeyError: '\x1b[31m'
    +---------------- 2 ----------------
    | TypeError: x
    +------------------------------------
END
if cmp -s expected err; then ok; else not_ok "a traceback: $(diff expected err)"; fi
cat >locks.json <<'END'
{"scenario": 1, "functions": {
  "main": {"async": true, "body": [
    {"Lock": {}, "as": "a"}, {"Lock": {}, "as": "b"},
    {"create_task": {"coro": "both(a, b)", "name": "one"}, "as": "one"},
    {"create_task": {"coro": "both(b, a)", "name": "other"}, "as": "other"},
    {"await": {"gather": ["one", "other"]}}]},
  "both": {"async": true, "params": ["first", "second"], "body": [
    {"async with": "first", "do": [
      {"await": {"sleep": 1}},
      {"await": "second.acquire()"}]}]}}}
END
exits "a deadlock through locks" 3 "$app" run -q locks.json
says "a deadlock through locks" err \
    "^  t1 'Task-1' waits for f1, gather\(\) of t2, t3$"
says "a deadlock through locks" err \
    "^  t2 'one' waits for Lock p2, acquired by t3 'other'$"
says "a deadlock through locks" err \
    '^    in both\(\) locks.json:10 > Lock.acquire\(\)$'
says "a deadlock through locks" err \
    "^  cycle: t2 'one' > Lock p2 > t3 'other' > Lock p1 > t2 'one'$"
for wait in '{"wait": {"fs": ["back", "nap"]}}' \
    '{"gather": [{"shield": "back"}, "nap"]}' '{"shield": "back"}' \
    '"each(back, nap)"' '"in_group(me)"'; do
    case $wait in
    *each*) maker='as_completed\(\)' ;;
    *group*) maker=TaskGroup ;;
    *gather*) maker='gather\(\)' ;;
    *shield*) maker='shield\(\)' ;;
    *) maker='wait\(\)' ;;
    esac
    cat >several.json <<END
{"scenario": 1, "functions": {
  "main": {"async": true, "body": [
    {"current_task": {}, "as": "me"},
    {"create_task": {"coro": "waits(me)", "name": "back"}, "as": "back"},
    {"create_task": {"coro": {"sleep": 1}, "name": "nap"}, "as": "nap"},
    {"await": $wait}]},
  "each": {"async": true, "params": ["one", "other"], "body": [
    {"async for": "next", "in": {"as_completed": {"fs": ["one", "other"]}},
     "do": [{"await": "next"}]}]},
  "in_group": {"async": true, "params": ["me"], "body": [
    {"async with": {"TaskGroup": {}}, "as": "group", "do": [
      "group.create_task(waits(me), name='back')"]}]},
  "waits": {"async": true, "params": ["task"], "body": [{"await": "task"}]}}}
END
    exits "a deadlock of several: $wait" 3 "$app" run -q several.json
    says "a deadlock of several: $wait" err \
        "^  t1 'Task-1' waits for f[0-9], $maker of [tf][0-9]$"
    says "a deadlock of several: $wait" err \
        "^  cycle: t1 'Task-1' > (f[0-9] > )*t[24] 'back' > t1 'Task-1'$"
done
cat >clean.json <<'END'
{"scenario": 1, "functions": {"main": {"async": true, "body": [
  {"Event": {}, "as": "never"},
  {"try": [{"await": "never.wait()"}],
   "finally": [{"raise": "KeyError('too')"}]}]}}}
END
exits "a deadlock whose clean-up fails" 3 "$app" run -q clean.json
if head -n 1 err | grep -q 'nothing can ever happen again$'; then ok; else
    not_ok "a deadlock is told first, before what fails in the clean-up"
fi
says "a deadlock whose clean-up fails" err 'shutdown: KeyError: .too., at cl'
if [ "$(grep -c '^asyncloop-sim.*nothing can ever' err)" -eq 1 ]; then ok; else
    not_ok "a deadlock is told once"
fi
exits "a deadlock, traced" 3 "$app" run -q -t locks.jsonl locks.json
exits "a deadlock, told again" 0 "$app" run locks.jsonl
says "a deadlock, told again" out \
    "^ +cycle: t2 'one' > Lock p2 > t3 'other' > Lock p1 >"

# -- what the account says ----------------------------------------------------
cat >chain.json <<'END'
{"scenario": 1, "functions": {
  "main": {"body": [
    {"call_soon": "fail"}, {"call_later": {"delay": 1, "callback": "quit"}},
    {"set_exception_handler": {"handler": "on_error"}}]},
  "look": {"body": [
    {"raise": "KeyError('x')"}]},
  "on_error": {"params": ["loop", "context"], "body": [
    {"raise": "RuntimeError('second')"}]},
  "fail": {"body": [
    {"try": ["look()"], "except": [{"type": "KeyError", "as": "e", "do": [
      {"raise": "ValueError('boom')", "from": "e"}]}]}]},
  "quit": {"body": [
    {"raise": "SystemExit(3)"}]}}}
END
exits "exceptions" 1 "$app" run chain.json
says "an exception's place" out '^ +raised at chain.json:11 in fail$'
says "an exception's cause" out "caused by KeyError: 'x', at chain.json:6 in look"
says "who was told of an exception" out 'handed to on_error\(\)'
says "an exception of the handler" out '^    exception   RuntimeError: second$'
says "an exception of the handler" out 'handler itself, at chain.json:8 in on_er'
says "an exception that ends the run" out '^    exit        SystemExit: 3$'

cat >pending.json <<'END'
{"scenario": 1, "functions": {"main": {"body": [
  {"call_later": {"delay": 9, "callback": "main"}}, {"call_soon": "main"},
  {"stop": {}}]}}}
END
exits "what is pending in the end" 0 "$app" run pending.json
says "what is pending in the end" out '^  close +drops 1 ready handle, 1 timer$'
says "what is pending in the end" out '^  still waited +1 timer, first h3 main'
exits "a loop that stays open" 0 "$app" run loops.json
says "a loop that stays open" out 'left open +40000 loops: they were never clos'
exits "a quiet run" 1 "$app" run -q chain.json
if [ -s out ]; then not_ok "a quiet run prints something"; else ok; fi
says "a quiet run tells of errors" err "chain.json: Unhandled error in exception \
handler: RuntimeError: second, at chain.json:8\$"
says "a quiet run tells what ended it" err '^SystemExit: 3$'
cat >thread.json <<'END'
{"scenario": 1, "functions": {"main": {"body": [{"pass": {}}]}}, "world": [
  {"at": 1, "thread": "w", "do": [{"raise": "KeyError('x')"}]}]}
END
exits "a quiet run with a thread" 3 "$app" run -q thread.json
says "a quiet run tells of a thread" err "^asyncloop-sim: thread.json: Exception \
in thread w: KeyError: 'x', at thread.json:2\$"

cat >blocked.json <<'END'
{"scenario": 1, "functions": {
 "work": {"params": ["box"], "body": ["box[0].result()"]},
 "main": {"async": true, "body": [
  {"let": "box", "be": []},
  {"ThreadPoolExecutor": {"max_workers": 1,
                          "thread_name_prefix": "'a\\nb\\x1b'"}, "as": "pool"},
  {"submit": {"executor": "pool", "func": "work", "args": ["box"]}, "as": "f"},
  "box.append(f)",
  {"await": {"wrap_future": {"future": "f"}}}]}}}
END
exits "a thread that waits for itself" 3 "$app" run -q blocked.json
says "a thread that waits for itself" err \
    '^  thread a\\nb\\x1b_0, in j1, waits for the result of j1$'
says "where a thread waits" err '^    in work\(\) blocked.json:2$'

cat >asks_itself.json <<'END'
{"scenario": 1, "functions": {
 "coro": {"async": true, "body": []},
 "main": {"async": true, "body": [
  {"get_running_loop": {}, "as": "own"},
  {"run_coroutine_threadsafe": {"coro": "coro()", "loop": "own"}, "as": "f"},
  {"log": "{f.result()}"}]}}}
END
exits "a task that blocks its loop" 3 "$app" run -q asks_itself.json
says "a task that blocks its loop" err \
    "^  t1 'Task-1' runs, and blocks its thread$"
says "what the main thread waits for" err \
    '^  thread MainThread waits for the result of a concurrent future$'
says "where the main thread waits" err '^    in main\(\) asks_itself.json:6$'

sleepers() {
    cat >sleepers.json <<END
{"scenario": 1, "functions": {
 "work": {"body": [{"time.sleep": 1}]},
 "main": {"async": true, "body": [
  {"ThreadPoolExecutor": {"max_workers": $1}, "as": "pool"},
  {"for": "i", "in": "range($1)",
   "do": [{"submit": {"executor": "pool", "func": "work"}}]},
  {"shutdown": "pool", "wait": true},
  {"log": "all slept"}]}}}
END
}
sleepers 5000
exits "5,000 threads that sleep" 0 "$app" run sleepers.json
says "5,000 threads that sleep" out 'log +all slept'
sleepers 10001
exits "more threads than there can be" 1 "$app" run -q sleepers.json
says "more threads than there can be" err "^RuntimeError: can't start new threa"

cat >again.json <<'END'
{"scenario": 1, "program": [
  {"let": "g", "be": "ExceptionGroup('g', [ValueError(1), KeyError(2)])"},
  {"try": [{"raise": "g"}], "except": [{"type": "Exception", "as": "x", "do": [
    {"for": "m", "in": "x.exceptions", "do": [
      {"try": [{"raise": "m"}],
       "except": [{"type": "Exception", "do": [{"pass": {}}]}]}]},
    {"raise": "g"}]}]}]}
END
exits "a group whose members have it for context" 1 "$app" run -q again.json
if [ "$(grep -c 'ExceptionGroup: g' err)" = 1 ]; then ok
else not_ok "a group is shown more than once"; fi

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
says "a bad range" err "^asyncloop-sim: --iterations '5:2': FROM is after TO"
exits "a range beyond the end" 0 "$app" run --iterations 50: done.json
says "a range beyond the end" out 'iteration 50 was not reached: the run had 2 it'
exits "a range from 0" 2 "$app" run --iterations 0:2 done.json
exits "a trace without a name" 2 "$app" run --trace "" done.json
exits "an unknown setting" 2 "$app" run --set loop.debgu=true done.json
exits "a setting" 0 "$app" run --set loop.debug=true done.json
exits "a misspelt option of none" 2 "$app" --versio
says "a misspelt option of none" err \
    "unknown option '--versio'; did you mean '--version'"
exits "help of help" 0 "$app" help --help
exits "short version" 0 "$app" -V
exits "version" 0 "$app" --version
says "version" out '^asyncloop-sim [0-9]'
exits "help" 0 "$app" --help
for command in run check test export record conform diff compare; do
    exits "help of $command" 0 "$app" $command --help
    says "help of $command" out '^examples:'
    exits "help $command" 0 "$app" help $command
    if grep -q '.\{81\}' out; then not_ok "help of $command is too wide"
    else ok; fi
done

# What is wrong is said of the option that was typed.
exits "a time that is no number" 2 "$app" run -u nan done.json
says "a time that is no number" err "^asyncloop-sim: --until 'nan': it is no"
exits "a negative number of steps" 2 "$app" run --max-steps -1 done.json
says "a negative number of steps" err "sim: --max-steps '-1': it must be at"
exits "a word of iterations" 2 "$app" run --max-iterations x done.json
says "a word of iterations" err "sim: --max-iterations 'x': it is no number"
exits "a misspelt setting" 2 "$app" export --to python --set loop.debgu=1 \
    done.json
says "a misspelt setting" err "^asyncloop-sim: --set 'loop.debgu=1': there is \
no setting 'loop.debgu'; did you mean 'loop.debug'\?$"
long=$(printf '\033[31m'; printf '%0200d' 0)
exits "a long setting" 2 "$app" run --set "loop.debug=\"$long\"" done.json
says "a long setting" err "^.*--set 'loop.debug=\"\\\\x1b\[31m0{30,50}…': 'debug' must"
exits "an empty name" 2 "$app" run ''
says "an empty name" err "^asyncloop-sim: '' is no name of a scenario$"
exits "a file without end" 2 "$app" run /dev/zero
says "a file without end" err "^/dev/zero: error: the file is too large: more"
exits "no memory at all" 4 "$app" run --set limits.memory=1 list.json
says "no memory at all" err 'list.json: memory limit of 1 bytes'

# -- streams and files --------------------------------------------------------
for command in "run" "check" "export --to python" "run --trace -"; do
    exits "$command of stdin" 0 sh -c "'$app' $command - <done.json"
    exits "$command of a bad stdin" 2 sh -c "'$app' $command - <broken.json"
    says "$command of a bad stdin" err '^<stdin>:[0-9]+:[0-9]+: error: '
done
exits "test of stdin" 2 sh -c "'$app' test - <done.json"
says "test of stdin" err "sim: '-' has no recorded trace beside it"
exits "export to stdout" 0 "$app" export --to python -o - done.json
says "export to stdout" out '^world.configure'
if [ -e ./- ]; then not_ok "a file was called -"; else ok; fi
"$app" run --trace a.jsonl --quiet done.json
"$app" run --trace b.jsonl --quiet done.json
if cmp -s a.jsonl b.jsonl; then ok; else not_ok "two runs differ"; fi
"$app" run --trace - done.json >c.jsonl
if cmp -s a.jsonl c.jsonl; then ok; else not_ok "--trace - differs"; fi
"$app" run --format jsonl done.json >c.jsonl
if cmp -s a.jsonl c.jsonl; then ok; else not_ok "--format jsonl differs"; fi
exits "a trace told again" 0 "$app" run a.jsonl
says "a trace told again" out '^  log +hello$|^    log +hello$'
exits "a trace told again in part" 0 "$app" run --iterations 1:1 a.jsonl
says "a trace told again in part" out '^iteration 1 '
exits "a trace has run" 2 "$app" run --set loop.debug=true a.jsonl
says "a trace has run" err "^asyncloop-sim: 'a.jsonl' is a trace, and has run al"
exits "a trace from stdin" 0 sh -c "'$app' run - <a.jsonl"
says "a trace from stdin" out '^    log +hello$'
exits "a trace from a pipe" 0 sh -c "cat a.jsonl | '$app' run -"
says "a trace from a pipe" out '^    log +hello$'
exits "a scenario from a pipe" 0 sh -c "cat done.json | '$app' run -"
exits "a broken trace from a pipe" 2 sh -c "head -c 500 a.jsonl | '$app' run -"
says "a broken trace from a pipe" err 'sim: <stdin>:5:21: error: the line is cut'
printf 'import asyncio\n' >app.py
exits "a Python program" 2 "$app" run app.py
says "a Python program" err "^app.py:1:1: error: this is a Python program, not a \
scenario; 'record' runs it"
cat >lost.json <<'END'
{"scenario": 1, "functions": {
  "work": {"async": true, "body": []},
  "main": {"async": true, "body": [{"call": "work"}]}}}
END
exits "a quiet run with a lost coroutine" 0 "$app" run -q lost.json
says "a quiet run with a lost coroutine" err "^asyncloop-sim: lost.json: \
coroutine 'work' was never awaited, at lost.json:3\$"
exits "check of a trace" 2 "$app" check a.jsonl
says "check of a trace" err '^a.jsonl:1:1: error: this is a trace, not a scenario'
mkfifo pipe.jsonl
cat a.jsonl >pipe.jsonl &
exits "a trace in a named pipe" 0 "$app" run pipe.jsonl
says "a trace in a named pipe" out '^    log +hello$'
# piped FILE STATUS COMMAND...: what a path names but can be read only once.
piped() {
    cat "$1" >pipe.jsonl &
    feeder=$!
    status=$2
    shift 2
    exits "$* of a named pipe" "$status" "$app" "$@"
    kill "$feeder" 2>/dev/null
    { wait "$feeder"; } 2>/dev/null
}
for file in a.jsonl done.json; do
    for command in "run" "stats" "lint" "export --to csv" \
                   "step --dump --size 80x24"; do
        piped "$file" 0 $command pipe.jsonl
    done
    piped "$file" 0 explain pipe.jsonl h2
    says "explain of a named pipe, with $file" out '^h2 '
    piped "$file" 0 diff a.jsonl pipe.jsonl
    piped "$file" 2 diff pipe.jsonl pipe.jsonl
    says "diff of one pipe, with $file" err 'pipe.jsonl can be read only once$'
done
piped done.json 0 check pipe.jsonl
says "check of a named pipe" out '^pipe.jsonl: ok$'
piped a.jsonl 2 check pipe.jsonl
says "check of a trace in a pipe" err '^pipe.jsonl:1:1: error: this is a trace'
piped done.json 0 export --to python pipe.jsonl
says "export of a named pipe" out '^world.configure'
piped broken.json 2 run pipe.jsonl
says "a bad scenario in a named pipe" err '^pipe.jsonl:[0-9]+:[0-9]+: error: '
{
    printf '{"scenario": 1, "functions": {"main": {"body": ['
    i=0
    while [ $i -lt 4000 ]; do printf '{"log": "a line"}, '; i=$((i + 1)); done
    printf '{"call_soon": "loop.stop"}]}}}'
} >wide.json
exits "a wide scenario from a pipe" 0 sh -c "cat wide.json | '$app' run -"
exits "a wide scenario explained" 0 sh -c "cat wide.json | '$app' explain - h2"
exits "an endless pipe" 2 sh -c "cat /dev/zero | '$app' run -"
says "an endless pipe" err '^<stdin>: error: the file is too large'
exits "Ctrl-C before a pipe says anything" 4 sh -c "sleep 3 | \
    timeout --preserve-status -s INT 1 '$app' run -"
says "Ctrl-C before a pipe says anything" err '^asyncloop-sim: interrupted$'
gzip -c a.jsonl >a.jsonl.gz
gzip -c done.json >done.json.gz
for file in a.jsonl.gz done.json.gz; do
    exits "$file" 2 "$app" run "$file"
    says "$file" err "^$file: error: this is compressed by gzip: zcat FILE | asy"
    exits "$file, unpacked" 0 sh -c "zcat $file | '$app' run -"
done
head -c 700 a.jsonl >half.jsonl
exits "half a trace told again" 2 "$app" run half.jsonl
says "half a trace told again" err '^asyncloop-sim: half.jsonl:[0-9]+:[0-9]+: err'
says "half a trace told again" out 'unknown: the trace breaks off'
exits "a scenario in a pipe" 0 sh -c "cat done.json | '$app' run /dev/stdin"
exits "the log alone" 0 "$app" run --format log done.json
if [ "$(cat out)" = "[0.0] hello" ]; then ok; else not_ok "the log alone"; fi
exits "the log to a full disk" 5 sh -c "'$app' run -f log done.json >/dev/full"
exits "a full disk for stdout" 5 sh -c "'$app' run done.json >/dev/full"
says "a full disk for stdout" err 'No space left on device'
exits "a closed stdout" 5 sh -c "'$app' run done.json >&-"
says "a closed stdout" err "cannot write stdout: Bad file descriptor"
sh -c "'$app' run --trace a.jsonl done.json >&-" 2>err
if grep -qv '^{' a.jsonl; then not_ok "a trace took the place of stdout"
else ok; fi
exits "a full disk for help" 5 sh -c "'$app' --help >/dev/full"
exits "a full disk for the trace" 5 "$app" run --trace /dev/full done.json
exits "a closed pipe" 0 sh -c "'$app' run --trace - --until 1e6 forever.json \
  2>err | head -n 1"
says "a closed pipe" out '^{'
# What repeats itself writes nothing: that nobody reads must be looked for.
timeout 10 sh -c "'$app' run forever.json 2>err; echo \$? >status" | head -n 1 >out
says "a pipe closed at its first line" status '^141$'
says_nothing "a pipe closed at its first line" err
# The reader has gone before the first byte.
for line in "run done.json" "run -f log done.json" "run -q --trace - done.json" \
    "run a.jsonl" "export done.json" "export --to csv done.json" \
    "stats done.json" "diff fails.json done.json" "--help"; do
    (sleep 0.3; "$app" $line 2>err; echo $? >status) | true
    says "nobody reads $line" status '^141$'
    says_nothing "nobody reads $line" err
done
echo old >keep.jsonl
exits "a folder that is not there" 5 "$app" run --trace no/where.jsonl done.json
exits "escapes" 0 "$app" run hostile.json
if grep -q "$(printf '\033')" out; then not_ok "an escape got through"; else ok; fi
exits "colour on request" 0 "$app" run --color always done.json
says "colour on request" out "$(printf '\033')\["
exits "no colour by default" 0 "$app" run done.json
if grep -q "$(printf '\033')" out; then not_ok "colour in a file"; else ok; fi

"$app" check done.json broken.json done.json >both 2>&1
if [ "$(sed -n '1s/.*ok/ok/p;2s/.*\(error\).*/\1/p;$s/.*ok/ok/p' both |
    tr '\n' ' ')" = "ok error ok " ]; then ok; else
    not_ok "stdout and stderr are out of order"
fi

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
exits "a file that is no trace" 2 "$app" test --update self.json
says "a file that is no trace" out \
    'FAIL self.json: traces/self.jsonl:1:1: error: this is no trace'
says "a file that is no trace" traces/self.jsonl 'my notes'
mkdir -p empty
for command in check test conform compare; do
    exits "$command of an empty folder" 2 "$app" $command empty
    says "$command of an empty folder" err "sim: no scenarios in 'empty'$"
done
mkdir mixed
cp done.json mixed
echo '{"name": "a package"}' >mixed/package.json
exits "a folder with other JSON" 0 "$app" check mixed
says "a folder with other JSON" out '^mixed/done.json: ok$'

# A user's repository: scenarios in nested folders, and much that is none.
mkdir -p repo/.git repo/node_modules/a repo/b/deep/traces repo/a-1 repo/a/none
for place in . .git node_modules/a b/deep b/deep/traces a-1 a; do
    cp done.json "repo/$place/done.json"
done
cp done.json repo/.hidden.json
cp done.json repo/b/x.schema.json
printf '{"keywords": ["scenario"], "a": {"scenario": 1}, "\\"": "\\\\"}' \
    >repo/package.json
printf '[{"scenario": 1}, "scenario", {"tests": "scenario' >repo/b/broken.json
printf '{"title": "cut", "scenario": 1, "functions"' >repo/b/cut.json
mkfifo repo/pipe.json
ln -s .. repo/b/deep/up
ln -s b repo/c
ln -s nowhere repo/a/none/gone.json
exits "folders of folders" 2 timeout 10 "$app" check repo
printf '%s\n' 'repo/a/done.json: ok' 'repo/a-1/done.json: ok' \
    'repo/b/deep/done.json: ok' 'repo/done.json: ok' >expected
if diff expected out >&2; then ok; else not_ok "folders of folders"; fi
says "a link that leads nowhere, in a folder" err 'repo/a/none/gone.json: .*No s'
says "a broken scenario, in a folder" err 'repo/b/cut.json:1:[0-9]*: error: '
rm repo/a/none/gone.json repo/b/cut.json
exits "the folder one stands in" 0 sh -c "cd repo/b && '$app' test --update"
says "the folder one stands in" out '^new  deep/done.json: wrote deep/traces/done.jsonl$'
says "its trace is beside it" repo/b/deep/traces/done.jsonl '"e":"end"'
exits "test of folders of folders" 1 "$app" test repo
says "test of folders of folders" out '^1 passed, 3 failed$'
exits "what is passed over, named" 2 "$app" test repo/package.json
says "what is passed over, named" err 'package.json:1:[0-9]*: error: '
exits "a schema, named" 2 "$app" test repo/b/x.schema.json
exits "a folder of traces, named" 0 "$app" check repo/b/deep/traces

# What is to be interrupted gets its signals through this, and is killed (exit
# status 137) where it does not heed them.
briefly='timeout --foreground -s KILL 60'

# Until what that one runs heeds SIGINT, and has had time to begin.
heeds() {
    for i in 1 2 3 4 5 6 7 8 9 10; do
        child=$(cat "/proc/$1/task/$1/children" 2>/dev/null)
        grep -q '^SigCgt:.*[2367abef]$' "/proc/${child% }/status" 2>/dev/null &&
            break
        sleep 0.3
    done
    sleep 0.3
}

# -- Ctrl-C -------------------------------------------------------------------
$briefly "$app" run --quiet --trace cut.jsonl forever.json >out 2>err &
pid=$!
heeds $pid
kill -INT $pid
wait $pid
status=$?
if [ $status -eq 4 ]; then ok; else not_ok "Ctrl-C: exit status $status"; fi
says "Ctrl-C leaves a complete trace" cut.jsonl '"e":"end"'
# What runs a scenario for a command, killed by another, is no bad trace, though
# it leaves half a line behind: a pipe takes none so long at once.
cat >talks.json <<'END'
{"scenario": 1, "program": [{"while": "True", "do": [
  {"log": "{'x' * 3000000}"}]}]}
END
$briefly "$app" stats talks.json >out 2>err &
pid=$!
heeds $pid
parent=$(cat "/proc/$pid/task/$pid/children")
kill -KILL $(cat "/proc/${parent% }/task/${parent% }/children")
wait $pid
status=$?
if [ $status -eq 5 ]; then ok; else
    not_ok "a killed child: exit status $status"
fi
says "a killed child" err \
    'talks.json: the process that ran it was ended by signal 9$'
# Waiting for whoever writes a pipe, or reads it, ends, too; SIGTERM comes once.
mkfifo silent live
"$app" run --quiet --trace a-run.jsonl done.json
while read -r sig line; do
    $briefly "$app" $line >out 2>err &
    pid=$!
    heeds $pid
    kill -"$sig" $pid
    wait $pid
    status=$?
    if [ $status -eq 4 ] && [ "$(wc -l <err)" -eq 1 ]; then ok; else
        not_ok "SIG$sig in $line: exit status $status"
    fi
    says "SIG$sig in $line" err '^asyncloop-sim: interrupted$'
done <<'END'
TERM run silent
INT run silent
HUP stats silent
TERM check silent
TERM step --dump silent
TERM step --dump --diff silent done.json
TERM step --dump --config silent done.json
TERM explain silent t1
TERM diff a-run.jsonl silent
TERM run --quiet --trace silent done.json
TERM export --output silent done.json
END
for command in 'run' 'stats' 'step --dump'; do
    { head -n 3 a-run.jsonl; exec sleep 60; } >live &
    writer=$!
    $briefly "$app" $command live >out 2>err &
    pid=$!
    heeds $pid
    kill -TERM $pid
    wait $pid
    status=$?
    kill $writer
    if [ $status -eq 4 ]; then ok; else
        not_ok "SIGTERM while $command reads: exit status $status"
    fi
    says "SIGTERM while $command reads" err '^asyncloop-sim: interrupted$'
done
sleep 60 <live &
reader=$!
for command in 'run --quiet --trace' 'export --to html --output'; do
    $briefly "$app" $command live forever.json >out 2>err &
    pid=$!
    heeds $pid
    sleep 0.5
    kill -TERM $pid
    wait $pid
    status=$?
    if [ $status -eq 4 ]; then ok; else
        not_ok "SIGTERM while nobody reads from $command: exit status $status"
    fi
    says "SIGTERM while nobody reads" err '^asyncloop-sim: .*interrupted$'
done
kill $reader 2>/dev/null
$briefly "$app" test --update forever.json done.json >out 2>err &
pid=$!
heeds $pid
kill -INT $pid
wait $pid
status=$?
if [ $status -eq 4 ]; then ok; else not_ok "Ctrl-C in test: status $status"; fi
if [ -e traces/forever.jsonl ]; then not_ok "a cut trace was kept"; else ok; fi
mkdir -p traces tap
cp done.json 'tap/a#1\b.json'
exits "TAP of an odd name" 0 "$app" test --update --tap 'tap/a#1\b.json'
says "TAP of an odd name" out '^ok 1 - tap/a\\#1\\\\b[.]json$'
if grep -q '^Bail' out; then not_ok "TAP bails out unasked"; else ok; fi
$briefly "$app" test --update --tap 'tap/a#1\b.json' forever.json done.json \
    >out 2>err &
pid=$!
heeds $pid
kill -INT $pid
wait $pid
status=$?
if [ $status -eq 4 ]; then ok; else not_ok "Ctrl-C in TAP: status $status"; fi
says "Ctrl-C in TAP" out '^1[.][.]3$'
says "Ctrl-C in TAP" out '^Bail out! Interrupted[.]$'
if grep -q '^ok [23]' out; then not_ok "TAP tells what was stopped"; else ok; fi

# -- check, test, export ------------------------------------------------------
exits "check" 0 "$app" check done.json fails.json
says "check" out 'done.json: ok'
exits "check of a bad one" 2 "$app" check done.json broken.json
exits "test without a golden" 1 "$app" test done.json
exits "test --update" 0 "$app" test --update done.json
exits "test" 0 "$app" test done.json
says "test" out '1 passed, 0 failed'
exits "test --quiet" 0 "$app" test --quiet done.json
if grep -q ok out; then not_ok "test --quiet says ok"; else ok; fi
sed 's/hello/goodbye/' traces/done.jsonl >x && mv x traces/done.jsonl
exits "test of a difference" 1 "$app" test done.json
says "test of a difference" out 'goodbye'
sed 's/asyncloop-sim [0-9.]*/CPython 3.14.2/' traces/done.jsonl >x &&
    mv x traces/done.jsonl
exits "a difference in colour" 1 "$app" test --color always done.json
says "a difference in colour" out "^$(printf '\033')\[1;31mFAIL$(printf \
    '\033')\[0m done.json: event"
says "a difference in colour" out "^$(printf '\033')\[1;32m      \+ log"
exits "what CPython recorded is not overwritten" 1 "$app" test --update done.json
exits "test of a difference and a bad one" 2 "$app" test done.json broken.json
says "test of a difference and a bad one" out '^0 passed, 2 failed'
exits "test of what is not there" 2 "$app" test done.json nothing.json
head -c 300 traces/done.jsonl >x && mv x traces/done.jsonl
exits "test of half a trace" 2 "$app" test done.json
says "test of half a trace" out 'done.jsonl:[0-9]+:[0-9]+: error: '
: >traces/done.jsonl
exits "test of an empty trace" 2 "$app" test done.json
says "test of an empty trace" out 'done.jsonl: error: this is no trace: it is em'
rm traces/done.jsonl && mkdir traces/done.jsonl
exits "test of a folder for a trace" 2 "$app" test done.json
says "test of a folder for a trace" out 'error: cannot read it: Is a directory'
rmdir traces/done.jsonl
# What never stops is run no further than it takes to tell.
"$app" run -q --trace traces/forever.jsonl --until 3 forever.json 2>/dev/null
exits "test of what never stops" 1 timeout 10 "$app" test forever.json fails.json
says "test of what never stops" out '^FAIL forever.json: event [0-9]+ differs'
says "test of what never stops goes on" out '^FAIL fails.json: no recorded'
exits "export" 0 "$app" export --to python done.json
says "export" out 'call_later'
exits "export to Python without saying so" 0 "$app" export done.json
says "export to Python without saying so" out 'call_later'
exits "export to nothing" 2 "$app" export --to nothing done.json

# -- a real Python, where there is one ---------------------------------------
if command -v python3 >/dev/null 2>&1; then
    exits "conform" 0 "$app" conform done.json
    says "conform" out 'equal'
    exits "conform of what never stops" 0 "$app" conform forever.json
    says "conform of what never stops" out 'events, its first 20000 turns$'
    says "conform names its Python" out \
        '^asyncloop-sim [0-9.]+ beside CPython 3[0-9.]+ \(python3\)$'
    if python3 -c 'import sys; sys.exit(sys.version_info[:2] == (3, 14))'; then
        says "conform names the reference" err 'is not the reference, 3.14'
    fi
    cat >next.json <<'END'
{"scenario": 1, "loop": {"python": "3.15"}, "program": [{"log": "x"},
  {"new_event_loop": {}}]}
END
    exits "conform of another profile" 0 "$app" conform next.json
    says "conform of another profile" out "events, by 3.15's rules$"
    exits "conform --quiet" 0 "$app" conform --quiet done.json
    if [ -s out ]; then not_ok "conform --quiet says something"; else ok; fi
    cat >names.json <<'END'
{"scenario": 1, "program": [
  {"try": [{"raise": "CancelledError('no')"}], "except": [
    {"type": "CancelledError", "as": "e", "do": [{"log": "{e!r}"}]}]},
  {"let": "QueueFull", "be": "QueueEmpty"}, {"log": "{QueueFull}"},
  {"raise": "InvalidStateError"}]}
END
    exits "conform of asyncio's exceptions" 0 "$app" conform names.json
    "$app" export --to python -o done.py done.json
    exits "record" 0 "$app" record -o r.jsonl done.py
    says "record" r.jsonl '"producer":"CPython'
    for ending in "deadlock 3" "limit 4"; do
        "$app" export --to python \
            "$found/${ending% *}-that-is-caught.json" >caught.py
        exits "record of a ${ending% *} that is caught" "${ending#* }" \
            "$app" record -o r.jsonl caught.py
    done
    echo 'raise SystemExit("x" * 3_000_000)' >long.py
    exits "record of an end of 3 MB" 1 "$app" record -o r.jsonl long.py
    if [ "$(grep -c '"e":"end"' r.jsonl)" = 1 ]; then ok; else
        not_ok "record of an end of 3 MB: no end, or another one"
    fi
    exits "record to a closed stdout" 5 sh -c "'$app' record done.py >&-"
    says "record to a closed stdout" err \
        "^asyncloop-sim: cannot write stdout: Bad file descriptor$"
    exits "record to a full disk" 5 sh -c "'$app' record done.py >/dev/full"
    says "record to a full disk" err \
        "^asyncloop-sim: cannot write stdout: No space left on device$"
    if grep -q Traceback err; then not_ok "a traceback of ours"; else ok; fi
    cat >ran.py <<'END'
import asyncio
asyncio.run(asyncio.sleep(0))
open("ran", "w").close()
END
    echo kept >./-
    exits "record to a full disk beside '-'" 5 sh -c "'$app' record ran.py \
        >/dev/full"
    says "record to a full disk beside '-'" ./- '^kept$'
    rm ran
    for program in ran.py done.py; do
        (sleep 0.3; "$app" record $program 2>err; echo $? >status) | true
        says "nobody reads record $program" status '^141$'
        says_nothing "nobody reads record $program" err
    done
    if [ -e ran ]; then ok; else not_ok "a program whose trace nobody reads"; fi
    cat >long.py <<'END'
import asyncio
loop = asyncio.new_event_loop()
for i in range(6000):
    loop.call_later(i, print)
END
    cp r.jsonl kept.jsonl
    exits "a trace that is too large" 5 sh -c "ulimit -f 600; \
        '$app' record -o r.jsonl long.py"
    says "a trace that is too large" err \
        "^asyncloop-sim: cannot write 'r.jsonl': File too large$"
    if cmp -s r.jsonl kept.jsonl && [ ! -e r.jsonl.part ]; then ok; else
        not_ok "half a trace replaced an old one"
    fi
    exits "record to a full device" 5 "$app" record -o /dev/full done.py
    exits "record of no file" 2 "$app" record no.py
    says "record of no file" err "^asyncloop-sim: cannot read 'no.py': No such"
    cat >prints.py <<'END'
import sys, beside
print(sys.argv[1:])
sys.exit(3)
END
    echo >beside.py
    exits "a program's own options and status" 3 "$app" record \
        -o r.jsonl prints.py --out x -q
    says "a program's own options" out "^\['--out', 'x', '-q'\]$"
    exits "a program that prints" 3 "$app" record prints.py
    says "a program that prints" err '^\[\]$'
    if grep -qv '^{' out; then not_ok "a print in the trace"; else ok; fi
    cat >package.py <<'END'
import sys
print(sys.argv[1:], __spec__.name, __name__)
END
    exits "record of a module" 0 "$app" record -o r.jsonl -m package -x
    says "record of a module" out "^\\['-x'\\] package __main__$"
    says "record of a module" r.jsonl '"scenario":"package"'
    exits "record of python -m" 0 "$app" record -o r.jsonl -- \
        python3 -X dev -m package y
    says "record of python -m" out "^\\['y'\\] package __main__$"
    exits "record of a module that is not there" 1 "$app" record -o r.jsonl \
        -m nowhere.at.all
    exits "record of python without a program" 2 "$app" record python3 -X dev
    exits "record of a command" 2 "$app" record python3 -c pass
    says "record of a command" err "takes a program's file, not -c$"
    exits "record by no such clock" 2 "$app" record --clock fast done.py
    says "record by no such clock" err "takes one of: real virtual; not 'fast'"
    exits "record by two Pythons" 2 "$app" record --python python3 python3 x
    mkdir folder
    echo 'import sys; print("in a folder", sys.path[0] == sys.argv[1])' \
        >folder/__main__.py
    exits "record of a folder" 0 "$app" record -o r.jsonl folder \
        "$PWD/folder"
    says "record of a folder" out "^in a folder True$"
    exits "record without a temporary folder" 0 env TMPDIR=/nowhere "$app" \
        record -o r.jsonl done.py
    cat >waits.json <<'END'
{"scenario": 1, "functions": {
  "wait": {"async": true, "body": [{"Event": {}, "as": "e"},
    {"await": "e.wait()"}]},
  "main": {"async": true, "body": [
    {"create_task": {"coro": "wait()", "name": "one\u001b"}, "as": "t"},
    {"await": "t"}]}}}
END
    "$app" export -o waits.py waits.json
    mkdir -p early
    cat >early/argparse.py <<'END'
import os, signal, time
os.kill(os.getpid(), signal.SIGINT)
time.sleep(9)
END
    exits "Ctrl-C within the recorder" 5 env PYTHONPATH=early "$app" \
        record -o r.jsonl done.py
    if grep -q Traceback err; then not_ok "a traceback of ours"; else ok; fi
    exits "record of a deadlock" 3 "$app" record -o r.jsonl waits.py
    says "record of a deadlock" err "^  t1 'Task-1' waits for t2$"
    says "record of a deadlock" err "^  t2 'one.x1b' waits for f1$"
    exits "record of stdin" 0 sh -c "'$app' record - <done.py"
    says "record of stdin" out '"e":"end"'
fi
exits "no such python" 5 "$app" conform --python /nonexistent done.json
for command in conform record; do
    exits "$command by no Python" 5 "$app" $command --python /bin/true done.json
    says "$command by no Python" err \
        "^asyncloop-sim: '/bin/true' is no Python 3.9 or later with asyncio$"
done
# It passes for a Python, and fails when it is to record.
python_that_fails() { # COMMAND
    printf '#!/bin/sh\n[ "$1" = -c ] && exit 42\n%s\nexit 7\n' "$1" >no-python
    chmod +x no-python
}
python_that_fails ''
exits "a python that fails" 5 "$app" conform --python ./no-python done.json
says "a python that fails" out 'Python ended with status 7'
python_that_fails 'echo "$1" >seen'
deep=$tmp/a-folder-whose-name-is-rather-long-for-a-temporary-one
mkdir "$deep"
exits "a long TMPDIR" 5 env TMPDIR="$deep" "$app" conform \
  --python ./no-python done.json
says "a long TMPDIR" seen "^$deep/asyncloop-"
if rmdir "$deep"; then ok; else not_ok "the temporary folder stays"; fi
# A signal to us alone reaches the child, and it does not outlive us.
python_that_fails 'trap "echo heard >heard; exit 7" TERM
echo $$ >child; while :; do sleep 0.1; done'
for command in record conform compare; do
    rm -f child heard
    $briefly "$app" $command --python ./no-python done.json >out 2>err &
    pid=$!
    for i in 1 2 3 4 5 6 7 8 9 10; do [ -s child ] || sleep 0.3; done
    kill -TERM $pid
    wait $pid
    status=$?
    case $command in
    record) # it is the program's to say how it ends
        expected=7 ;;
    conform | compare)
        expected=4
        says "SIGTERM in $command" err '^asyncloop-sim: interrupted$' ;;
    esac
    if [ $status -eq $expected ]; then ok; else
        not_ok "SIGTERM in $command: status $status"
    fi
    says "SIGTERM in $command reaches Python" heard heard
    if kill -0 "$(cat child)" 2>/dev/null; then
        not_ok "SIGTERM in $command: Python lives on"
    else ok; fi
done

# Before the program has begun an interruption is no failure of Python's.
interrupt_early() { # WHAT, and what is said of it
    rm -f child
    $briefly "$app" record -o r.jsonl --python ./no-python done.json \
        >out 2>err &
    pid=$!
    for i in 1 2 3 4 5 6 7 8 9 10; do [ -s child ] || sleep 0.3; done
    kill -INT $pid
    wait $pid
    status=$?
    if [ $status -eq 130 ]; then ok; else not_ok "$1: status $status"; fi
    says "$1" err "^asyncloop-sim: interrupted: $2$"
}
echo kept >r.jsonl
printf '#!/bin/sh\necho $$ >child\nexec sleep 60\n' >no-python
interrupt_early "Ctrl-C before record" \
    "'./no-python' could not be asked what it is"
python_that_fails 'echo $$ >child; exec sleep 60'
interrupt_early "Ctrl-C as record begins" \
    "'r.jsonl' is not written: the program's process ended before its trace"
says "Ctrl-C before record leaves the old trace" r.jsonl '^kept$'

# compare: what one Python does is no other's concern, and the gravest counts.
"$app" run -q --trace played.jsonl done.json
play() { # NAME: a Python that plays back played.jsonl
    printf '#!/bin/sh\n[ "$1" = -c ] && exit 42\n%s\n%s\n' \
        'while [ "$1" != --out ]; do shift; done' 'cp played.jsonl "$2"' >"$1"
    chmod +x "$1"
}
play well
python_that_fails 'echo "Oh: it broke" >&2'
printf '#!/bin/sh\n[ "$1" = -c ] && exit 42\necho $$ >child\nsleep 99\n' >hangs
chmod +x hangs
mkdir -p apart
exits "compare" 0 env TMPDIR=apart "$app" compare done.json --python ./well
says "compare" out '^  asyncloop-sim [0-9.]+  same schedule: [0-9]+ events$'
exits "compare of another schedule" 1 "$app" compare fails.json --python ./well
says "compare of another schedule" out '  parts before the first iteration, 0.0 s: '
exits "compare with what breaks" 5 env TMPDIR=apart "$app" compare done.json \
    --python ./no-python --python ./well
says "compare with what breaks" out \
    '^  ./no-python  .* failed: Python ended with status 7: Oh: it broke$'
says "compare beside what breaks" out 'same schedule'
exits "compare with what hangs" 4 env TMPDIR=apart "$app" compare done.json \
    --timeout 0.5 --python ./hangs --python ./no-python
says "compare with what hangs" out ' failed: it did not end within 0.5 s$'
if kill -0 "$(cat child)" 2>/dev/null; then not_ok "what hangs lives on"
else ok; fi
exits "compare with a broken scenario" 2 env TMPDIR=apart "$app" compare \
    broken.json done.json --python ./well
says "compare beside a broken scenario" out 'same schedule'
says "compare with a broken scenario" out \
    '^1 the same, 0 different, 0 failed; 1 invalid scenario$'
exits "compare --json of a broken scenario" 2 env TMPDIR=apart "$app" \
    compare --json broken.json done.json --python ./well
if python3 -c 'import json, sys
told = json.load(open("out"))["scenarios"]
sys.exit(told[0] != {"scenario": "broken.json", "invalid": True}
         or told[1]["pythons"][0]["verdict"] != "same" or len(told) != 2)'
then ok; else not_ok "compare --json of a broken scenario"; fi
exits "compare of what may never end" 1 env TMPDIR=apart "$app" compare \
    forever.json --python ./well -q
if rmdir apart; then ok; else not_ok "compare leaves something behind"; fi
echo junk >played.jsonl
exits "compare with no trace" 5 "$app" compare done.json --python ./well
for wrong in --timeout=0 --timeout=x --jobs=0 --ignore=all --python=/nonexistent
do
    exits "compare $wrong" "$([ $wrong = --python=/nonexistent ] && echo 5 ||
        echo 2)" "$app" compare done.json --python ./well $wrong
    if [ "$(wc -l <err)" -eq 1 ]; then ok; else not_ok "compare $wrong"; fi
done
exits "compare of nothing" 2 "$app" compare
if command -v python3 >/dev/null; then
    exits "compare with python3" 0 "$app" compare done.json -j 2 --json
    says "compare with python3" out '"verdict":.*"same"'
    if python3 -m json.tool out >out2; then ok; else not_ok "no JSON"; fi
    exits "compare of what never stops" 0 "$app" compare forever.json
    says "compare of what never stops" out "events, its first 20000 turns$"
else
    echo "# no python3: compare is tested with played ones alone"
fi

# An interrupt is heeded at once: what is dropped by it is warned of no more.
cat >unawaited.json <<'END'
{"scenario": 1, "limits": {"steps": null}, "functions": {
  "waits": {"async": true, "body": [{"sleep": 1}]},
  "main": {"body": [{"let": "kept", "be": []},
    {"for": "i", "in": "range(300000)", "do": ["kept.append(waits())"]},
    {"while": true, "do": [{"pass": {}}]}]}},
  "program": ["main()"]}
END
$briefly "$app" run --quiet unawaited.json >out 2>err &
pid=$!
sleep 1
kill -TERM $pid
wait $pid
status=$?
if [ $status -eq 4 ] && [ "$(wc -l <err)" -eq 1 ]; then ok; else
    not_ok "SIGTERM among coroutines: status $status"
fi
says "SIGTERM among coroutines" err 'unawaited.json: interrupted$'

cd "$root" || exit 1
# -- progress -----------------------------------------------------------------
# A pipe that nobody reads for a while, or that nothing comes by, is slow enough.
if command -v python3 >/dev/null; then
    cd "$tmp" || exit 1
    on_terminal="python3 $root/tests/cli/on_terminal.py sh -c"
    "$app" run -q --trace many.jsonl "$root/tests/export/many-steps.json"
    slowly="{ head -c 100000 many.jsonl; sleep 0.7; \
        tail -c +100001 many.jsonl; }"
    to_slow="| { sleep 0.7; cat >/dev/null; }"
    for command in stats lint "diff many.jsonl" "export --to csv -o many.csv"
    do
        exits "$command, slowly" 0 $on_terminal "$slowly | '$app' $command -"
        says "$command, slowly" out '^reading [a-z<.>]*: [0-9% of]* MB\^\[\[K$'
        if tail -n 1 out | grep -q reading; then
            not_ok "$command: progress stays"
        else ok; fi
    done
    exits "explain, slowly" 0 $on_terminal "$slowly | '$app' explain - t200"
    exits "progress in a file" 0 $on_terminal \
        "'$app' export --to csv many.jsonl $to_slow"
    says "progress in a file" out \
        '^reading many.jsonl: [0-9]* % of 13 MB\^\[\[K$'
    if [ "$(tail -n 1 out)" = '^[[K' ]; then ok; else
        not_ok "progress in a file is erased"
    fi
    exits "progress of a scenario" 0 $on_terminal \
        "'$app' export --to csv '$root/tests/export/many-steps.json' $to_slow"
    says "progress of a scenario" out 'many-steps.json: [0-9]* events\^\[\[K$'
    exits "progress of a run" 0 $on_terminal "'$app' run many.jsonl $to_slow"
    says "progress of a run" out '^[0-9]* iterations, [0-9]* events, virtual'
    for quiet in "'$app' stats many.jsonl" "$slowly | '$app' stats - 2>err" \
        "$slowly | '$app' diff -q - many.jsonl" \
        "$slowly | TERM=dumb '$app' stats -" \
        "$slowly | '$app' export --to csv -"; do
        exits "quiet" 0 $on_terminal "$quiet"
        if grep -q reading out; then not_ok "progress of $quiet"; else ok; fi
    done
    cd "$root" || exit 1
fi

# -- the manual page ----------------------------------------------------------
cd "$tmp" || exit 1
if command -v groff >/dev/null; then
    exits "the manual page" 0 sh -c "'$app' help man | groff -man -Tutf8 -ww -z"
    if [ -s err ]; then not_ok "the manual page: roff warns"; else ok; fi
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
