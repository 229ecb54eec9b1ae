#!/usr/bin/env python3
"""How much memory the stepper takes for a scenario that never ends.

    python3 tests/step/memory.py BINARY

Images of the state are kept to go back to, within a budget; what has ended
is let go of.  So a run of a million events takes little more than one of
fifty thousand.
"""

import json
import os
import sys
import tempfile

MOST = 64 << 10         # kilobytes for a million events
MOST_GROWTH = 32 << 10  # beyond what fifty thousand take

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


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "endless.json")
        with open(path, "w") as f:
            json.dump(ENDLESS, f)
        _, few = step(path, "50000s")
        for keys, event in (("1000000s", 1000000), ("1000000s400000S", 600000)):
            text, many = step(path, keys)
            if f"event {event}/" not in text:
                print(f"not ok: {keys}: not at event {event}")
                failed += 1
            elif many > MOST or many - few > MOST_GROWTH:
                print(f"not ok: {keys}: {many} kB, where 50000s takes {few}")
                failed += 1
    print(f"{2 - failed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
