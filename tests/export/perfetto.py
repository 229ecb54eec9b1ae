"""perfetto.py - is what `export --to perfetto` writes by the format's rules?

    python3 perfetto.py BINARY FILE...

The rules are those of "Trace Event Format": every event has ph, pid and tid,
all but metadata a ts, and no other members than its phase has, none twice;
slices of a track are a stack; an arrow starts in an open slice and ends in
one, once, under the same category, name and number; a counter has numbers,
always of the same series; metadata names each process and track, once, before
it is used.  Ours besides: times never go back and have no digits beyond the
nanosecond, by order they are the numbers of events; and each callback that a
trace ran is a slice, to some of which arrows lead.

    python3 perfetto.py --memory BINARY

Does a trace take memory for what is over?
"""

import collections
import json
import os
import re
import subprocess
import sys

failures = []


def check(condition, what, event):
    if not condition:
        failures.append(f"{what}: {json.dumps(event)[:200]}")


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


MEMBERS = {
    "M": {"name", "args"},
    "B": {"ts", "cat", "name", "args"},
    "E": {"ts"},
    "i": {"ts", "s", "cat", "name", "args"},
    "C": {"ts", "name", "args"},
    "s": {"ts", "id", "cat", "name"},
    "f": {"ts", "id", "cat", "name", "bp"},
}


