"""on_tmux.py - the stepper in a shell on a terminal that tmux plays.

    python3 on_tmux.py BINARY

Nothing here sleeps for a fixed time, unless that is what is tested: each step
waits until the screen, or the terminal's settings, are as expected, and fails
when that takes too long.
"""

import concurrent.futures
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

AT_ONCE = 4  # they mostly wait
PATIENCE = 30  # seconds, for whatever is waited for
APP = os.path.abspath(sys.argv[1])
NAME = "asyncloop-sim"  # as it is typed: a path may not fit on a line
SCENARIO = os.path.abspath("scenarios/ties.json")
ENDLESS = os.path.abspath("tests/commands/step/endless.json")
INTERRUPTED = 4  # the exit status
PROMPT = r"\$$"  # at the end; trailing blanks are not told apart
SHOWN = r"event \d+"  # of the status line


class Failed(Exception):
    pass


class Terminal:
    """A shell on a terminal of that kind and size."""

    def __init__(self, kind="xterm-256color", width=80, height=24):
        self.folder = tempfile.TemporaryDirectory()
        self.socket = os.path.join(self.folder.name, "tmux")
        os.symlink(APP, os.path.join(self.folder.name, NAME))
        self.tmux("-f", "/dev/null", "new-session", "-d",
                  "-x", str(width), "-y", str(height),
                  "exec env -u NO_COLOR LC_ALL=C.UTF-8 "
                  f"PATH={self.folder.name}:$PATH "
                  f"XDG_CONFIG_HOME={self.folder.name} "
                  f"XDG_STATE_HOME={self.folder.name} PS1='$ ' "
                  f"TERM={kind} sh")
        try:
            self.wait(PROMPT)
            self.before = self.settings()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"],
                       capture_output=True, timeout=PATIENCE)
        self.folder.cleanup()

    def tmux(self, *args):
        done = subprocess.run(["tmux", "-S", self.socket, *args],
                              capture_output=True, text=True,
                              timeout=PATIENCE, env=dict(
                                  os.environ, LC_ALL="C.UTF-8"))
        if done.returncode:
            raise Failed(f"tmux {args[0]}: {done.stderr.strip()}")
        return done.stdout

    def ask(self, *names):
        form = " ".join("#{%s}" % name for name in names)
        return tuple(self.tmux("display-message", "-p", form).split())

    def screen(self, *how):
        return self.tmux("capture-pane", "-p", *how).rstrip()

    def record(self):
        """From now on keep all that is sent to the terminal."""
        self.sent = os.path.join(self.folder.name, "sent")
        self.tmux("pipe-pane", f"cat >{self.sent}")

    def check_sent(self, text, times):
        def count():
            with open(self.sent, "rb") as f:
                return f.read().count(text)

        self.until(lambda: count() >= times, f"waited in vain for {text}")
        if count() > times:
            raise Failed(f"{text} was sent {count()} times, not {times}")

    def line_of(self, pattern):
        self.wait(pattern)
        return next(y for y, line in enumerate(self.screen().splitlines())
                    if re.search(pattern, line))

    def until(self, holds, what):
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                raise Failed(f"{what}; the screen is\n{self.screen()}")
            time.sleep(0.02)

    def wait(self, pattern):
        self.until(lambda: re.search(pattern, self.screen()),
                   f"waited in vain for /{pattern}/")

    def wait_without(self, pattern):
        self.until(lambda: not re.search(pattern, self.screen()),
                   f"waited in vain for /{pattern}/ to go")

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def paste(self, sent):
        """Those bytes as they are, at once."""
        place = os.path.join(self.folder.name, "pasted")
        with open(place, "wb") as f:
            f.write(sent)
        self.tmux("load-buffer", place)
        self.tmux("paste-buffer", "-d")

    def mouse(self, button, x, y, is_press=True):
        """A press at a column and line from 0, or that it ends, in the way
        that was asked for."""
        if self.ask("mouse_sgr_flag") == ("1",):
            self.type(f"\x1b[<{button};{x + 1};{y + 1}{'mM'[is_press]}")
        else:
            button = button if is_press else 3
            self.type("\x1b[M" + chr(32 + button) + chr(33 + x) +
                      chr(33 + y))

    def resize(self, width, height):
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    def settings(self):
        """All that a program may leave behind."""
        modes = subprocess.run(
            ["stty", "-a", "-F", self.ask("pane_tty")[0]],
            capture_output=True, text=True, check=True,
            timeout=PATIENCE).stdout
        return re.sub(r"rows.*?;|columns.*?;", "", modes), self.ask(
            "alternate_on", "cursor_flag", "mouse_any_flag",
            "mouse_sgr_flag", "keypad_flag", "keypad_cursor_flag")

    def start(self, arguments=SCENARIO):
        self.type(f'{NAME} step {arguments}; echo "status $?"')
        self.keys("Enter")
        self.wait(SHOWN)

    def pid(self):
        """Of the stepper, which is no child of its own."""
        tty = self.ask("pane_tty")[0].removeprefix("/dev/")
        rows = subprocess.run(["ps", "-t", tty, "-o", "pid=,stat=,args="],
                              capture_output=True, text=True,
                              timeout=PATIENCE).stdout.splitlines()
        pids = [int(row.split()[0]) for row in rows if f"{NAME} step" in row]
        return min(pids)

    def check_left(self):
        """The terminal is as it was."""
        self.until(lambda: self.settings() == self.before,
                   f"left {self.settings()}, not {self.before}")

    def check_ended(self, status):
        self.wait(f"status {status}")
        self.check_left()


