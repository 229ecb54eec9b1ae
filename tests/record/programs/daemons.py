"""Loops that still run in daemon threads when the program ends."""
# trace: "e":"end",.*"type":"SystemExit","text":"9"
import asyncio
import sys
import threading
import time


async def spin():
    while True:
        await asyncio.sleep(0)

for _ in range(4):
    threading.Thread(target=asyncio.run, args=(spin(),), daemon=True).start()
time.sleep(0.1)
sys.exit(9)
