"""os._exit(), from within a callback."""
# trace: "e":"end",.*"type":"ProcessEnded","text":"with status 9"
import asyncio
import os


async def main():
    await asyncio.sleep(0.01)
    print("good-bye", flush=True)
    os._exit(9)


asyncio.run(main())
