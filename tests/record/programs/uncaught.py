"""Exceptions with causes and contexts, that end a task, a callback and the
program."""
# trace: "e":"exception",.*"type":"ZeroDivisionError"
# trace: "e":"exception",.*"message":"Task exception was never retrieved"
# trace: "e":"end",.*"type":"RuntimeError","text":"all is lost"
# trace: "e":"log",.*"level":"ERROR"
import asyncio
import traceback


async def fail(n):
    await asyncio.sleep(0)
    return 1 / n


def callback():
    1 / 0


async def look():
    """What is shown of the stack, of tasks and futures is as ever."""
    stack = [(frame.name, frame.line) for frame in traceback.extract_stack()]
    print(stack)
    task = asyncio.current_task()
    print(task.get_name(), [frame.f_code.co_name for frame in
                            task.get_stack()])
    try:
        asyncio.get_running_loop().create_future().result()
    except asyncio.InvalidStateError:
        print(traceback.format_exc())


async def main():
    asyncio.get_running_loop().call_soon(callback)
    await look()
    lost = asyncio.create_task(fail(0))
    await asyncio.sleep(0.01)
    del lost
    try:
        await fail(0)
    except ZeroDivisionError as exc:
        print(traceback.format_exc())
        try:
            future = asyncio.get_running_loop().create_future()
            future.set_result(1)
            future.set_result(2)
        except asyncio.InvalidStateError as again:
            print(traceback.format_exc())
        raise RuntimeError("all is lost") from exc


asyncio.run(main())