# -- tests ---------------------------------------------------------------------

KINDS = ["screen-256color", "xterm-256color", "xterm", "vt100", "linux"]
SIZES = [(60, 20), (80, 24), (100, 30), (200, 60)]


def keys_move_and_q_leaves(kind, size):
    with Terminal(kind, *size) as t:
        t.start()
        t.wait(r"event 0/51")
        t.type("s")
        t.wait(r"event 1/51")
        t.keys("Right")
        t.wait(r"event 2/51")
        t.keys("Left", "Left")
        t.wait(r"event 0/51")
        t.keys("End")
        t.wait(r"event 51/51")
        t.type("h")
        t.wait("Keys and commands")
        t.keys("Escape")
        t.wait_without("Keys and commands")
        t.type(":goto 3")
        t.wait(":goto 3")
        t.keys("Escape")
        t.wait_without(":goto 3")
        t.type("q")
        t.check_ended(0)


def a_run_goes_on_by_itself_until_a_key(kind):
    with Terminal(kind) as t:
        t.start()
        t.type("}}r")
        t.wait(r"running 20/s")
        t.wait(r"event ([5-9]|\d\d)/51")
        t.type("x")
        t.wait("stopped")
        t.wait_without(r"running 20/s")
        t.wait("Ready")  # x was for stopping alone
        t.type("R")
        t.wait("the beginning")
        t.type("q")
        t.check_ended(0)


def a_run_takes_its_time_from_its_key_on():
    with Terminal() as t:
        t.start()
        t.type(":speed 2\r")
        t.wait("2 events a second")
        idle = time.monotonic() + 0.4
        t.until(lambda: time.monotonic() > idle, "the time passes")
        begun = time.monotonic()
        t.type("r")
        t.wait("event 1/51")
        if time.monotonic() < begun + 0.5:
            raise Failed("the time before the key counted")
        t.type("xq")
        t.check_ended(0)


def an_editor_has_the_terminal_and_gives_it_back(kind):
    with Terminal(kind) as t:
        editor = os.path.join(t.folder.name, "editor")
        with open(editor, "w") as file:
            file.write('#!/bin/sh\necho "edits $*"\nread answer\n')
        os.chmod(editor, 0o700)
        t.type(f"VISUAL='{editor} -w'; export VISUAL")
        t.keys("Enter")
        t.start()
        t.type("E")
        t.wait(r"edits -w \+1 ")
        t.keys("Enter")
        t.wait(SHOWN)
        t.type("s")
        t.wait(r"event 1/51")
        t.type("q")
        t.check_ended(0)


