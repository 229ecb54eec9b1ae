"""os._exit(), after all others have had their say, with the status by which
the recorder would say that it cannot write."""
# trace: "e":"close"
# trace: "e":"end",.*"type":"ProcessEnded","text":"with status 5"
import asyncio
import atexit
import os

atexit.register(os._exit, 5)
asyncio.run(asyncio.sleep(0))
