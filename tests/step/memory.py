#!/usr/bin/env python3
"""How much memory the stepper takes for a scenario that never ends.

    python3 tests/step/memory.py BINARY

Images of the state are kept to go back to, within a budget; what has ended
is let go of; of the lines of a log some are kept, and the others found from
there.  So a run of a million events takes little more than one of fifty
thousand.
"""

import json
import os
import sys
import tempfile

MOST = 64 << 10         # kilobytes for a million events
MOST_GROWTH = 16 << 10  # beyond what fifty thousand take

ENDLESS = {
    "scenario": 1,
    "functions": {
        "worker": {"async": True, "params": ["lock"], "body": [
            {"while": "True", "do": [
                {"async with": "lock", "do": [{"await": {"sleep": 0.5}}]},
                {"create_task": {"coro": {"sleep": 0.25}}},
            ]},
        ]},
        "main": {"async": True, "body": [
            {"Lock": {}, "as": "lock"},
            {"await": {"gather": [{"call": "worker", "args": ["lock"]},
                                  {"call": "worker", "args": ["lock"]}]}},
        ]},
    },
}

TALKATIVE = {
    "scenario": 1,
    "functions": {
        "main": {"async": True, "body": [
            {"while": "True", "do": [
                {"for": "i", "in": "range(1000)", "do": [
                    {"log": "and again"},
                ]},
                {"await": {"sleep": 0}},
            ]},
        ]},
    },
}


def step(path, keys):
    """The screen, and kilobytes at most."""
    screen, output = os.pipe()
    pid = os.posix_spawn(
        sys.argv[1],
        [sys.argv[1], "step", "--size", "100x20", "--dump", "--keys", keys,
         path],
        os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, output, 1),
                                  (os.POSIX_SPAWN_CLOSE, screen)])
    os.close(output)
    with open(screen) as f:
        text = f.read()
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"step ended with {status}")
    return text, usage.ru_maxrss


def check(path, keys, event):
    """Is it there, and within the bounds?"""
    _, few = step(path, "50000s")
    text, many = step(path, keys)
    if f"event {event}/" not in text:
        print(f"not ok: {path}: {keys}: not at event {event}")
        return False
    if many > MOST or many - few > MOST_GROWTH:
        print(f"not ok: {path}: {keys}: {many} kB, where 50000s takes {few}")
        return False
    return True


def main():
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name, scenario in (("endless", ENDLESS), ("talkative", TALKATIVE)):
            path = os.path.join(folder, f"{name}.json")
            with open(path, "w") as f:
                json.dump(scenario, f)
            results += [check(path, "1000000s", 1000000),
                        check(path, "1000000s400000S", 600000)]
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
