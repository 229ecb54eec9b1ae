"""A day of heartbeats, a server that answers late, jobs that sleep: under
the virtual clock no time at all."""
# clocks: virtual
# output: answer after 1800 s
# output: jobs ['slept 3600', 'slept 7200'] after 7200 s
# output: 0.1 s were read from the clock
# output: 24 heartbeats, 86400 s in all, by any clock
# trace: "e":"select","t":[0-9.]+,"timeout":3600.0
# trace: "e":"end","t":86400
import asyncio
import time


async def beat(beats):
    while True:
        beats.append(time.monotonic())
        await asyncio.sleep(3600)


async def answer(reader, writer):
    await reader.readline()
    await asyncio.sleep(1800)
    writer.write(b"answer\n")
    writer.close()


async def ask(server):
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    start = time.time()
    writer.write(b"?\n")
    text = await asyncio.wait_for(reader.readline(), 2000)
    print(text.decode().strip(), "after", round(time.time() - start), "s")
    writer.close()


def work(seconds):
    time.sleep(seconds)
    return f"slept {seconds}"


def spin(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


async def main():
    loop = asyncio.get_running_loop()
    start, begin = loop.time(), time.monotonic()
    beats = []
    beating = asyncio.create_task(beat(beats))
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    await ask(server)
    now = loop.time()
    jobs = [loop.run_in_executor(None, work, n) for n in (3600, 7200)]
    print("jobs", await asyncio.gather(*jobs), "after",
          round(loop.time() - now), "s")
    now = loop.time()
    spin(0.1)
    print(round(loop.time() - now, 1), "s were read from the clock")
    server.close()
    await asyncio.sleep(86399.9 - (loop.time() - start))
    time.sleep(0.1)
    print(len(beats), "heartbeats,", round(loop.time() - start), "s in all,",
          "by any clock" if loop.time() - start == time.monotonic() - begin
          else "by one clock")
    beating.cancel()


asyncio.run(main())
