"""Handlers of signals that it sends itself; one is removed again."""
# trace: "e":"add_signal_handler",.*"sig":10,
# trace: "e":"remove_signal_handler",.*"sig":10
# trace: "e":"ready"
import asyncio
import os
import signal


async def main():
    loop = asyncio.get_running_loop()
    heard = asyncio.Queue()
    loop.add_signal_handler(signal.SIGUSR1, heard.put_nowait, "one")
    loop.add_signal_handler(signal.SIGTERM, heard.put_nowait, "term")
    os.kill(os.getpid(), signal.SIGUSR1)
    print(await heard.get())
    os.kill(os.getpid(), signal.SIGTERM)
    print(await heard.get())
    print(loop.remove_signal_handler(signal.SIGUSR1),
          loop.remove_signal_handler(signal.SIGUSR1))
    try:
        loop.add_signal_handler(signal.SIGKILL, print)
    except RuntimeError as exc:
        print(exc)


asyncio.run(main())
print(signal.getsignal(signal.SIGUSR1), signal.getsignal(signal.SIGTERM))
