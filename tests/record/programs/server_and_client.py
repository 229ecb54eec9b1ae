"""An HTTP server and its clients, over real sockets."""
# clocks: real virtual
# trace: "e":"call_soon",.*"callback":"Server._start_serving|"callback":"BaseSelectorEventLoop._accept_connection
# trace: "e":"task",.*"coro":"answer","where":"server_and_client.py:[0-9]+"
# trace: "callback":"functools.partial\(BaseSelectorEventLoop._sock_write_done, [0-9]+, handle=<Handle>\)"
# trace: "e":"wake",.*"fds":"[0-9]+:r
# trace: "e":"task_waits",.*"where":"server_and_client.py:[0-9]+"
import asyncio


async def answer(reader, writer):
    request = (await reader.readline()).split()
    while await reader.readline() != b"\r\n":
        pass
    await asyncio.sleep(0.01)
    body = b"you asked for " + request[1]
    writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s"
                 % (len(body), body))
    await writer.drain()
    writer.close()


async def fetch(port, path):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.0\r\nHost: here\r\n\r\n".encode())
    text = await reader.read()
    writer.close()
    await writer.wait_closed()
    return text.split(b"\r\n\r\n")[1].decode()


async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        for text in await asyncio.gather(*(fetch(port, f"/{n}")
                                           for n in range(5))):
            print(text)


asyncio.run(main())
