"""A loop of its own in each of three threads, called from the main one."""
# clocks: real virtual
# trace: "loop":"l3"
# trace: "e":"call_soon_threadsafe"
import asyncio
import threading

answers = []


async def double(n):
    await asyncio.sleep(0.005)
    return 2 * n


def serve(loop):
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.close()


loops = [asyncio.new_event_loop() for _ in range(3)]
threads = [threading.Thread(target=serve, args=(loop,)) for loop in loops]
for thread in threads:
    thread.start()
promises = [asyncio.run_coroutine_threadsafe(double(n), loops[n % 3])
            for n in range(30)]
print([promise.result() for promise in promises])
for loop in loops:
    loop.call_soon_threadsafe(loop.stop)
for thread in threads:
    thread.join()
print([loop.is_closed() for loop in loops])
