"""Tasks that are named as they are created, or later."""
# trace: "e":"task(_name)?",.*"name":"stubborn"
# trace: "e":"task_name",.*"task":"t3","name":"later"
# trace: "e":"task_name",.*"task":"t3","name":"7"
import asyncio


async def work():
    await asyncio.sleep(0)
    return asyncio.current_task().get_name()


async def main():
    first = asyncio.create_task(work(), name="stubborn")
    second = asyncio.create_task(work())
    for name in "later", 7:
        print(second.set_name(name), second.get_name())
    try:
        second.set_name()
    except TypeError as exc:
        print(type(exc).__name__)
    print(await asyncio.gather(first, second))


asyncio.run(main())