def what_is_typed_in_an_editor_is_not_for_the_stepper():
    with Terminal() as t, tempfile.NamedTemporaryFile("w",
                                                      suffix=".json") as f:
        f.write('{"scenario": 1, "functions": {"main": {"body": [\n'
                '{"call_later": {"delay": 1, "callback": "main"}}]}}}')
        f.flush()
        editor = os.path.join(t.folder.name, "editor")
        with open(editor, "w") as file:
            file.write('#!/bin/sh\ntrap "echo INT" INT; trap "echo QUIT" QUIT\n'
                       'echo edits\nuntil read answer && [ $answer = done ]\n'
                       'do echo "again $answer"; done\n')
        os.chmod(editor, 0o700)
        t.type(f"VISUAL={editor}; export VISUAL")
        t.keys("Enter")
        t.start(f.name)
        t.type("sE")
        t.wait("edits")
        t.keys("C-c")
        t.wait("INT")
        t.keys("C-\\")
        t.wait("QUIT")
        t.keys("C-z")
        t.wait(PROMPT)
        t.type("fg")
        t.keys("Enter")
        t.wait(rf"(?s)fg\s.*{NAME} step")
        t.type("x")
        t.keys("Enter")
        t.wait("again x")
        t.type("done")
        t.keys("Enter")
        t.wait("event 1/")
        t.type(":goto 100000\r")  # what runs it was not ended
        t.wait("iteration 100000 ")
        t.keys("C-c")
        t.wait("Ctrl-C again quits")
        t.keys("C-\\")
        t.wait(r"Quit")
        t.check_left()


def an_editor_that_stops_itself_stops_the_stepper():
    with Terminal() as t:
        t.type("VISUAL='echo edits; kill -STOP $$; echo on; false'; "
               "export VISUAL")
        t.keys("Enter")
        t.start()
        t.type("sE")
        t.wait(r"(?s)edits.*" + PROMPT)
        t.check_left()
        t.type("fg")
        t.keys("Enter")
        t.wait("ended with 1")
        t.wait("event 1/51")
        t.type("q")
        t.check_left()


def a_terminal_that_can_do_too_little_is_refused(kind):
    with Terminal(kind) as t:
        t.type(f'{NAME} step {SCENARIO}; echo "status $?"')
        t.keys("Enter")
        t.wait(f"terminal '{kind}'")
        t.check_ended(2)


def it_is_drawn_anew_when_the_size_changes():
    with Terminal() as t:
        t.start()
        t.wait("Scheduled")
        t.resize(59, 20)
        t.wait("59x20 is too small")
        t.resize(10, 3)
        t.wait("10x3 is to")
        t.resize(1, 1)
        t.resize(200, 60)
        t.wait("Scheduled")
        t.until(lambda: len(t.screen().splitlines()) == 60,
                "all lines are used")
        t.type("s")
        t.wait("event 1/51")
        t.resize(60, 20)
        t.until(lambda: len(t.screen().splitlines()) == 20,
                "all lines are used")
        t.type("q")
        t.check_ended(0)


def the_mouse_chooses_scrolls_and_is_let_go(kind):
    with Terminal(kind, 80, 24) as t:
        t.start()
        t.keys("End")
        t.wait("event 51/51")
        y = t.line_of("51 .* end ")
        t.mouse(64, 10, y)
        t.wait(r"(?m)^ *43 ")
        t.mouse(65, 10, y)
        t.wait(r"(?m)51 .* end ")
        y = t.line_of(r"ran        h6 ")
        t.mouse(0, 10, y)  # chooses what stands there,
        t.mouse(0, 10, y, is_press=False)
        t.keys("Enter")    # whose story is told
        t.wait("─ h6 ")
        t.keys("Escape")
        t.until(lambda: t.ask("mouse_button_flag") == ("1",),
                "waited in vain to be asked for drags")
        y = t.line_of("─ Events")
        t.mouse(0, 10, y)  # its border is dragged
        t.mouse(32, 10, y - 3)
        t.mouse(0, 10, y - 3, is_press=False)
        t.until(lambda: t.line_of("─ Events") == y - 3,
                "waited in vain for the border to move")
        t.type("q")
        t.check_ended(0)


