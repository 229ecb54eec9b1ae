"""Children with pipes, one of them killed."""
# clocks: real virtual
# trace: "e":"add_reader",.*"callback":"_UnixReadPipeTransport._read_ready"|"e":"add_reader"
# trace: "e":"(call_soon|ready|call_soon_threadsafe)"
import asyncio
import sys


async def main():
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "print(input().upper())",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    out, _ = await asyncio.wait_for(child.communicate(b"shout\n"), 20)
    print(out, child.returncode)

    child = await asyncio.create_subprocess_shell("exit 3")
    print(await child.wait())

    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import time; time.sleep(600)")
    child.kill()
    print(await child.wait())
    # What it prints itself goes where the program's own output goes.
    child = await asyncio.create_subprocess_shell("echo from the child")
    await child.wait()


asyncio.run(main())
