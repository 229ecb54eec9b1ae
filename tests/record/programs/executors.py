"""Jobs in threads and in another process."""
# clocks: real virtual
# trace: "e":"job",.*"callback":"square","where":"executors.py:[0-9]+"
# trace: "e":"job_begun"
# trace: "e":"job_ended"
import asyncio
import concurrent.futures
import multiprocessing
import time


def square(n):
    time.sleep(0.002)
    if n == 3:
        raise ValueError("three")
    return n * n


async def main():
    loop = asyncio.get_running_loop()
    jobs = [loop.run_in_executor(None, square, n) for n in range(5)]
    print(await asyncio.gather(*jobs, return_exceptions=True))
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        print(await loop.run_in_executor(pool, square, 9))
    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(1, context) as pool:
        print(await loop.run_in_executor(pool, square, 10))


if __name__ == "__main__":
    asyncio.run(main())