def it_can_be_stopped_and_goes_on():
    with Terminal() as t:
        t.start()
        t.type("s")
        t.wait("event 1/51")
        t.keys("C-z")
        t.wait(PROMPT)
        t.check_left()
        t.resize(100, 30)
        t.type("fg")
        t.keys("Enter")
        t.wait("event 1/51")
        t.until(lambda: len(t.screen().splitlines()) == 30,
                "all lines are used")
        t.type("s")
        t.wait("event 2/51")
        t.type("q")
        t.check_left()


def what_runs_a_scenario_leaves_the_screen_alone():
    with Terminal() as t:
        t.record()
        t.start(ENDLESS)
        t.type(":reload\r")  # in a process that the stepper starts
        t.wait("reloaded")
        t.keys("C-z")
        t.wait(PROMPT)
        t.check_left()
        t.type("fg")
        t.keys("Enter")
        t.wait("reloaded")
        t.type("q")
        t.check_left()
        t.check_sent(b"\x1b[?1049h", 2)
        t.check_sent(b"\x1b[?1049l", 2)


def bright_colours_are_plain_where_there_are_eight():
    with Terminal("xterm") as t:
        config = os.path.join(t.folder.name, "config")
        with open(config, "w") as f:
            f.write("color time bright-green bold\n"
                    "color handle bright-black\n")
        t.start(f"--config {config} {SCENARIO}")
        for look, text in (("1;32", "0.0 s"), ("2", "h1")):
            t.until(lambda: f"\x1b[{look}m{text}" in
                    t.screen("-e").replace("m\x1b[", ";"),
                    f"waited in vain for '{text}' in {look}")
        t.type("q")
        t.check_ended(0)


def a_byte_that_is_no_character_is_dropped(kind):
    with Terminal(kind) as t:
        t.start()
        for sent, event in ((b"\xffs", 1), (b"\xc3s", 2), (b"\xe5\xadss", 4),
                            (b"\x9bs", 5), (b"\xff\xff\xc3\xc3sss", 8)):
            t.paste(sent)
            t.wait(f"event {event}/51")
        t.paste("/字é".encode())
        t.wait("/ ?字é")
        t.paste(b"\xe5\xad")
        time.sleep(1)  # longer than is waited for a key
        t.paste(b"\x97")
        t.wait("/ ?字é字")
        t.keys("Escape")
        t.type("q")
        t.check_ended(0)


def much_is_pasted_in_no_time():
    with Terminal() as t:
        t.start()
        t.paste(b":" + 4000 * b"x" + b"the end")
        t.wait("xthe end")
        t.keys("C-c")
        t.wait_without("the end")
        t.type("q")
        t.check_ended(0)


def ctrl_c_leaves_what_is_typed(kind):
    with Terminal(kind) as t:
        t.start()
        for prompt in (":goto 3", "/main", "g12"):
            t.type(prompt)
            t.wait(prompt[1:])
            t.keys("C-c")
            t.wait_without(f"[:/] ?{prompt[1:]}")
        t.type("s")
        t.wait("event 1/51")
        t.keys("C-z")
        t.wait(PROMPT)
        t.type("fg")
        t.keys("Enter")
        t.wait("event 1/51")
        t.type(":goto 3")
        t.wait(":goto 3")
        t.keys("C-c")
        t.wait_without(":goto 3")
        t.type("q")
        t.check_left()


def ctrl_c_stops_a_run():
    with Terminal() as t:
        t.start()
        t.type("r")
        t.wait("running 5/s")
        t.keys("C-c")
        t.wait("stopped")
        t.type("s")
        t.wait_without("stopped")
        t.type("q")
        t.check_ended(0)


