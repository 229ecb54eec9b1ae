"""Loops of the program's own classes: what asyncio does with them is not
recorded, and goes on as ever."""
# trace: "e":"end"
# adds: asyncloop-sim: loops of __main__.Loop are not recorded: only asyncio's own are
# adds: asyncloop-sim: loops of __main__.Selecting are not recorded: only asyncio's own are
import asyncio
import collections
import selectors


class Loop(asyncio.AbstractEventLoop):
    """As little as there may be."""

    def __init__(self):
        self.ready = collections.deque()

    def get_debug(self):
        return False

    def is_running(self):
        return True

    def time(self):
        return 0.0

    def call_soon(self, callback, *args, context=None):
        handle = asyncio.Handle(callback, args, self, context)
        self.ready.append(handle)
        return handle

    def call_later(self, delay, callback, *args, context=None):
        return self.call_soon(callback, *args, context=context)

    call_at = call_later

    def call_exception_handler(self, context):
        print("handler:", context["message"].split("(")[0])

    def create_future(self):
        return asyncio.Future(loop=self)

    def create_task(self, coro, **kwargs):
        return asyncio.Task(coro, loop=self, **kwargs)

    def run(self, coro):
        task = self.create_task(coro)
        asyncio._set_running_loop(self)
        while self.ready:
            self.ready.popleft()._run()
        asyncio._set_running_loop(None)
        return task.result()


class Selecting(asyncio.BaseEventLoop):
    """CPython's turns, with a selector that nobody wakes."""

    def __init__(self):
        super().__init__()
        self._selector = selectors.SelectSelector()

    def _process_events(self, events):
        pass


async def main():
    loop = asyncio.get_running_loop()
    loop.call_soon(lambda: 1 / 0)
    loop.call_later(0.001, print, "cancelled").cancel()
    print(await asyncio.gather(asyncio.sleep(0.002, 1), asyncio.sleep(0, 2)))
    async with asyncio.Lock():
        await asyncio.wait_for(asyncio.sleep(0), None)
    try:
        await loop.create_task(asyncio.wait_for(loop.create_future(), 0.001))
    except asyncio.TimeoutError:
        print("timed out")
    return type(loop).__name__


def leave():
    raise SystemExit("left")


print(Loop().run(main()))
loop = Selecting()
print(loop.run_until_complete(main()))
loop.close()
try:
    asyncio.Handle(leave, (), Loop())._run()
except SystemExit as exc:
    print(exc)
