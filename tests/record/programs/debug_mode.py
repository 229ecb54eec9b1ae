"""Debug mode: slow callbacks, where things were created, threads that
should not call."""
# flags: -X dev
# trace: "e":"loop",.*"debug":true
# trace: "e":"log",.*"level":"WARNING".*took
import asyncio
import re
import threading
import time


def slow():
    time.sleep(0.15)


def show(context):
    text = re.sub(r"0x[0-9a-f]+", "0x", str(context))
    print(text)


async def forever():
    await asyncio.get_running_loop().create_future()


def from_thread(loop):
    try:
        loop.call_soon(print)
    except RuntimeError as exc:
        print(exc)


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: show(context))
    loop.slow_callback_duration = 0.1
    loop.call_soon(slow)
    handle = loop.call_later(5, slow)
    print(re.sub(r"0x[0-9a-f]+", "0x", repr(handle)).split(" when=")[0],
          repr(handle).split("created at")[1])
    handle.cancel()
    task = asyncio.create_task(forever())
    await asyncio.sleep(0.01)
    print(re.sub(r"0x[0-9a-f]+", "0x", repr(task)))
    task.cancel()
    thread = threading.Thread(target=from_thread, args=(loop,))
    thread.start()
    thread.join()


asyncio.run(main())