def ctrl_c_twice_ends_it():
    with Terminal() as t:
        t.start()
        t.keys("C-c")
        t.wait("Ctrl-C again quits")
        t.type("s")
        t.wait("event 1/51")
        t.keys("C-c")
        t.wait("Ctrl-C again quits")
        t.keys("C-c")
        t.check_ended(0)


def a_signal_ends_it(kind, name, status):
    with Terminal(kind) as t:
        t.start()
        os.kill(t.pid(), name)
        t.check_ended(status)
        if "<2>" in t.screen():  # it is for curses, not for terminals
            raise Failed(f"left on the screen:\n{t.screen()}")


def bytes_read(pid):
    with open(f"/proc/{pid}/io") as f:
        return int(re.search(r"rchar: (\d+)", f.read())[1])


def a_signal_ends_it_where_the_terminal_was_stopped(name):
    with Terminal() as t:
        t.start()
        pid = t.pid()
        before = bytes_read(pid)
        t.keys("C-s")
        t.type("s")
        t.until(lambda: bytes_read(pid) > before, "the key was not read")
        os.kill(pid, name)
        t.until(lambda: not os.path.exists(f"/proc/{pid}"),
                f"process {pid} goes on")
        t.keys("C-q")
        t.wait(f"status {128 + name}")
        if t.settings()[0] != t.before[0]:
            raise Failed(f"left {t.settings()[0]}, not {t.before[0]}")


def numbers_are_not_written_as_the_locale_has_them():
    with Terminal() as t:
        place = os.path.join(t.folder.name, "de_DE.UTF-8")
        if not shutil.which("localedef") or subprocess.run(
                ["localedef", "-i", "de_DE", "-f", "UTF-8", place],
                capture_output=True, timeout=PATIENCE).returncode:
            print("skipped: there is no locale with a comma")
            return
        t.type(f"LOCPATH={t.folder.name} LC_ALL=de_DE.UTF-8 {NAME} step "
               f"--keys ':speed 0.5<Enter>' {SCENARIO}")
        t.keys("Enter")
        t.wait(r"runs take 0\.5 events a second")


def a_closed_terminal_ends_it():
    with Terminal() as t:
        t.start()
        pid = t.pid()
        t.tmux("kill-server")
        t.screen = lambda: "closed"
        t.until(lambda: not os.path.exists(f"/proc/{pid}"),
                f"process {pid} goes on")


def what_takes_long_can_be_given_up():
    with Terminal() as t, tempfile.NamedTemporaryFile("w",
                                                      suffix=".json") as f:
        f.write('{"scenario": 1, "functions": {"main": {"body": [\n'
                '{"call_later": {"delay": 1, "callback": "main"}}]}}}')
        f.flush()
        t.start(f.name)
        for keys in ("$", "99999999s", ":goto 1e9\r"):
            t.type(keys)
            t.type("h")
            t.wait("Keys and commands")
            t.keys("Escape")
            t.wait_without("Keys and commands")
        t.type("$")
        t.keys("C-c")
        t.wait("Ctrl-C again quits")
        t.type("I")
        t.wait_without("Ctrl-C")
        t.type("q")
        t.check_ended(0)


def what_becomes_of_the_file_shows():
    with Terminal() as t, tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.jsonl")
        subprocess.run([APP, "run", "--trace", path, SCENARIO], check=True,
                       stdout=subprocess.DEVNULL, timeout=PATIENCE)
        with open(path) as f:
            lines = f.readlines()
        with open(path, "w") as f:
            f.write("".join(lines[:21]) + lines[21][:10])
        t.start(path)
        t.wait("event 0/20")
        t.type("$")
        t.wait("event 20/20")
        with open(path, "a") as f:
            f.write(lines[21][10:] + "".join(lines[22:]))
        t.wait("event 20/51")
        t.type("s")
        t.wait("event 21/51")
        os.rename(path, path + ".old")
        t.wait("the file was removed")
        t.type("q")
        t.check_ended(0)
        os.rename(path + ".old", path)
        t.start(path)
        t.wait("event 0/51")
        t.type("$")
        t.wait("event 51/51")
        os.truncate(path, 300)
        t.wait("not reloaded: ")
        t.type("^$SSnNiI")
        t.type("h")
        t.wait("Keys and commands")
        t.keys("Escape")
        t.type("q")
        t.check_ended(0)


