"""A queue between two producers and three consumers."""
# clocks: real virtual
# trace: "e":"task_cancel"
# trace: "e":"task_done",.*"outcome":"cancelled"
# trace: "e":"gather",
import asyncio


async def produce(queue, name, count):
    for n in range(count):
        await queue.put(f"{name}{n}")
        await asyncio.sleep(0.002)


async def consume(queue, done):
    while True:
        done.append(await queue.get())
        await asyncio.sleep(0.001)
        queue.task_done()


async def main():
    queue = asyncio.Queue(2)
    done = []
    consumers = [asyncio.create_task(consume(queue, done), name=f"eats {n}")
                 for n in range(3)]
    await asyncio.gather(produce(queue, "a", 5), produce(queue, "b", 5))
    await queue.join()
    for task in consumers:
        task.cancel()
    print(await asyncio.gather(*consumers, return_exceptions=True))
    print(sorted(done))


asyncio.run(main())