def is_index(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_number_of_track(value):
    return is_index(value) and value < 1 << 31


def is_name(value):
    return isinstance(value, str) and value != ""


class Checker:
    def __init__(self, scale):
        self.scale = scale
        self.latest = float("-inf")
        self.stacks = collections.defaultdict(list)
        self.names = {}
        self.processes = {}
        self.arrows = {}  # number: its start; None: it has ended
        self.arrow_count = 0
        self.series = {}  # of a process's counter
        self.runs = 0

    def take(self, event):
        phase = event.get("ph")
        handler = getattr(self, f"take_{phase}", None)
        check(handler, "unknown phase", event)
        for key in "pid", "tid":
            check(is_number_of_track(event.get(key)), f"no {key}", event)
        check(event.keys() - {"ph", "pid", "tid"} == MEMBERS.get(phase),
              "wrong members", event)
        if phase != "M":
            check(is_number(event.get("ts")), "no ts", event)
            check(event["ts"] >= self.latest, "time goes back", event)
            self.latest = event["ts"]
            number = event.get("args", {}).get("event")
            check(self.scale == "time" or number in (None, event["ts"]),
                  "not the event's number", event)
        if handler:
            handler(event, (event["pid"], event["tid"]))

    def take_M(self, event, track):
        kind, args = event["name"], event["args"]
        if kind in ("process_name", "thread_name"):
            check(is_name(args.get("name")), "no name", event)
        if kind == "process_name":
            check(event["pid"] not in self.processes, "named twice", event)
            self.processes[event["pid"]] = args["name"]
        elif kind == "thread_name":
            check(track not in self.names, "named twice", event)
            self.names[track] = args["name"]
        elif kind.endswith("_sort_index"):
            check(is_index(args["sort_index"]) and
                  args["sort_index"] < 1 << 31, "no index", event)
        else:
            check(kind == "process_labels", "unknown metadata", event)

    def take_B(self, event, track):
        self.check_place(event, track)
        check(is_name(event["name"]), "no name", event)
        check(isinstance(event["args"], dict), "no args", event)
        self.stacks[track].append(event)
        depth = 3 if event["cat"] == "loop" else 1
        check(len(self.stacks[track]) <= depth, "too deep", event)
        self.runs += "handle" in event["args"]

    def check_place(self, event, track):
        check(track in self.names, "unnamed track", event)
        check(event["pid"] in self.processes, "unnamed process", event)

    def take_E(self, event, track):
        check(self.stacks[track], "ends what was not begun", event)
        if self.stacks[track]:
            self.stacks[track].pop()

    def take_i(self, event, track):
        self.check_place(event, track)
        check(event.get("s") in ("g", "p", "t"), "no scope", event)
        check(is_name(event["name"]), "no name", event)

    def take_C(self, event, track):
        counter = event["pid"], event["name"]
        self.check_place(event, track)
        check(is_name(event["name"]), "no name", event)
        check(event["args"], "no values", event)
        check(self.series.setdefault(counter, event["args"].keys()) ==
              event["args"].keys(), "other series than before", event)
        check(all(is_number(v) and v >= 0 for v in event["args"].values()),
              "no number", event)

    def take_s(self, event, track):
        check(is_index(event["id"]), "no id", event)
        check(event["id"] not in self.arrows, "starts twice", event)
        check(self.stacks[track], "starts in no slice", event)
        self.arrows[event["id"]] = event

    def take_f(self, event, track):
        start = self.arrows.get(event["id"])
        check(start, "ends wrongly", event)
        if start:
            check((start["cat"], start["name"]) ==
                  (event["cat"], event["name"]), "is another arrow", event)
        check(event["bp"] == "e", "ends at the next slice", event)
        check(self.stacks[track], "ends in no slice", event)
        if self.stacks[track]:
            check("handle" in self.stacks[track][-1]["args"],
                  "ends in what is no callback", event)
        self.arrows[event["id"]] = None
        self.arrow_count += 1


def refuse(name):
    raise ValueError(f"{name} is no JSON")


def unique(members):
    check(len(members) == len(dict(members)), "a member twice", members)
    return dict(members)


def look_at(text, runs, scale):
    # JSON has no NaN: Python's reader alone would take it.
    document = json.loads(text, parse_constant=refuse,
                          object_pairs_hook=unique)
    check(document["displayTimeUnit"] in ("ms", "ns"), "no unit", "")
    for stamp in re.findall(rb'"ts":([^,}]*)', text):
        check(re.fullmatch(rb'-?[0-9]+([.][0-9]{3})?|"[^"]*', stamp),
              "no microseconds", stamp.decode())
    checker = Checker(scale)
    for event in document["traceEvents"]:
        checker.take(event)
    for track, stack in checker.stacks.items():
        check(not stack, f"track {track} is left open", stack)
    for track in checker.names:
        check(track[0] in checker.processes, "of no process", track)
    check(runs is None or checker.runs == runs, f"not {runs} runs",
          checker.runs)
    check(not runs or checker.arrow_count > 0 or runs < 3, "no arrows", runs)


def count_runs(path):
    if not path.startswith("scenarios/traces/"):
        return None  # not even a trace, or none that makes sense
    with open(path) as file:
        return len(re.findall('^{"e":"run"', file.read(), re.M))


def cancelled_timers(count):
    yield '{"trace":1,"producer":"test","scenario":"timers"}\n'
    yield '{"e":"loop","t":0.0,"debug":false}\n'
    yield '{"e":"call_soon","t":0.0,"h":"h1","callback":"f"}\n'
    yield '{"e":"run","t":0.0,"h":"h1","callback":"f"}\n'
    for handle in range(2, count + 2):
        yield ('{"e":"call_at","t":0.0,"h":"h%d","callback":"f","when":1.0,'
               '"by":"h1"}\n{"e":"cancel","t":0.0,"h":"h%d","by":"h1"}\n'
               '{"e":"prune","t":0.0,"h":"h%d"}\n' % (handle, handle, handle))
    yield '{"e":"end","t":0.0}\n'


def peak(binary, count):
    """In KiB."""
    run = subprocess.Popen([binary, "export", "--to", "perfetto", "-"],
                           stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                           text=True)
    run.stdin.writelines(cancelled_timers(count))
    run.stdin.close()
    _, status, usage = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode != 0:
        sys.exit(f"export ended with status {run.returncode}")
    return usage.ru_maxrss


def hold_memory(binary):
    few, many = (peak(binary, count) for count in (100_000, 400_000))
    is_good = many - few < 4096
    if not is_good:
        print(f"400000 cancelled timers took {many} KiB, 100000 {few}")
    print(f"{int(is_good)} passed, {int(not is_good)} failed")
    return not is_good


def main(binary, paths):
    failed = 0
    for path in paths:
        for scale in "time", "order":
            run = subprocess.run(
                [binary, "export", "--to", "perfetto", "--scale", scale, path],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            failures.clear()
            look_at(run.stdout, count_runs(path), scale)
            for failure in failures[:10]:
                print(f"{path} by {scale}: {failure}")
            failed += bool(failures)
    print(f"{2 * len(paths) - failed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    if sys.argv[1] == "--memory":
        sys.exit(hold_memory(sys.argv[2]))
    sys.exit(main(sys.argv[1], sys.argv[2:]))
