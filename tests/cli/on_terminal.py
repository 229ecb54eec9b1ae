"""on_terminal.py - run a command on a terminal of its own.

    python3 on_terminal.py COMMAND...

What the terminal is sent goes to stdout, with ESC as "^[" and each CR as the
end of a line; the command's exit status is passed on.
"""

import os
import pty
import sys


def read_all(terminal):
    while True:
        try:
            some = os.read(terminal, 1 << 16)
        except OSError:  # the other end was closed
            return
        if not some:
            return
        yield some


pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execvp(sys.argv[1], sys.argv[1:])
sent = b"".join(read_all(terminal)).replace(b"\r\n", b"\n")
sys.stdout.buffer.write(sent.replace(b"\x1b", b"^[").replace(b"\r", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
