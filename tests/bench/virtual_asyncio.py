"""Run an exported scenario on plain asyncio under a minimal virtual clock.

    python3 virtual_asyncio.py PROGRAM.py

Nothing is recorded: this is what the same program costs in Python itself.
The program imports `asyncloop_sim_record`; here that is a stub.
"""

import asyncio
import selectors
import sys
import types


class VirtualSelector(selectors._BaseSelectorImpl):
    """Nothing is ever ready: time passes instead."""

    now = 0.0

    def select(self, timeout=None):
        if timeout is None:
            raise SystemExit("deadlock")
        if timeout > 0:
            self.now += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self._virtual = VirtualSelector()
        super().__init__(self._virtual)

    def time(self):
        return self._virtual.now


def main():
    record = types.ModuleType("asyncloop_sim_record")
    record.world = types.SimpleNamespace(
        configure=lambda **knobs: None, limit=lambda **limits: None)
    sys.modules["asyncloop_sim_record"] = record
    asyncio.new_event_loop = VirtualLoop
    asyncio.events.new_event_loop = VirtualLoop  # what asyncio.run() makes
    with open(sys.argv[1], encoding="utf-8") as file:
        code = compile(file.read(), sys.argv[1], "exec")
    exec(code, {"__name__": "__main__"})


main()
