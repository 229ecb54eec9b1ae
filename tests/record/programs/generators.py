"""Asynchronous generators, one of them not exhausted; and a contextmanager."""
# trace: "coro":"numbers|"where":"generators.py:[0-9]+"
import asyncio
import contextlib


async def numbers(count):
    try:
        for n in range(count):
            await asyncio.sleep(0.001)
            yield n
    finally:
        await asyncio.sleep(0)
        print("no more numbers")


@contextlib.asynccontextmanager
async def opened(name):
    await asyncio.sleep(0)
    print("open", name)
    yield name
    print("close", name)


async def main():
    print([n async for n in numbers(4)])
    async with opened("door"):
        async for n in numbers(10):
            if n == 2:
                break
    print("end of main")


asyncio.run(main())