def what_is_being_recorded_is_followed():
    with Terminal() as t, tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.jsonl")
        part = path + ".part"
        with open(part, "wb"):
            pass  # Python takes a moment to begin
        recording = subprocess.Popen(
            ["sh", "-c", f"sleep 1; {APP} run -q --trace - {SCENARIO} | "
             f"head -n 21 >> {part}"])
        t.start(path)
        recording.wait(PATIENCE)
        t.wait("event 0/20")
        t.type("c")
        t.wait("no breakpoint: the end so far")
        done = subprocess.run([APP, "run", "-q", "--trace", "-", SCENARIO],
                              check=True, stdout=subprocess.PIPE,
                              timeout=PATIENCE)
        with open(part, "ab") as f:
            f.writelines(done.stdout.splitlines(keepends=True)[21:])
        t.wait("event 20/51")
        os.rename(part, path)
        t.type("$")
        t.wait("event 51/51")
        t.type("c")
        t.wait("this is the end")
        os.rename(path, path + ".old")
        t.wait("the file was removed")
        t.type("q")
        t.check_ended(0)


def what_is_piped_leaves_the_keys_to_the_terminal():
    with Terminal() as t:
        t.type(f"cat {SCENARIO} | {NAME} step -")
        t.keys("Enter")
        t.wait(r"event 0/51")
        t.type("s")
        t.wait(r"event 1/51")
        t.keys("C-z")
        t.wait(PROMPT)
        t.check_left()
        t.type("fg")
        t.keys("Enter")
        t.wait(r"event 1/51")
        t.type("s")
        t.wait(r"event 2/51")
        t.type("q")
        t.check_left()


def a_run_goes_on_with_what_is_piped():
    with Terminal() as t:
        trace = os.path.join(t.folder.name, "trace")
        go = os.path.join(t.folder.name, "go")
        run = subprocess.run([APP, "run", "-f", "jsonl", SCENARIO],
                             capture_output=True, text=True, check=True)
        with open(trace, "w") as file:
            file.write(run.stdout)
        t.type(f"(head -n 9 {trace}; until test -e {go}; do sleep 0.1; done; "
               f'tail -n +10 {trace}) | {NAME} step -; echo "status $?"')
        t.keys("Enter")
        t.wait(r"event 0/8")
        t.type(":speed 1000")
        t.keys("Enter")
        t.type("r")
        t.wait(r"running 1000/s .*event 8/")
        open(go, "w").close()
        t.wait(r"event 51/51")
        t.type("q")
        t.check_ended(0)


def what_ended_the_process_of_a_scenario_is_said():
    def kill_the_latest(t):
        children = subprocess.run(["pgrep", "-n", "-P", str(t.pid())],
                                  capture_output=True, text=True, check=True)
        os.kill(int(children.stdout), signal.SIGKILL)

    with Terminal(width=100) as t:
        path = os.path.join(t.folder.name, "endless.json")
        with open(path, "w") as f:
            json.dump({"scenario": 1, "functions": {"main": {
                "async": True, "body": [{"while": "True", "do": [
                    {"await": {"sleep": 1}}]}]}}}, f)
        t.start(path)
        t.type(f":diff {path}\r")
        t.wait("beside '")
        kill_the_latest(t)
        t.type(":diff\r")
        t.wait_without("beside '")
        t.wait_without("signal 9")
        kill_the_latest(t)
        t.type("G")
        t.wait("the trace ends here: the process that ran it was ended by "
               "signal 9")
        t.type("s")
        t.wait("there is no event after this")
        t.type("q")
        t.check_ended(0)
        t.wait_without("signal 9")


