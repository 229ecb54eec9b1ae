"""perfetto.py - is what `export --to perfetto` writes by the format's rules?

    python3 perfetto.py BINARY FILE...

The rules are those of "Trace Event Format": every event has ph, pid and tid,
all but metadata a ts; slices of a track are a stack; an arrow starts in an
open slice and ends in one, once; a counter has numbers; metadata names each
track, once.  Ours besides: times never go back, and each callback that a
trace ran is a slice.
"""

import collections
import json
import re
import subprocess
import sys

failures = []


def check(condition, what, event):
    if not condition:
        failures.append(f"{what}: {json.dumps(event)[:200]}")


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class Checker:
    def __init__(self):
        self.latest = float("-inf")
        self.stacks = collections.defaultdict(list)
        self.names = {}
        self.processes = {}
        self.arrows = {}  # number: has it ended?
        self.runs = 0

    def take(self, event):
        phase = event.get("ph")
        handler = getattr(self, f"take_{phase}", None)
        check(handler, "unknown phase", event)
        for key in "pid", "tid":
            check(isinstance(event.get(key), int), f"no {key}", event)
        if phase != "M":
            check(is_number(event.get("ts")), "no ts", event)
            check(event["ts"] >= self.latest, "time goes back", event)
            self.latest = event["ts"]
        if handler:
            handler(event, (event["pid"], event["tid"]))

    def take_M(self, event, track):
        kind, args = event["name"], event["args"]
        if kind == "process_name":
            check(event["pid"] not in self.processes, "named twice", event)
            self.processes[event["pid"]] = args["name"]
        elif kind == "thread_name":
            check(track not in self.names, "named twice", event)
            self.names[track] = args["name"]
        elif kind.endswith("_sort_index"):
            check(isinstance(args["sort_index"], int), "no index", event)
        else:
            check(kind == "process_labels", "unknown metadata", event)

    def take_B(self, event, track):
        check(track in self.names, "unnamed track", event)
        check(event["pid"] in self.processes, "unnamed process", event)
        check(isinstance(event.get("name"), str), "no name", event)
        check(isinstance(event.get("args"), dict), "no args", event)
        self.stacks[track].append(event)
        depth = 3 if event["cat"] == "loop" else 1
        check(len(self.stacks[track]) <= depth, "too deep", event)
        self.runs += "handle" in event["args"]

    def take_E(self, event, track):
        check(self.stacks[track], "ends what was not begun", event)
        if self.stacks[track]:
            self.stacks[track].pop()

    def take_i(self, event, track):
        check(track in self.names, "unnamed track", event)
        check(event.get("s") in ("g", "p", "t"), "no scope", event)
        check(isinstance(event.get("name"), str), "no name", event)

    def take_C(self, event, track):
        check(event.get("args"), "no values", event)
        check(all(is_number(v) and v >= 0 for v in event["args"].values()),
              "no number", event)

    def take_s(self, event, track):
        check(isinstance(event.get("id"), int), "no id", event)
        check(event["id"] not in self.arrows, "starts twice", event)
        check(self.stacks[track], "starts in no slice", event)
        self.arrows[event["id"]] = False

    def take_f(self, event, track):
        check(self.arrows.get(event["id"]) is False, "ends wrongly", event)
        check(event.get("bp") == "e", "ends at the next slice", event)
        check(self.stacks[track], "ends in no slice", event)
        self.arrows[event["id"]] = True


def refuse(name):
    raise ValueError(f"{name} is no JSON")


def look_at(text, runs):
    # JSON has no NaN: Python's reader alone would take it.
    document = json.loads(text, parse_constant=refuse)
    checker = Checker()
    for event in document["traceEvents"]:
        checker.take(event)
    for track, stack in checker.stacks.items():
        check(not stack, f"track {track} is left open", stack)
    check(runs is None or checker.runs == runs, f"not {runs} runs",
          checker.runs)


def count_runs(path):
    if not path.startswith("scenarios/traces/"):
        return None  # not even a trace, or none that makes sense
    with open(path) as file:
        return len(re.findall('^{"e":"run"', file.read(), re.M))


def main(binary, paths):
    failed = 0
    for path in paths:
        for scale in "time", "order":
            run = subprocess.run(
                [binary, "export", "--to", "perfetto", "--scale", scale, path],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            failures.clear()
            look_at(run.stdout, count_runs(path))
            for failure in failures[:10]:
                print(f"{path} by {scale}: {failure}")
            failed += bool(failures)
    print(f"{2 * len(paths) - failed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
