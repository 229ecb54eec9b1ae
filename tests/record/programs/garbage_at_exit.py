"""An exception that nobody retrieves, held by a cycle until Python ends."""
# clocks: real virtual
# lint: Task exception was never retrieved: RuntimeError: lost
# trace: "e":"exception".*"message":"Task exception was never retrieved"
import asyncio


async def loses():
    try:
        async with asyncio.timeout(0.01):
            await asyncio.Event().wait()
    except TimeoutError:
        raise RuntimeError("lost")


async def main():
    task = asyncio.create_task(loses(), name="loses")
    await asyncio.sleep(0.05)
    return task.done()


print(asyncio.run(main()))
