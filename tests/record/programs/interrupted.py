"""Ctrl-C, that the program sends itself: it ends by the signal."""
# trace: "e":"end",.*"type":"KeyboardInterrupt"
import asyncio
import os
import signal


async def main():
    try:
        asyncio.get_running_loop().call_later(0.01, os.kill, os.getpid(),
                                              signal.SIGINT)
        await asyncio.sleep(5)
    finally:
        print("cancelled", flush=True)


asyncio.run(main())
