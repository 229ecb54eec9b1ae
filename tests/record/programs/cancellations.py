"""Cancellations: swallowed, passed on, taken back; odd arguments."""
# clocks: real virtual
# trace: "e":"task_cancel"
# trace: "e":"cancelling",.*"count":1,"text":"'enough'"|"python":"3\.(9|10)"
# trace: "e":"cancelling",.*"count":0,"by"|"python":"3\.(9|10)"
# trace: "e":"cancelling",.*"count":0,"outcome":"result","by"|"python":"3\.(9|10)"
# lint: 'Task-2' \(stubborn\) was cancelled, went on, and ended with a result
import asyncio


async def stubborn():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        return "stays"


async def obedient():
    await asyncio.sleep(10)


async def repentant():
    task = asyncio.current_task()
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        if hasattr(task, "uncancel"):  # since 3.11
            return task.uncancel(), task.cancelling(), task.uncancel()


async def in_timeouts():
    if hasattr(asyncio, "timeout"):  # since 3.11
        async with asyncio.timeout(0.01):
            print(await stubborn())
        try:
            async with asyncio.timeout(0.01):
                await obedient()
        except TimeoutError:
            print("too late")


def attempt(call, *args):
    try:
        print(call(*args))
    except TypeError as exc:
        print(exc)


async def main():
    tasks = [asyncio.create_task(each())
             for each in (stubborn, obedient, repentant)]
    await asyncio.sleep(0)
    for task in tasks:
        attempt(task.cancel, 1, 2)
        attempt(task.cancel, "enough")
    print(await asyncio.gather(*tasks, return_exceptions=True))
    await in_timeouts()
    for name in "cancel", "cancelling", "uncancel":
        if hasattr(task, name):
            attempt(getattr(task, name))
            attempt(getattr(task, name), 1, 2)


asyncio.run(main())
