"""It closes every file but its own three, and opens others under their
numbers: the trace goes on, and into none of them."""
# trace: "e":"task_name",.*"name":"second"
# trace: "e":"task_name",.*"name":"third"
import asyncio
import os


async def main(name):
    asyncio.current_task().set_name(name)
    await asyncio.sleep(0.01)


# The lowest number is free, as in any program.
number = os.open("mine.txt", os.O_RDWR | os.O_CREAT)
print(number)
asyncio.run(main("first"))
for other in os.listdir("/proc/self/fd"):
    try:
        if int(other) > 2:
            os.dup2(number, int(other))
    except OSError:
        pass  # the folder's, that was listed
asyncio.run(main("second"))
os.closerange(3, 4096)
asyncio.run(main("third"))
print(repr(open("mine.txt").read()))
