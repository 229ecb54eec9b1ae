"""sys.exit() inside a task, with a finally that runs."""
# args: 7
# trace: "e":"end",.*"type":"SystemExit","text":"7"
import asyncio
import atexit
import sys


async def main():
    try:
        await asyncio.sleep(0.01)
        sys.exit(int(sys.argv[1]))
    finally:
        print("finally")


async def late():
    await asyncio.sleep(0)
    print("after the end")

# What runs at the exit is recorded, too.
atexit.register(lambda: asyncio.run(late()))
asyncio.run(main())
