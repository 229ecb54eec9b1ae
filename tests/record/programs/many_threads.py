"""Threads that call into one loop as fast as they can, while it works."""
# trace: "e":"call_soon_threadsafe",.*"callback":"count","args":"3"
import asyncio
import threading

counts = [0] * 4


def count(n):
    counts[n] += 1
    if counts[n] % 100 == 0:
        asyncio.get_running_loop().call_soon(int)


def call(loop, n):
    for _ in range(500):
        loop.call_soon_threadsafe(count, n)


async def main():
    loop = asyncio.get_running_loop()
    threads = [threading.Thread(target=call, args=(loop, n))
               for n in range(4)]
    for thread in threads:
        thread.start()
    while sum(counts) < 2000:
        await asyncio.sleep(0.001)
    for thread in threads:
        thread.join()
    print(counts)


asyncio.run(main())
