"""What CPython's locks and queues do with actors; see check_sync.c."""
import asyncio
import re
import sys

CLASSES = {
    "lock": asyncio.Lock, "event": asyncio.Event,
    "condition": asyncio.Condition,
    "semaphore": asyncio.Semaphore, "bounded": asyncio.BoundedSemaphore,
    "barrier": asyncio.Barrier, "queue": asyncio.Queue,
    "lifo": asyncio.LifoQueue, "priority": asyncio.PriorityQueue,
}
PLAIN = {"R": "release", "S": "set", "C": "clear", "N": "notify",
         "M": "notify_all", "g": "get_nowait", "D": "task_done",
         "X": "shutdown"}
AWAITED = {"A": "acquire", "W": "wait", "B": "abort", "T": "reset",
           "G": "get", "J": "join"}


class NoSelector:
    def select(self, timeout):
        return []


class Loop(asyncio.BaseEventLoop):
    """A loop without a world: there are no timers in it, either."""
    _selector = NoSelector()

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


class Run:
    def __init__(self, primitive):
        self.primitive = primitive
        self.tasks = []
        self.log = []

    async def step(self, op, ops):
        if op in PLAIN:
            getattr(self.primitive, PLAIN[op])()
        elif op == "Y":
            self.primitive.shutdown(immediate=True)
        elif op == "-":
            op += (who := next(ops))
            self.tasks[ord(who) - ord("a")].cancel()
        elif op == "z":
            await asyncio.sleep(0)
        elif op.isdigit():
            return f"{op}={await self.primitive.put(int(op))!r}"
        else:
            return f"{op}={await getattr(self.primitive, AWAITED[op])()!r}"
        return op

    async def act(self, name, ops):
        ops = iter(ops)
        try:
            for op in ops:
                done = await self.step(op, ops)
                if done != "z":
                    self.log.append(name + done)
        except BaseException as e:
            self.log.append(f"{name}!{type(e).__name__}({e})")

    async def main(self, actors):
        for i, ops in enumerate(actors):
            self.tasks.append(
                asyncio.create_task(self.act(chr(ord("a") + i), ops)))
        for turns in 30, 30:
            for _ in range(turns):
                await asyncio.sleep(0)
            shown = re.sub(r" at 0x[0-9a-f]+", "", repr(self.primitive))
            self.log.append(shown)
            for task in self.tasks:
                task.cancel()


def answer(question):
    kind, *actors = question.split(" ")
    name, _, argument = kind.partition(":")
    run = Run(CLASSES[name](*([int(argument)] if argument else [])))
    asyncio._set_running_loop(None)  # Pyodide's own
    loop = Loop()
    loop.run_until_complete(run.main(actors))
    loop.close()
    return " ".join(run.log)


def version():
    return "%d.%d.%d" % sys.version_info[:3]
