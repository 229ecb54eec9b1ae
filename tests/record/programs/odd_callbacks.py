"""Callbacks that do not like to be asked."""
# trace: "e":"call_soon",.*"callback":"<.*Shy object>"
import asyncio


class Shy:
    def __call__(self):
        print("called")

    def __getattr__(self, name):
        raise ZeroDivisionError(name)

    def __repr__(self):
        raise ValueError("no repr")


async def main():
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, Shy())
    loop.call_soon(Shy())
    loop.call_later(0.001, Shy())
    await asyncio.sleep(0.01)


asyncio.run(main())
