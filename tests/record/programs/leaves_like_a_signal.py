"""An exit status that a shell would tell as a signal's is one all the same."""
# trace: "e":"end",.*"type":"ProcessEnded","text":"with status 201"
import asyncio
import os


async def main():
    await asyncio.sleep(0.01)
    print("good-bye", flush=True)
    os._exit(201)


asyncio.run(main())
