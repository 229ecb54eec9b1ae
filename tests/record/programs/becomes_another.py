"""os.execv(), from within a task: the trace goes as far as it came."""
# trace: "e":"loop"
# trace: "e":"end",.*"type":"ProcessEnded","text":"with status 5"
import asyncio
import os
import sys

OTHER = "import asyncio; print(asyncio.run(asyncio.sleep(0, 7))); exit(5)"


async def main():
    await asyncio.sleep(0)
    print("good-bye", flush=True)
    try:
        os.execvp("./nobody", ["./nobody"])
    except OSError as exc:
        print(exc, flush=True)
    os.execv(sys.executable, [sys.executable, "-c", OTHER])


asyncio.run(main())