def what_is_edited_is_read_anew():
    with Terminal(height=30) as t, tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "s.json")

        def write(delay):
            with open(path + ".new", "w") as f:
                f.write('{"scenario": 1, "functions": {"main": {"async": '
                        'true, "body": [\n{"await": {"sleep": '
                        f'{delay}}}}},\n"1", {{"await": {{"sleep": 1}}}}]}}}},'
                        '"program": [{"asyncio.run": {"main": "main()"}}]}')
            os.rename(path + ".new", path)

        write(1.5)
        t.start(path)
        t.type(":goto 2s\r")
        t.wait(r"1\.5 s  event \d+/")
        write(3)
        t.wait(r"reloaded: \d+ events, ")
        t.wait(r"0\.0 s  event \d+/")  # at 2.5 s it waits for the first sleep
        t.type(":view program\r:goto 1\r")
        t.wait(r'"sleep": 3}')
        with open(path, "w") as f:
            f.write('{"scenario": 1')
        t.wait(r"not reloaded: .*s\.json:1:")
        t.wait(r'"sleep": 3}')
        t.type("s")
        t.wait_without("not reloaded")
        write(5)
        t.wait(r"reloaded: \d+ events, ")
        t.wait(r'"sleep": 5}')
        t.type("q")
        t.check_ended(0)


def tests():
    for kind in KINDS:
        for size in SIZES:
            yield keys_move_and_q_leaves, (kind, size)
    for kind in ("screen-256color", "vt100"):
        yield a_run_goes_on_by_itself_until_a_key, (kind,)
        yield an_editor_has_the_terminal_and_gives_it_back, (kind,)
    yield a_run_takes_its_time_from_its_key_on, ()
    yield what_is_typed_in_an_editor_is_not_for_the_stepper, ()
    yield an_editor_that_stops_itself_stops_the_stepper, ()
    for kind in ("dumb", "no-such-terminal"):
        yield a_terminal_that_can_do_too_little_is_refused, (kind,)
    yield it_is_drawn_anew_when_the_size_changes, ()
    for kind in ("xterm-256color", "screen-256color"):
        yield the_mouse_chooses_scrolls_and_is_let_go, (kind,)
    yield it_can_be_stopped_and_goes_on, ()
    yield what_runs_a_scenario_leaves_the_screen_alone, ()
    yield bright_colours_are_plain_where_there_are_eight, ()
    for kind in ("xterm-256color", "vt100"):
        yield ctrl_c_leaves_what_is_typed, (kind,)
        yield a_byte_that_is_no_character_is_dropped, (kind,)
    yield much_is_pasted_in_no_time, ()
    yield ctrl_c_stops_a_run, ()
    yield ctrl_c_twice_ends_it, ()
    for sig, status in ((15, INTERRUPTED), (1, INTERRUPTED),
                        (2, INTERRUPTED), (11, 139), (7, 135),
                        (8, 136), (6, 134), (3, 131), (10, 138), (12, 140),
                        (14, 142), (29, 157), (40, 168)):
        yield a_signal_ends_it, ("xterm-256color", sig, status)
    yield a_signal_ends_it, ("vt100", 11, 139)
    for name in (15, 1):
        yield a_signal_ends_it_where_the_terminal_was_stopped, (name,)
    yield numbers_are_not_written_as_the_locale_has_them, ()
    yield a_closed_terminal_ends_it, ()
    yield what_takes_long_can_be_given_up, ()
    yield what_becomes_of_the_file_shows, ()
    yield what_is_being_recorded_is_followed, ()
    yield what_ended_the_process_of_a_scenario_is_said, ()
    yield what_is_edited_is_read_anew, ()
    yield what_is_piped_leaves_the_keys_to_the_terminal, ()
    yield a_run_goes_on_with_what_is_piped, ()


def is_passed(chosen):
    test, arguments = chosen
    try:
        test(*arguments)
        return True
    except (Failed, OSError, subprocess.SubprocessError) as e:
        print(f"not ok: {test.__name__}{arguments}: {e}")
        return False


def main():
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(is_passed, tests()))
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
