"""wait_for, wait, shield, as_completed, and a lock held too long."""
# clocks: real virtual
# trace: "e":"call_at",.*"when":
# trace: "e":"due"
# trace: "e":"cancel",.*"h":
import asyncio


async def hold(lock, seconds):
    async with lock:
        await asyncio.sleep(seconds)
        return seconds


async def main():
    lock = asyncio.Lock()
    slow = asyncio.create_task(hold(lock, 0.2))
    try:
        await asyncio.wait_for(hold(lock, 0), 0.01)
    except asyncio.TimeoutError:
        print("too late for the lock")
    try:
        await asyncio.wait_for(asyncio.shield(slow), 0.01)
    except asyncio.TimeoutError:
        print("too slow, and goes on")
    done, pending = await asyncio.wait({slow}, timeout=0.01)
    print(len(done), len(pending))
    for one in asyncio.as_completed([asyncio.sleep(0.1, "b"),
                                     asyncio.sleep(0.01, "a")]):
        print(await one)
    print(await slow)


asyncio.run(main())
