"""It ends its own process at once: the trace goes as far as it came."""
# trace: "e":"end",.*"type":"ProcessEnded","text":"by signal 9"
import asyncio
import os
import signal


async def main():
    print("alive", flush=True)
    await asyncio.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)


asyncio.run(main())
