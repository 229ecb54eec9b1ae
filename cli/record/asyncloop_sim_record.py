"""Run an asyncio program, and record what its loops do.

    python3 asyncloop_sim_record.py [--out FILE] PROGRAM.py [ARGUMENT...]

There are two kinds of programs.  Those that asyncloop-sim exported ask for a
virtual world; their traces are its proof.  All others run in the real one,
as they are: see "real programs" below.

Here as there the loop is CPython's own: _run_once, the heap, handles,
contexts, the self-pipe and signal handling are the unmodified code of the
asyncio package.
What is put around it are subclasses and wrappers which say what CPython's
code just did, one JSON object a line, in the trace format of asyncloop-sim.
In the virtual world there are under it a virtual clock, a virtual selector
and a list of happenings; its rules are those of sim/world/world.c: change
both or neither.

A program exported by asyncloop-sim imports from here what asyncio does not
have: `world`, `fd`, `read`, `write`, `busy` and `log`.  Run without the
recorder it works as well, and log() then prints.
"""

import _signal

# What interrupts this process before the program begins ends it without a word:
# importing asyncio takes a while.
is_deaf = __name__ == "__main__" and \
    _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
if is_deaf:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import asyncio
import builtins
import collections
import concurrent.futures.thread
import contextlib
import contextvars
import errno
import fcntl
import functools
import gc
import heapq
import inspect
import itertools
import json
import logging
import math
import os
import queue as real_queue
import re
import reprlib
import selectors
import signal as real_signal
import socket as real_socket
import sys
import textwrap
import threading as real_threading
import time as real_time
import traceback
import types
import warnings

from asyncio import base_events, coroutines, events, format_helpers, futures
from asyncio import selector_events, tasks, unix_events

__all__ = ["busy", "fd", "log", "read", "world", "write",
           "Deadlock", "LimitReached"]

FIRST_FD = 3

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE

STANDSTILL = 100000  # what a scenario has where it does not say otherwise


class Deadlock(SystemExit):
    """Nothing is ready or scheduled, and the world has nothing left."""


class LimitReached(SystemExit):
    """The run came to a limit that the program set."""


# -- the trace ----------------------------------------------------------------

# A frame's repr, and a code object's, say where they are besides.
PLACES = re.compile(
    r"""(?<=<frame) at 0x[0-9a-fA-F]+, file '[^']*', line \d+(?=, code )|"""
    r"""(<code object \S+) at 0x[0-9a-fA-F]+, file "[^"]*", line \d+(?=>)""")


def without_addresses(text):
    if " at 0x" in text:
        text = PLACES.sub(lambda match: match[1] or "", text)
        return re.sub(r" at 0x[0-9a-fA-F]+", "", text)
    return text


def encode_count(value):
    return str(int(value))


def encode_seconds(value):
    value = float(value)
    if math.isfinite(value):
        return repr(value)
    return f'"{value!r}"'


def encode_timeout(value):
    return "null" if value is None else encode_seconds(value)


def encode_flag(value):
    return "true" if value else "false"


def encode_id(value):
    return None if value is None else f'"{value}"'


# What a terminal would obey, or not show: as in sim/base/escape.c.
UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u034f\u061c\u115f-\u1160\u17b4-\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ue000-\uf8ff\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe-\uffff\U0001d173-\U0001d17a"
    "\U000e0000-\U0010ffff]")


def encode_text(value):
    if value is None:
        return None
    text = json.dumps(without_addresses(value), ensure_ascii=False)
    return UNSAFE.sub(lambda match: json.dumps(match[0])[1:-1], text)


# How each field of an event is written; None leaves it out.
ENCODE = {
    "n": encode_count, "ready": encode_count, "scheduled": encode_count,
    "cancelled": encode_count, "removed": encode_count, "kept": encode_count,
    "sig": encode_count, "h": encode_id, "by": encode_id,
    "task": encode_id, "future": encode_id, "name": encode_text,
    "coro": encode_text, "outcome": encode_text,
    "when": encode_seconds, "duration": encode_seconds,
    "timeout": encode_timeout, "debug": encode_flag,
    "callback": encode_text, "args": encode_text, "fds": encode_text,
    "fd": encode_text, "level": encode_text, "type": encode_text,
    "message": encode_text, "text": encode_text, "function": encode_text,
}


def header_line(name, python, knobs, extra="", is_real=False, **clock):
    """The first line of a trace; is_real: the clock is, and shows what it
    will."""
    loop = ",".join(
        f'"{key}":' + (encode_flag(value) if isinstance(value, bool)
                       else encode_count(value)
                       if key == "min_scheduled_timer_handles"
                       else encode_seconds(value))
        for key, value in knobs.items())
    clock = ",".join(f'"{key}":{encode_seconds(value)}'
                     for key, value in clock.items())
    producer = "CPython %d.%d.%d" % sys.version_info[:3] + extra
    return (f'{{"trace":1,"producer":{encode_text(producer)},'
            f'"scenario":{encode_text(name or "")},'
            f'"python":"{python}",'
            + ('"real_time":true,' if is_real else "") +
            f'"loop":{{{loop},"clock":{{{clock}}}}}}}\n')


# The bound methods of a task that the loop calls, which in C are objects.
TASK_METHODS = {"TaskStepMethWrapper": "Task.__step",
                "builtin_function_or_method": "Task.__wakeup",
                "TaskWakeupMethWrapper": "Task.__wakeup"}  # before 3.8


def task_of(callback):
    """The task of which the callback is a step, or None."""
    task = attribute(callback, "__self__")
    if not isinstance(task, Task) or \
            type(callback).__name__ not in TASK_METHODS:
        return None
    # Its methods in C are of the same type as its wakeup, but have a name
    # under which they are found.
    return None if hasattr(task, getattr(callback, "__name__", "")) else task


def callback_name(callback):
    if task_of(callback) is not None:
        return TASK_METHODS[type(callback).__name__]
    for key in "__qualname__", "__name__":
        name = attribute(callback, key)
        if isinstance(name, str) and name:
            return name
    return safely(repr, callback)


def attribute(thing, name):
    """Of what may be anybody's; None where it has none, or raises."""
    try:
        return getattr(thing, name, None)
    except Exception:
        return None


def safely(describe, thing):
    """repr or str of what may be anybody's: it must not end the program."""
    try:
        return describe(thing)
    except Exception:
        return object.__repr__(thing)


def arg_text(arg):
    return arg._id if isinstance(arg, Told) else safely(repr, arg)


def args_text(args):
    return ", ".join(map(arg_text, args)) if args else None


def outcome_of(future):
    """The fields that say what a future that is done came to."""
    if future.cancelled():
        return {"outcome": "cancelled"}
    return outcome(future._exception)


def outcome(exc):
    if exc is None:
        return {"outcome": "result"}
    return {"outcome": "exception", "type": type(exc).__name__,
            "text": safely(str, exc)}


# -- lifetimes ----------------------------------------------------------------

NO_FRAME = (lambda: sys._getframe())()


def without_frames(traceback):
    """Another one, for except* tells by it whether a handler raised what it
    was given once more."""
    if traceback is None or traceback.tb_frame is NO_FRAME:
        return traceback
    return types.TracebackType(None, NO_FRAME, -1, 1)


def forget_frame(code, offset, exc):
    """The group that except* makes of an exception comes by no event but as
    the context of another one."""
    if world.forgets_frames:
        exc.__traceback__ = without_frames(exc.__traceback__)
        context = exc.__context__
        if context is not None:
            context.__traceback__ = without_frames(context.__traceback__)


def watch_frames():
    """Let no exception keep the frames that it went through alive, while the
    world says so: what only a traceback holds goes away when CPython happens
    to collect garbage, and tasks and coroutines report when they go away.

    Once, and never undone: to change what is monitored CPython walks the
    frames of every stack, and Pyodide's are not all there after a switch.

    Each frame that an exception reaches is a RAISE.  EXCEPTION_HANDLED would
    do for most, but where the stack is full forget_frame itself raises: there
    that leads to the same handler again, for ever."""
    monitoring = getattr(sys, "monitoring", None)
    if not monitoring or monitoring.get_tool(TOOL):
        return
    kinds = monitoring.events.PY_UNWIND, monitoring.events.RAISE
    monitoring.use_tool_id(TOOL, "asyncloop-sim")
    for kind in kinds:
        monitoring.register_callback(TOOL, kind, forget_frame)
    monitoring.set_events(TOOL, kinds[0] | kinds[1])


TOOL = 4  # an id that sys.monitoring has for nobody


# -- the world ----------------------------------------------------------------

class Fd:
    """A file descriptor of the virtual world."""

    def __init__(self, name, number):
        self.name = name
        self.number = number
        self.ready = 0  # of READ, WRITE

    def fileno(self):
        return self.number

    def __repr__(self):
        return f"<fd {self.name}>"


class SelfPipe:
    """The two ends of a loop's socketpair, as far as asyncio uses them."""

    def __init__(self, world):
        self.world = world
        self.fd = world.open_fd("self")
        self.bytes = bytearray()
        self.is_open = True

    def fileno(self):
        return self.fd.number if self.is_open else -1

    def setblocking(self, flag):
        pass

    def send(self, data):
        if not self.is_open:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        self.bytes += data
        self.world.set_ready(self.fd, READ)
        return len(data)

    def recv(self, size):
        data = bytes(self.bytes[:size])
        if not data:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        del self.bytes[:size]
        if not self.bytes:
            self.world.set_ready(self.fd, 0)
        return data

    def close(self):
        if self.is_open:
            self.is_open = False
            self.world.set_ready(self.fd, 0)


# -- threads: one runs at a time, until it blocks ------------------------------

class RealStack:
    """What a thread runs on: a real one, which waits while others run."""

    def __init__(self, run):
        self.run = run
        self.is_done = False
        self.ours, self.theirs = (real_threading.Semaphore(0)
                                  for _ in range(2))
        self.thread = real_threading.Thread(target=self.begin, daemon=True)

    def begin(self):
        self.ours.acquire()
        self.run()
        self.is_done = True
        self.theirs.release()

    def resume(self):
        if not self.thread.is_alive():
            self.thread.start()
        self.ours.release()
        self.theirs.acquire()

    def suspend(self):
        self.theirs.release()
        self.ours.acquire()


class Promise:
    """Of a wait that somebody ends."""

    def __init__(self):
        self.box = make_promise()
        self.keep = self.box.keep

    def wait(self):
        """run_sync() asks asyncio for a future, once: it is not to have one
        of the program's loop."""
        def as_it_is(promise):
            asyncio.ensure_future = real
            return promise

        real, asyncio.ensure_future = asyncio.ensure_future, as_it_is
        run_sync(self.box.promise)


class WebStack:
    """The same under Pyodide, which has no threads: its stack is switched.
    What asyncio keeps per thread is then one for all."""

    def __init__(self, run):
        self.run = run
        self.is_done = False
        self.ours = None
        self.kept = None, None

    def begin(self):
        self.run()
        self.is_done = True
        self.theirs.keep()

    def resume(self):
        kept = self.exchange(self.kept)
        self.theirs = Promise()
        if self.ours is None:
            start_stack(create_proxy(self.begin))
        else:
            self.ours.keep()
        self.theirs.wait()
        self.kept = self.exchange(kept)

    def suspend(self):
        self.ours = Promise()
        self.theirs.keep()
        self.ours.wait()

    @staticmethod
    def exchange(kept):
        """The running loop, and its task that runs."""
        loop = events._get_running_loop()
        task = None
        if loop is not None:
            task = tasks._swap_current_task(loop, None)
        events._set_running_loop(kept[0])
        if kept[0] is not None:
            tasks._swap_current_task(*kept)
        return loop, task


if sys.platform == "emscripten":
    from pyodide.code import run_js
    from pyodide.ffi import create_proxy, run_sync

    make_promise = run_js("() => { let keep; const promise = new Promise("
                          "f => { keep = f; }); return {promise, keep}; }")
    # Not from within another stack, but when that waits.
    start_stack = run_js("f => { Promise.resolve().then("
                         "() => f.callPromising()); }")
    Stack = WebStack
else:
    Stack = RealStack


class Waiting:
    """A thread that is blocked; who is None: the main one."""

    def __init__(self, point, who):
        self.point, self.who = point, who
        self.is_woken = False


class Thread:
    """Another thread in the eyes of asyncio, and of the program."""

    _numbers = itertools.count(1)

    def __init__(self, group=None, target=None, name=None, args=(),
                 kwargs=None, *, daemon=None, context=None):
        self.name = name or f"Thread-{next(self._numbers)}"
        self.daemon = bool(daemon)
        self._call = lambda: target(*args, **(kwargs or {}))
        self._stack = Stack(self._run)
        self._loop = None  # asyncio.set_event_loop
        self._raised = None
        self._kept = None  # world.cause, world.stepping while it is blocked
        self.ident = None

    def start(self):
        world.threads += 1
        self.ident = -world.threads
        self._kept = world.cause, None
        world.add_step(world.now, self)

    def is_alive(self):
        return self.ident is not None and not self._stack.is_done

    def join(self, timeout=None):
        if self.is_alive():
            world.wait(self, math.inf if timeout is None else timeout)

    def _run(self):
        events._event_loop_policy._local = Local(self._loop)
        try:
            contextvars.Context().run(self._call)
        except LimitReached as exc:
            self._raised = exc
        except BaseException as exc:
            if type(exc) is not SystemExit:  # as threading.excepthook
                world.emit("thread_error", function=self.name,
                           type=type(exc).__name__, text=safely(str, exc))
        self._stack.is_done = True
        world.wake(self)


def Local(loop):
    local = type(events._event_loop_policy._local)()
    local._loop = loop
    return local


class Condition:
    """threading.Condition, where one thread runs at a time: nobody else can
    have taken its lock."""

    def __init__(self, lock=None):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        pass

    def wait(self, timeout=None):
        if timeout is not None and timeout <= 0:
            return False
        return world.wait(self, math.inf if timeout is None else timeout)

    def notify_all(self):
        world.wake(self)


class SimpleQueue:
    """queue.SimpleQueue: who waits longest is woken first."""

    def __init__(self):
        self._items = collections.deque()

    def put(self, item):
        self._items.append(item)
        world.wake(self, all=False)

    def get_nowait(self):
        if not self._items:
            raise real_queue.Empty
        return self._items.popleft()

    def get(self, block=True):
        while not self._items:
            world.wait(self, math.inf)
        return self._items.popleft()


class World:
    """Everything outside the loop, and the trace of one run."""

    def __init__(self):
        self.knobs = {
            "debug": False,
            "slow_callback_duration": 0.1,
            "min_scheduled_timer_handles": 100,
            "min_cancelled_timer_handles_fraction": 0.5,
            "maximum_select_timeout": 86400,
        }
        self.scenario = None
        self.python = "%d.%d" % sys.version_info[:2]
        self.widens_end_time = False
        self.start, self.resolution, self.tick = 0.0, 1e-9, 0.0
        self.until = self.iterations = self.standstill = None
        self.now = 0.0
        self.items = collections.deque()  # (at, apply), in order of time
        self.turns = self.turns_so_far = 0  # of the loops; since turn_time
        self.turn_time = None
        self.fds = []
        self.ready = {}  # fd -> None, in the order in which they got ready
        self.pipes = {}  # number of a self-pipe's fd -> the pipe
        self.wakeup_fd = -1  # signal.set_wakeup_fd
        self.handlers = {}  # of signals: signal.signal
        self.loops = 0
        self.handles = 0
        self.futures = 0
        self.tasks = 0
        self.named_tasks = 0
        self.stepping = None  # the task whose step is running
        self.popped = None  # a handle, from the ready queue
        self.waking = None  # what it is about to ask for a result
        self.cause = None  # id of the running handle or job, or "world"
        self.thread = None  # a Thread; None: the main one
        self.threads = 0
        self.jobs = 0  # that executors were given
        self.is_over = False  # whoever blocks is to end
        self.ending = None  # the first limit or deadlock
        self.waiting = []  # Waiting, in the order in which they began
        self.turning = []  # loops inside _run_once, innermost last
        self.out = None  # a file; None: nothing is recorded
        self.failure = None  # the OSError that ended recording
        self.has_header = False
        self.prints_log = True
        self.warns = False
        self.waits = None  # at a deadlock, lines: who waits for what
        self.forgets_frames = False
        self.real_fds = {}  # that were watched, and are never ready here

    # -- told by the program ---------------------------------------------

    def configure(self, *, scenario=None, debug=False,
                  slow_callback_duration=0.1, clock_start=0,
                  clock_resolution=1e-9, clock_tick=0, python=None,
                  min_scheduled_timer_handles=100,
                  min_cancelled_timer_handles_fraction=0.5,
                  maximum_select_timeout=86400):
        """Set the knobs of every loop that is made from now on, and the usual
        limit."""
        self.standstill = STANDSTILL
        watch_frames()
        self.forgets_frames = True
        self.scenario = scenario or self.scenario
        self.knobs = {
            "debug": debug,
            "slow_callback_duration": slow_callback_duration,
            "min_scheduled_timer_handles": min_scheduled_timer_handles,
            "min_cancelled_timer_handles_fraction":
                min_cancelled_timer_handles_fraction,
            "maximum_select_timeout": maximum_select_timeout,
        }
        self.start = self.now = float(clock_start)
        self.resolution = clock_resolution
        self.tick = clock_tick
        if python == "3.15" and sys.version_info < (3, 15):
            self.python = python
            self.widens_end_time = True
        set_thresholds(self.knobs)

    def limit(self, *, until=None, iterations=None, standstill=STANDSTILL):
        """End the run at a virtual time, after n turns of the loop, or after
        so many while time stands still."""
        self.until = None if until is None else float(until)
        self.iterations = iterations
        self.standstill = standstill

    def at(self, when, *, fd=None, readable=None, writable=None,
           signal=None, thread=None, do=None):
        """Let something happen at a virtual time."""
        if fd is not None:
            def happen():
                self.change_fd(fd, readable, writable)
        elif signal is not None:
            def happen():
                self.send_signal(signal)
        else:
            def happen():
                self.run_thread(thread, do)
        self.add(when, happen)

    def add(self, when, happen):
        place = len(self.items)
        while place > 0 and self.items[place - 1][0] > when:
            place -= 1
        self.items.insert(place, (when, happen))

    # -- time --------------------------------------------------------------

    def time(self):
        return self.shown_at(self.now)

    def shown_at(self, time):
        # Beyond 2**53 ticks a double cannot tell one from the next.
        if self.tick > 0 and time / self.tick < 2.0 ** 53:
            return math.floor(time / self.tick) * self.tick
        return time

    def apply_next(self):
        at, happen = self.items.popleft()
        if at > self.now:
            self.now = float(at)
        if isinstance(happen, Thread):
            self.resume(happen)
        else:
            happen()

    def apply_until(self, time):
        while self.items and self.items[0][0] <= time:
            self.apply_next()

    def is_beyond_limit(self, time):
        return self.until is not None and time > self.until

    def end_by(self, kind, text):
        """The run ends so, whatever the program makes of it: it may catch
        what is raised, or fail in turn as it cleans up."""
        if self.ending is None:
            self.ending = kind(text)  # another: this one keeps no frames
            if kind is Deadlock and self.warns:
                self.waits = list(who_waits())
        raise kind(text)

    def reach_time_limit(self):
        self.now = max(self.now, self.until)
        self.end_by(LimitReached,
                    f"virtual time limit of {self.until!r} s")

    def busy(self, seconds):
        if seconds < 0:
            raise ValueError("busy() takes a non-negative duration")
        self.work_until(self.now + seconds)

    def work_until(self, target):
        if self.thread:
            self.block(None, target)
            return
        if self.is_beyond_limit(target):
            self.apply_until(self.until)
            self.reach_time_limit()
        self.apply_until(target)
        self.now = max(self.now, float(target))

    # -- fds ---------------------------------------------------------------

    def open_fd(self, name):
        fd = Fd(name, FIRST_FD + len(self.fds))
        self.fds.append(fd)
        return fd

    def fd(self, name):
        for fd in self.fds:
            if fd.name == name and fd.number not in self.pipes:
                return fd
        return self.open_fd(name)

    def fd_name(self, fileobj):
        number = fileobj if isinstance(fileobj, int) else fileobj.fileno()
        index = number - FIRST_FD
        return self.fds[index].name if 0 <= index < len(self.fds) \
            else str(number)

    def note_watched(self, fileobj):
        number = fileobj if isinstance(fileobj, int) else fileobj.fileno()
        if FIRST_FD <= number < FIRST_FD + len(self.fds):
            return
        if self.warns and not self.real_fds:
            complain(f"the program waits for the real fd {number}: under a "
                     "virtual clock real ones are never ready")
        self.real_fds[number] = None

    def socketpair(self):
        pipe = SelfPipe(self)
        self.pipes[pipe.fileno()] = pipe
        return pipe, pipe

    def set_ready(self, fd, ready):
        if not ready:
            self.ready.pop(fd, None)
        elif not fd.ready:
            self.ready[fd] = None
        fd.ready = ready
        if ready:
            self.wake(self)

    def change_fd(self, fd, readable, writable):
        ready = fd.ready
        for state, which in (readable, READ), (writable, WRITE):
            if state is not None:
                ready = ready | which if state else ready & ~which
        self.set_ready(fd, ready)

    def drain(self, fd, which):
        was_ready = bool(fd.ready & which)
        self.set_ready(fd, fd.ready & ~which)
        return was_ready

    # -- select ------------------------------------------------------------

    def collect(self, keys):
        found = []
        for fd in self.ready:
            key = keys.get(fd.number)
            if key is not None and key.events & fd.ready:
                found.append((key, key.events & fd.ready))
        return found

    def begin_turn(self):
        if self.iterations and self.turns >= self.iterations:
            self.end_by(LimitReached, f"limit of {self.iterations} iterations")
        if self.now != self.turn_time:
            self.turn_time, self.turns_so_far = self.now, 0
        if self.standstill and self.turns_so_far >= self.standstill:
            self.end_by(LimitReached, f"{self.standstill} iterations without "
                                      "time moving: a busy loop?")
        self.turns_so_far += 1
        self.turns += 1

    def creep(self):
        """Where the clock's resolution is lost in rounding, polling goes on
        until the clock has moved: let it."""
        now = self.time()
        if not now + self.resolution > now:
            later = now + self.tick
            while self.shown_at(later) <= now:
                later = math.nextafter(later, math.inf)
            self.now = max(self.now, later)

    def select(self, keys, timeout):
        if timeout is not None and math.isnan(timeout):
            math.ceil(timeout)  # raises what the real selector would
        asked = self.now
        self.let_happen()
        found = self.collect(keys)
        if found:
            return found
        if timeout == 0:
            if isinstance(timeout, float):  # a timer's moment is now
                self.creep()
            return []
        deadline = math.inf if timeout is None else asked + timeout
        if self.thread:
            return self.wait_in_thread(deadline, keys)
        return self.wait_until(deadline, keys)

    def let_happen(self):
        if self.thread:
            self.block(None, self.now)
        else:
            self.apply_until(self.now)

    def wait_in_thread(self, deadline, keys):
        while True:
            is_woken = self.block(self, deadline)
            found = self.collect(keys)
            if found or not is_woken:
                return found

    def wait_until(self, deadline, keys):
        while self.items and self.items[0][0] <= deadline:
            if self.is_beyond_limit(self.items[0][0]):
                self.reach_time_limit()
            self.apply_next()
            self.apply_until(self.now)
            found = self.collect(keys)
            if found:
                return found
        if deadline == math.inf:
            self.end_by(Deadlock,
                        "nothing can ever happen again" + self.reason())
        if self.is_beyond_limit(deadline):
            self.reach_time_limit()
        self.now = max(self.now, deadline)
        return []

    def reason(self):
        if not self.real_fds:
            return ""
        return ("; real fds are never ready here: " +
                ", ".join(map(str, self.real_fds)))

    # -- signals and threads -----------------------------------------------

    def send_signal(self, signum):
        signum = int(signum)
        if signum in self.handlers:
            pipe = self.pipes.get(self.wakeup_fd)
            if pipe is not None and pipe.is_open:
                pipe.send(bytes([signum]))
            outer, self.cause = self.cause, "world"
            try:
                self.handlers[signum](signum, None)
            finally:
                self.cause = outer
        elif signum == real_signal.SIGINT:
            raise KeyboardInterrupt
        else:
            raise SystemExit(128 + signum)

    def run_thread(self, name, do):
        """Run `do` as a thread would: nothing of the main thread's shows."""
        thread = Thread(target=do, name=name)
        # It begins with asyncio.set_event_loop(the main thread's loop).
        thread._loop = events._get_running_loop() or \
            events._event_loop_policy._local._loop
        self.threads += 1
        thread.ident = -self.threads
        thread._kept = "world", None
        self.resume(thread)

    def add_step(self, when, thread):
        self.add(when, thread)

    def resume(self, thread):
        """Let it run until it blocks or ends."""
        policy = events._event_loop_policy
        outer = self.cause, self.stepping, self.turning, policy._local
        self.cause, self.stepping, *kept = thread._kept
        self.turning, policy._local = kept or ([], Local(thread._loop))
        self.thread = thread
        thread._stack.resume()
        self.thread = None
        thread._kept = self.cause, self.stepping, self.turning, policy._local
        self.cause, self.stepping, self.turning, policy._local = outer
        if thread._raised is not None:
            raise thread._raised

    def block(self, point, deadline):
        """In a thread: let the others go on until it is woken, or the time
        has come.  Was it woken?"""
        thread = self.thread
        waiting = Waiting(point, thread)
        if self.is_over:
            raise LimitReached("the run is over")
        self.waiting.append(waiting)
        if deadline < math.inf:
            self.add_step(deadline, thread)
        thread._stack.suspend()
        self.waiting.remove(waiting)
        if self.is_over:
            raise LimitReached("the run is over")
        return waiting.is_woken

    def end_threads(self):
        """Nothing is recorded any more: let those go that still wait.  What
        an exception handler does when garbage is collected later moves the
        clock, but nothing happens by it."""
        self.is_over = True
        for waiting in list(self.waiting):
            if waiting.who is not None:
                with contextlib.suppress(LimitReached):
                    self.resume(waiting.who)
        self.items.clear()

    def wait(self, point, seconds):
        """Until it is woken, or for so many seconds."""
        deadline = self.now + seconds
        if self.thread:
            return self.block(point, deadline)
        waiting = Waiting(point, None)
        self.waiting.append(waiting)
        try:
            self.wait_in_main(waiting, deadline)
        finally:
            self.waiting.remove(waiting)
        return waiting.is_woken

    def wait_in_main(self, waiting, deadline):
        while not waiting.is_woken and self.items and \
                self.items[0][0] <= deadline:
            if self.is_beyond_limit(self.items[0][0]):
                self.reach_time_limit()
            self.apply_next()
        if waiting.is_woken:
            return
        if deadline == math.inf:
            self.end_by(Deadlock, "nothing can ever happen again")
        if self.is_beyond_limit(deadline):
            self.reach_time_limit()
        self.now = max(self.now, deadline)

    def wake(self, point, all=True):
        """Who is woken goes on at once, but after what happens now already."""
        for waiting in self.waiting:
            if waiting.point is not point or waiting.is_woken:
                continue
            waiting.is_woken = True
            if waiting.who is not None:
                for place, (_, step) in enumerate(self.items):
                    if step is waiting.who:
                        del self.items[place]
                        break
                self.add_step(self.now, waiting.who)
            if not all:
                return

    # -- the trace ---------------------------------------------------------

    def emit(self, kind, loop=None, **fields):
        if self.out is None:
            return
        if not self.has_header:
            self.has_header = True
            self.write(self.header())
        line = [f'{{"e":"{kind}","t":{encode_seconds(self.time())}']
        if loop is not None and loop._number != 1:
            line.append(f'"loop":"l{loop._number}"')
        for key, value in fields.items():
            text = ENCODE[key](value)
            if text is not None:
                line.append(f'"{key}":{text}')
        self.write(",".join(line) + "}\n")

    def write(self, line):
        """The program must not see that its trace cannot be written."""
        try:
            self.out.write(line)
        except OSError as exc:
            self.failure = exc
            self.out = None

    def header(self):
        extra = " with 3.15's end_time" if self.widens_end_time else ""
        return header_line(self.scenario, self.python, self.knobs, extra,
                           start=self.start, resolution=self.resolution,
                           tick=self.tick)

    def log(self, text):
        if self.prints_log:
            print(f"[{self.time()!r}] {text}")
        self.emit("log", current_loop(), text=str(text), by=self.cause)

    def tell_task_end(self):
        """C code ends a task without calling anything that could tell: so
        this is asked after its step."""
        if self.stepping is not None:
            self.stepping._tell_end()

    def end(self, exc=None):
        """The last line; what happens afterwards is not recorded."""
        if exc is None:
            self.emit("end")
        else:
            self.emit("end", type=type(exc).__name__, text=safely(str, exc))
        self.out = None


world = World()


def fd(name):
    """The file descriptor of that name in the virtual world."""
    return world.fd(name)


def read(fd):
    """Drain fd: it is no longer readable.  True if it was."""
    return world.drain(fd, READ)


def write(fd):
    """Fill fd: it is no longer writable.  True if it was."""
    return world.drain(fd, WRITE)


def current_loop():
    """The running loop, else the one that was set, or None."""
    slot = getattr(events._event_loop_policy, "_local", None)
    return events._get_running_loop() or getattr(slot, "_loop", None)


def busy(seconds):
    """Work: virtual time passes, and the loop can do nothing else."""
    world.busy(seconds)


def log(text):
    """Write a line into the trace."""
    world.log(text)


# -- under the loop: its selector ---------------------------------------------

class Selector(selectors._BaseSelectorImpl):
    """Python's own bookkeeping; the world says what is ready."""

    def __init__(self, world):
        super().__init__()
        self.world = world
        self.loop = None

    def register(self, fileobj, events, data=None):
        self.world.note_watched(fileobj)
        return super().register(fileobj, events, data)

    def select(self, timeout=None):
        world, loop = self.world, self.loop
        world.emit("select", loop, timeout=timeout)
        found = world.select(self._fd_to_key, timeout)
        world.emit("wake", loop, fds=self.describe(found))
        return found

    def describe(self, found):
        letters = {READ: "r", WRITE: "w", READ | WRITE: "rw"}
        return " ".join(f"{self.world.fd_name(key.fd)}:{letters[mask]}"
                        for key, mask in found) or None


# -- around the loop: handles and queues that tell ----------------------------

def named_as(original):
    """Let an override be called what it overrides: reprs show it."""
    def rename(function):
        function.__name__ = original.__name__
        function.__qualname__ = original.__qualname__
        return function
    return rename


def recorded(base):
    """A subclass of a handle class that has an id and tells what it does."""

    def __init__(self, *args, **kwargs):
        world.handles += 1
        self._id = f"h{world.handles}"
        base.__init__(self, *args, **kwargs)

    @named_as(base.cancel)
    def cancel(self):
        was_cancelled = self._cancelled
        base.cancel(self)
        if not was_cancelled:
            world.emit("cancel", self._loop, h=self._id, by=world.cause)

    @named_as(base._run)
    def _run(self):
        loop, outer = self._loop, (world.cause, world.stepping)
        start = world.time()
        task = task_of(self._callback)
        world.emit("run", loop, h=self._id,
                   callback=callback_name(self._callback),
                   task=task and task._id)
        world.cause, world.stepping = self._id, task
        world.waking = self._args[0] if task and self._args else None
        try:
            base._run(self)
        finally:
            world.tell_task_end()
            world.cause, world.stepping = outer
            world.emit("ran", loop, h=self._id,
                       duration=world.time() - start)

    was_cancelled = base._cancelled

    def is_cancelled(self):
        """_run_once looks at what it popped, and has dropped the one before:
        a cancelled one is passed over."""
        cancelled = was_cancelled.__get__(self)
        if world.popped is self:
            world.popped = None
            if cancelled:
                world.emit("skip", self._loop, h=self._id)
        return cancelled

    return type(base.__name__, (base,), {
        "_cancelled": property(is_cancelled, was_cancelled.__set__),
        "__slots__": ("_id",), "__qualname__": base.__qualname__,
        "__module__": base.__module__, "__init__": __init__,
        "cancel": cancel, "_run": _run,
    })


class Ready(collections.deque):
    """The ready queue: says which handle is looked at next."""

    __slots__ = ()

    def popleft(self):
        world.popped = handle = super().popleft()
        return handle


def heappop(heap):
    """_run_once pops cancelled timers before select, due ones after it."""
    handle = heapq.heappop(heap)
    loop = world.turning[-1]
    world.emit("due" if loop._has_selected else "prune", loop, h=handle._id)
    return handle


Base = unix_events._UnixSelectorEventLoop


class Loop(Base):
    """CPython's loop.  Every method here calls the one it overrides."""

    _is_turning = False
    _has_selected = False
    _iteration = 0

    @named_as(Base.__init__)
    def __init__(self, selector=None):
        self._world = world
        super().__init__(Selector(world))

    def _make_self_pipe(self):
        """BaseEventLoop's part is initialised: now it can be recorded."""
        knobs = self._world.knobs
        self._world.loops += 1
        self._number = self._world.loops
        self._selector.loop = self
        self._debug = knobs["debug"]
        self.slow_callback_duration = knobs["slow_callback_duration"]
        self._clock_resolution = self._world.resolution
        self._ready = Ready()
        self._emit("loop", debug=self._debug)
        super()._make_self_pipe()

    def _emit(self, kind, **fields):
        self._world.emit(kind, self, **fields)

    def _emit_handle(self, kind, handle, callback, args, **fields):
        before = {"fd": fields.pop("fd")} if "fd" in fields else \
                 {"sig": fields.pop("sig")} if "sig" in fields else {}
        task = task_of(callback)
        self._emit(kind, **before, h=handle._id,
                   callback=callback_name(callback), task=task and task._id,
                   args=args_text(args), **fields, by=self._world.cause)

    @named_as(Base.time)
    def time(self):
        return self._world.time()

    # The heap is replaced as a whole when it is compacted, and only then.
    @property
    def _scheduled(self):
        return self._heap

    @_scheduled.setter
    def _scheduled(self, heap):
        if self._is_turning:
            self._emit("compact", removed=len(self._heap) - len(heap),
                       kept=len(heap))
        self._heap = heap

    # 3.15 looks ahead by at least one unit in the last place of time().
    @property
    def _clock_resolution(self):
        if self._world.widens_end_time:
            return max(self._resolution, math.ulp(self.time()))
        return self._resolution

    @_clock_resolution.setter
    def _clock_resolution(self, resolution):
        self._resolution = resolution

    # -- scheduling ----------------------------------------------------------

    @named_as(Base.call_soon)
    def call_soon(self, callback, *args, context=None):
        handle = super().call_soon(callback, *args, context=context)
        self._emit_handle("call_soon", handle, callback, args)
        return handle

    @named_as(Base.call_at)
    def call_at(self, when, callback, *args, context=None):
        handle = super().call_at(when, callback, *args, context=context)
        self._emit_handle("call_at", handle, callback, args, when=when)
        return handle

    @named_as(Base.call_soon_threadsafe)
    def call_soon_threadsafe(self, callback, *args, context=None):
        handle = super().call_soon_threadsafe(callback, *args,
                                              context=context)
        self._emit_handle("call_soon_threadsafe", handle, callback, args)
        return handle

    # -- fds and signals -----------------------------------------------------

    def _add_reader(self, fd, callback, *args):
        handle = super()._add_reader(fd, callback, *args)
        if handle is None:  # before 3.9.6 it is not returned
            handle = self._selector.get_key(fd).data[0]
        self._emit_handle("add_reader", handle, callback, args,
                          fd=self._world.fd_name(fd))
        return handle

    def _add_writer(self, fd, callback, *args):
        handle = super()._add_writer(fd, callback, *args)
        if handle is None:
            handle = self._selector.get_key(fd).data[1]
        self._emit_handle("add_writer", handle, callback, args,
                          fd=self._world.fd_name(fd))
        return handle

    def _remove_reader(self, fd):
        removed = super()._remove_reader(fd)
        if removed:
            self._emit("remove_reader", fd=self._world.fd_name(fd),
                       by=self._world.cause)
        return removed

    def _remove_writer(self, fd):
        removed = super()._remove_writer(fd)
        if removed:
            self._emit("remove_writer", fd=self._world.fd_name(fd),
                       by=self._world.cause)
        return removed

    def _add_callback(self, handle):
        count = len(self._ready)
        super()._add_callback(handle)
        if len(self._ready) > count:
            self._emit("ready", h=handle._id)

    @named_as(Base.add_signal_handler)
    def add_signal_handler(self, sig, callback, *args):
        super().add_signal_handler(sig, callback, *args)
        self._emit_handle("add_signal_handler", self._signal_handlers[sig],
                          callback, args, sig=sig)

    @named_as(Base.remove_signal_handler)
    def remove_signal_handler(self, sig):
        removed = super().remove_signal_handler(sig)
        if removed:
            self._emit("remove_signal_handler", sig=sig,
                       by=self._world.cause)
        return removed

    # -- errors --------------------------------------------------------------

    @named_as(Base.call_exception_handler)
    def call_exception_handler(self, context):
        exc = message = None
        self._world.tell_task_end()
        if isinstance(context, dict):
            if isinstance(context.get("future", context.get("task")), Told):
                context.pop("source_traceback", None)
            exc, message = context.get("exception"), context.get("message")
        self._emit("exception",
                   message=None if message is None else safely(str, message),
                   type=None if exc is None else type(exc).__name__,
                   text=None if exc is None else safely(str, exc),
                   by=self._world.cause)
        super().call_exception_handler(context)

    # -- running -------------------------------------------------------------

    def _run_once(self):
        self._world.begin_turn()
        self._iteration += 1
        self._emit("iteration", n=self._iteration, ready=len(self._ready),
                   scheduled=len(self._heap),
                   cancelled=self._timer_cancelled_count)
        self._has_selected = False
        self._is_turning = True
        self._world.turning.append(self)
        try:
            super()._run_once()
        finally:
            self._world.turning.pop()
            self._is_turning = False

    def _process_events(self, event_list):
        super()._process_events(event_list)
        self._has_selected = True

    def _run_forever_setup(self):
        super()._run_forever_setup()
        self._emit("start")

    def _run_forever_cleanup(self):
        super()._run_forever_cleanup()
        self._emit("stopped")

    @named_as(Base.stop)
    def stop(self):
        super().stop()
        self._emit("stop", by=self._world.cause)

    @named_as(Base.close)
    def close(self):
        was_closed = self.is_closed()
        super().close()
        if not was_closed:
            self._emit("close")


Loop.__name__ = Base.__name__
Loop.__qualname__ = Base.__qualname__
Loop.__module__ = Base.__module__


# -- futures and tasks that tell ----------------------------------------------

class Told:
    """What has an id in the trace: an asyncio.Future, or a kind of it."""

    _serial = 0  # in the order of creation, among futures and tasks
    _source_traceback = None  # no "created at" in debug mode

    def _count(self):
        self._serial = world.futures + world.tasks

    @property
    def _asyncio_awaited_by(self):
        awaiters = super()._asyncio_awaited_by
        return awaiters and InOrder(awaiters)


class Exact:
    """Mixed into what stands for Future or Task itself: a task that is woken
    by one of these takes its exception as it is, and asks others for their
    result(), which gives the exception a __context__."""

    def result(self, *args, **kwargs):
        exc = self._exception
        if exc is None or world.waking is not self:
            return super().result(*args, **kwargs)
        world.waking = None
        context = exc.__context__
        try:
            return super().result()
        finally:
            exc.__context__ = context


class ToldFuture(Told):
    """Mixed into a kind of future: tells of its end."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        world.futures += 1
        self._count()
        self._id = f"f{world.futures}"
        world.emit("future", self._loop, future=self._id, by=world.cause)

    def _tell_done(self, fields):
        world.emit("future_done", self._loop, future=self._id, **fields,
                   by=world.cause)

    def set_result(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and not self.done():
            self._tell_done(outcome(None))
        super().set_result(*args, **kwargs)

    def set_exception(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and not self.done():
            if isinstance(args[0], type):
                args = args[0](),
            if isinstance(args[0], BaseException):
                self._tell_done(outcome(self._to_be(args[0])))
        super().set_exception(*args, **kwargs)

    @staticmethod
    def _to_be(exception):
        if isinstance(exception, StopIteration):
            return RuntimeError("StopIteration interacts badly with "
                                "generators and cannot be raised into a "
                                "Future")
        return exception


def is_cancel(args, kwargs):
    """May cancel() be called so?"""
    return len(args) + len(kwargs) <= 1 and kwargs.keys() <= {"msg"}


real_future = futures.Future


class ClassInC(type):
    """Errors name a class of C's by its whole name, "_asyncio.Future", which
    is the __name__ of one that is not."""

    __name__ = property(lambda cls: cls.__qualname__)


class FutureClass(ClassInC):
    """Has tasks be instances of what stands for Future: in C they are."""

    def __instancecheck__(cls, value):
        if cls is futures.Future:
            return isinstance(value, real_future)
        return super().__instancecheck__(value)

    def __subclasscheck__(cls, other):
        if cls is futures.Future:
            return issubclass(other, real_future)
        return super().__subclasscheck__(other)


def of_tasks_too(method):
    """Future.set_result(task, ...) does what a task itself refuses."""
    def decorate(function):
        def call(self, *args, **kwargs):
            if not isinstance(self, Task):
                return function(self, *args, **kwargs)
            try:
                return method(self, *args, **kwargs)
            finally:
                self._tell_end()
        return call
    return decorate


class Future(ToldFuture, Exact, real_future, metaclass=FutureClass):
    """Its methods may be called of any future, as Future.cancel(task)."""

    @of_tasks_too(real_future.set_result)
    def set_result(self, *args, **kwargs):
        ToldFuture.set_result(self, *args, **kwargs)

    @of_tasks_too(real_future.set_exception)
    def set_exception(self, *args, **kwargs):
        ToldFuture.set_exception(self, *args, **kwargs)

    @of_tasks_too(real_future.cancel)
    def cancel(self, *args, **kwargs):
        if is_cancel(args, kwargs) and not self.done():
            self._tell_done({"outcome": "cancelled"})
        return real_future.cancel(self, *args, **kwargs)


class GatheringFuture(ToldFuture, tasks._GatheringFuture):
    """Its cancel() only passes the request on."""


TASK_KEYWORDS = {"coro", "loop", "name", "context", "eager_start"}


class Task(Told, Exact, tasks.Task, metaclass=ClassInC):

    _is_told = False

    def __init__(self, *args, **kwargs):
        coro, *more = args or [kwargs.get("coro")]
        if (not coroutines.iscoroutine(coro) or more or
                args and "coro" in kwargs or
                not kwargs.keys() <= TASK_KEYWORDS):  # an error
            super().__init__(*args, **kwargs)
            return
        loop, name = kwargs.pop("loop", None), kwargs.pop("name", None)
        if loop is None:
            loop = events.get_event_loop()
        if name is None:
            world.named_tasks += 1
            name = f"Task-{world.named_tasks}"
        world.tasks += 1
        self._count()
        self._id = f"t{world.tasks}"
        world.emit("task", loop, task=self._id, name=str(name),
                   coro=callback_name(coro), by=world.cause)
        outer, world.stepping = world.stepping, self
        try:
            super().__init__(*args, loop=loop, name=name, **kwargs)
            world.tell_task_end()  # of an eager one
        except (SystemExit, KeyboardInterrupt):
            world.tell_task_end()  # of one that raised it
            raise
        finally:
            world.stepping = outer

    def _tell_end(self):
        if self.done() and not self._is_told:
            self._is_told = True
            world.emit("task_done", self._loop, task=self._id,
                       **outcome_of(self))

    def cancel(self, *args, **kwargs):
        if is_cancel(args, kwargs) and not self.done():
            world.emit("task_cancel", self._loop, task=self._id,
                       by=world.cause)
        return super().cancel(*args, **kwargs)


def disguise(cls, base):
    """Let reprs show what it stands for, and its methods too."""
    name = base.__name__
    if isinstance(cls, ClassInC):
        name = f"{base.__module__}.{name}"
    type.__dict__["__name__"].__set__(cls, name)
    cls.__qualname__, cls.__module__ = base.__qualname__, base.__module__
    for name, function in list(vars(cls).items()):
        if isinstance(function, types.FunctionType) and hasattr(base, name):
            named_as(getattr(base, name))(function)


class InOrder(set):
    """A set of futures and tasks in the order of their creation, where a
    set's own order is an accident of addresses; of what has none, such as
    coroutines, in the order in which they were given."""

    def __init__(self, items=()):
        items = list(items)
        super().__init__(items)
        self._places = {item: place for place, item in enumerate(items)
                        if not isinstance(item, Told)}

    def __iter__(self):
        places = self._places
        return iter(sorted(super().__iter__(), key=lambda item: (
            getattr(item, "_serial", 0), places.get(item, 0))))

    def __repr__(self):
        return "{%s}" % ", ".join(map(repr, self)) if self else "set()"

    def pop(self):
        if not self:
            raise KeyError("pop from an empty set")
        first = next(iter(self))
        self.remove(first)
        return first


InOrder.__name__ = InOrder.__qualname__ = "set"
InOrder.__module__ = "builtins"


def all_tasks(loop=None):
    return InOrder(real_all_tasks(loop))


real_all_tasks = tasks.all_tasks


def with_ordered_sets(function, module):
    """The same function, its set comprehensions in order."""
    source = textwrap.dedent(inspect.getsource(function))
    source = re.sub(r"= \{(.* for .*)\}$", r"= set([\1])", source,
                    flags=re.MULTILINE)
    names = {}
    exec(compile(source, "<asyncio>", "exec"), vars(module), names)
    result = names[function.__name__]
    result.__qualname__ = function.__qualname__
    return result


def forgetting_timer(handle_timeout):
    """Once it has fired the timer of as_completed() keeps nothing alive, which
    would last until garbage is collected."""
    @named_as(handle_timeout)
    def handle(self):
        self._timeout_handle = None
        handle_timeout(self)
    return handle


def format_coroutine(coro):
    """Without the line where it is."""
    if not hasattr(coro, "cr_code"):
        return real_format_coroutine(coro)
    state = "done" if inspect.getcoroutinestate(coro) == "CORO_CLOSED" \
        else "running"
    return f"{callback_name(coro)}() {state}"


real_format_coroutine = coroutines._format_coroutine


def function_source(function):
    """Functions of asyncio's are said to be nowhere."""
    source = real_function_source(function)
    return None if source and source[0].startswith(ASYNCIO) else source


real_function_source = format_helpers._get_function_source
ASYNCIO = os.path.dirname(asyncio.__file__) + os.sep


def warn_unawaited(coro):
    if world.out is None:
        real_warn_unawaited(coro)
    world.emit("log", current_loop(), level="WARNING",
               text=f"coroutine '{callback_name(coro)}' was never awaited",
               by=world.cause)


real_warn_unawaited = getattr(warnings, "_warn_unawaited_coroutine", None)


def show_warning(message, *args, **kwargs):
    """asend() and the like warn by themselves, as anything in C does."""
    text = str(message)
    if world.out is None or not text.startswith("coroutine method '"):
        real_show_warning(message, *args, **kwargs)
        return
    world.emit("log", current_loop(), level="WARNING", text=text,
               by=world.cause)


real_show_warning = warnings.showwarning


# -- call graphs --------------------------------------------------------------

class ShownId(str):
    """In the place of an address: formatted as hexadecimal it is itself."""

    def __format__(self, spec):
        return str(self)


def shown_id(thing):
    return ShownId(thing._id) if isinstance(thing, Told) else id(thing)


def frames_of_step():
    """id() of those inside the step of the task that runs: a set of frames
    would be in one of them itself, and keep them all."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code not in STEPPING:
        yield id(frame)
        frame = frame.f_back


def is_shown(entry, own):
    """Of plain functions those of the task's step that are the program's, and
    those that make the graph: not asyncio's, nor the recorder's."""
    frame = entry.frame
    if frame is None or frame.f_generator is not None:
        return True
    file = frame.f_code.co_filename
    return id(frame) in own and (file == graph.__file__ or not (
        file == __file__ or file.startswith(ASYNCIO)))


def capture_call_graph(future=None, /, *, depth=1, limit=None):
    deeper = depth + 1 if isinstance(depth, int) else depth
    captured = real_capture_call_graph(future, depth=deeper, limit=limit)
    if captured is None:
        return None
    own = set(frames_of_step())
    return graph.FutureCallGraph(
        captured.future,
        tuple(entry for entry in captured.call_stack if is_shown(entry, own)),
        captured.awaited_by)


def format_call_graph(future=None, /, *, depth=1, limit=None):
    """Without the places of frames."""
    text = real_format_call_graph(future, depth=depth + 1, limit=limit)
    return re.sub(r"^( *  \|   )File .*, line \d+, (?=in )", r"\1", text,
                  flags=re.MULTILINE)


def install_call_graphs():
    global graph, real_capture_call_graph, real_format_call_graph, STEPPING
    try:
        from asyncio import graph
    except ImportError:  # before 3.14
        return

    real_capture_call_graph = graph.capture_call_graph
    real_format_call_graph = graph.format_call_graph
    # What the program calls stands in the stack as if it were CPython's own.
    for function in capture_call_graph, format_call_graph:
        function.__code__ = function.__code__.replace(
            co_filename=graph.__file__)
        setattr(graph, function.__name__, function)
        setattr(asyncio, function.__name__, function)
    STEPPING = {vars(events.Handle)["_run"].__code__}
    graph.id = shown_id
    graph.print = lambda text, file=None: world.log(text)
    graph.futures = Instead(futures, Future=real_future)


def install_tasks():
    warnings._warn_unawaited_coroutine = warn_unawaited
    warnings.showwarning = show_warning
    warnings.filterwarnings("always", "coroutine method '", RuntimeWarning)
    disguise(Exact, futures.Future)
    disguise(ToldFuture, futures.Future)
    disguise(Future, futures.Future)
    disguise(GatheringFuture, tasks._GatheringFuture)
    disguise(Task, tasks.Task)
    asyncio.Future = futures.Future = Future
    asyncio.Task = tasks.Task = Task
    tasks._GatheringFuture = GatheringFuture
    asyncio.all_tasks = tasks.all_tasks = all_tasks
    if hasattr(tasks, "create_eager_task_factory"):
        asyncio.eager_task_factory = tasks.eager_task_factory = \
            tasks.create_eager_task_factory(Task)
    tasks.set = InOrder
    if hasattr(asyncio, "taskgroups"):
        asyncio.taskgroups.set = InOrder
    if hasattr(tasks, "_AsCompletedIterator"):
        iterator = tasks._AsCompletedIterator
        iterator.__init__ = with_ordered_sets(iterator.__init__, tasks)
        iterator._handle_timeout = forgetting_timer(iterator._handle_timeout)
    coroutines._format_coroutine = format_coroutine
    format_helpers._get_function_source = function_source


# -- in the place of modules that asyncio's modules use -----------------------

class Instead:
    """A module, some of whose names are others."""

    def __init__(self, module, **names):
        self._module = module
        self.__dict__.update(names)

    def __getattr__(self, name):
        return getattr(self._module, name)


def get_ident():
    return world.thread.ident if world.thread else real_threading.get_ident()


def current_thread():
    return world.thread or real_threading.current_thread()


def check_main_thread(name):
    if world.thread:
        raise ValueError(f"{name} only works in main thread of the main "
                         "interpreter")


def set_wakeup_fd(fd, *, warn_on_full_buffer=True):
    check_main_thread("set_wakeup_fd")
    world.wakeup_fd, old = fd, world.wakeup_fd
    return old


def set_signal(signum, handler):
    check_main_thread("signal")
    if signum in (9, 19):  # SIGKILL, SIGSTOP
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    if handler in (real_signal.SIG_DFL, real_signal.default_int_handler):
        world.handlers.pop(int(signum), None)
    else:
        world.handlers[int(signum)] = handler


def get_signal(signum):
    default = real_signal.default_int_handler \
        if signum == real_signal.SIGINT else real_signal.SIG_DFL
    return world.handlers.get(int(signum), default)


def set_running_loop(loop):
    """Before 3.13 nothing else shows where run_forever begins and ends."""
    running = events._get_running_loop()
    events._set_running_loop(loop)
    if loop is not None:
        world.emit("start", loop)
    elif running is not None:
        world.emit("stopped", running)


def set_thresholds(knobs):
    base_events._MIN_SCHEDULED_TIMER_HANDLES = \
        knobs["min_scheduled_timer_handles"]
    base_events._MIN_CANCELLED_TIMER_HANDLES_FRACTION = \
        knobs["min_cancelled_timer_handles_fraction"]
    base_events.MAXIMUM_SELECT_TIMEOUT = knobs["maximum_select_timeout"]


class LogHandler(logging.Handler):
    """What asyncio's logger is told becomes an event."""

    def emit(self, record):
        world.emit("log", self.loop_of(record), level=record.levelname,
                   text=record.getMessage(), by=world.cause)

    @staticmethod
    def loop_of(record):
        """The loop whose method logs."""
        frame = sys._getframe()
        while frame is not None:
            loop = frame.f_locals.get("self")
            if isinstance(loop, Loop):
                return loop
            frame = frame.f_back
        return None


class PoolLogHandler(LogHandler):
    """The same of concurrent.futures' logger, of what initializers and done
    callbacks raise."""

    SAYS = "Exception in initializer:", "exception calling callback for "

    def emit(self, record):
        if record.getMessage().startswith(self.SAYS):
            super().emit(record)

    @staticmethod
    def loop_of(record):
        """None: futures of threads belong to none."""


def sleep(seconds):
    """What it refuses, and how, is the real one's; Pyodide's is another."""
    if not isinstance(seconds, (int, float)):
        raise TypeError(f"'{type(seconds).__name__}' object cannot be "
                        "interpreted as an integer")
    if math.isnan(seconds):
        raise ValueError("Invalid value NaN (not a number)")
    if not abs(seconds) < 2**63 / 1e9:
        raise OverflowError("timestamp " + (
            "out of range for platform time_t" if isinstance(seconds, float)
            else "too large to convert to C PyTime_t"))
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    world.work_until(world.now + seconds)


class WorkItem(concurrent.futures.thread._WorkItem):
    """A job, which has a number: what it does is its own doing."""

    def __init__(self, *args):
        super().__init__(*args)
        world.jobs += 1
        self.id = f"j{world.jobs}"

    def run(self, *args):
        outer, world.cause = world.cause, self.id
        try:
            super().run(*args)
        finally:
            world.cause = outer


CPU_COUNT = 4  # as AL_CPU_COUNT


def install_executors():
    """CPython's own executors and their futures, on virtual threads."""
    concurrent.futures._base.threading = Instead(
        real_threading, Condition=Condition)
    concurrent.futures._base.LOGGER.propagate = False
    concurrent.futures._base.LOGGER.handlers = [PoolLogHandler()]
    pools = concurrent.futures.thread
    pools._WorkItem = WorkItem
    pools.threading = Instead(real_threading, Thread=Thread)
    pools.queue = Instead(real_queue, SimpleQueue=SimpleQueue)
    pools.os = Instead(os, process_cpu_count=lambda: CPU_COUNT,
                       cpu_count=lambda: CPU_COUNT)
    base_events.threading.Thread = Thread
    real_time.sleep = sleep


def install():
    """Make every loop of this process a recorded one of the virtual world."""
    for name in "Handle", "TimerHandle", "_ThreadSafeHandle":
        if hasattr(events, name):
            setattr(events, name, recorded(getattr(events, name)))
    asyncio.Handle, asyncio.TimerHandle = events.Handle, events.TimerHandle
    threading = Instead(real_threading, get_ident=get_ident,
                        current_thread=current_thread)
    for module in base_events, events, unix_events:
        module.threading = threading
    base_events.heapq = Instead(heapq, heappop=heappop)
    if not hasattr(Base, "_run_forever_setup"):
        base_events.events = Instead(events,
                                     _set_running_loop=set_running_loop)
    selector_events.socket = Instead(
        real_socket, socketpair=lambda: world.socketpair())
    unix_events.signal = Instead(
        real_signal, set_wakeup_fd=set_wakeup_fd, signal=set_signal,
        siginterrupt=lambda signum, flag: None)
    asyncio.runners.threading = threading
    asyncio.runners.signal = Instead(real_signal, signal=set_signal,
                                     getsignal=get_signal)
    # Cut to length, a text must not depend on the digits of an address.
    reprlib.builtins = Instead(
        builtins, repr=lambda thing: without_addresses(repr(thing)))
    format_helpers.extract_stack = \
        lambda f=None, limit=None: traceback.StackSummary()
    for module in asyncio, unix_events:
        for name in "SelectorEventLoop", "EventLoop":
            if hasattr(module, name):
                setattr(module, name, Loop)
    install_tasks()
    install_call_graphs()
    install_executors()
    logger = logging.getLogger("asyncio")
    logger.handlers = [LogHandler(logging.WARNING)]
    logger.propagate = False


class Policy(unix_events._UnixDefaultEventLoopPolicy):
    """The default policy, making recorded loops."""

    _loop_factory = Loop


def start(out=None, scenario=None):
    """A new world, and asyncio as at the start of a process."""
    global world
    world = World()
    world.out = out
    world.prints_log = out is None
    world.scenario = scenario
    set_thresholds(world.knobs)
    events._set_running_loop(None)
    events._event_loop_policy = Policy()
    concurrent.futures.ThreadPoolExecutor._counter = \
        itertools.count().__next__
    concurrent.futures.thread._threads_queues.clear()
    concurrent.futures.thread._shutdown = False


# -- real programs: the trace -------------------------------------------------
#
# A program that does not ask for a virtual world is in the real one.  There
# all of asyncio is as it was, reprs, sets and logs too; what tells is put
# around it, and keeps out of tracebacks.

write_file, open_file = os.write, os.open  # whatever the program makes of them


def identify(number, stat=os.fstat):
    found = stat(number)
    return found.st_dev, found.st_ino


def set_apart(number):
    """The file under a number that is in nobody's way: who opens a file gets
    the lowest one."""
    for least in 1000, 100:
        with contextlib.suppress(OSError):  # the limit is lower
            apart = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, least)
            os.close(number)
            return apart
    return number


class Tape:
    """Lines on their way into a file; any thread may add some."""

    MANY, MOST = 1000, 10000  # lines, to write between turns; in one

    def __init__(self, number, path):
        self.number = number  # of the file; owned
        self.path = path      # or None, if it cannot be opened once more
        self.file = identify(number)
        self.lines = []
        self.lock = real_threading.RLock()  # a signal handler may tell, too
        self.is_writing = False
        self.has_ended = False
        self.failure = None  # the OSError that ended recording

    def flush(self, count=None):
        """The first so many lines, or all."""
        with self.lock:
            if self.is_writing:
                return
            self.is_writing = True
            try:
                if count is None:
                    count = len(self.lines)
                text = "".join(self.lines[:count])
                del self.lines[:count]
                self.write(text.encode("utf-8", "backslashreplace"))
            finally:
                self.is_writing = False

    def write(self, data):
        """The program must not see that its trace cannot be written."""
        while data and self.failure is None:
            try:
                if not self.has_file():
                    self.open_again()
                data = data[write_file(self.number, data):]
            except OSError as exc:
                self.failure = exc

    def has_file(self):
        """The program may have closed all files that it does not know, and
        the number is one of its own by now."""
        try:
            return identify(self.number) == self.file
        except OSError:
            return False

    def open_again(self):
        if self.path is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        self.number = set_apart(open_file(self.path,
                                          os.O_WRONLY | os.O_APPEND))
        self.file = identify(self.number)

    def end(self, exc):
        """The last line; what happens afterwards is not recorded."""
        if self.has_ended:
            return
        self.has_ended = True
        ending = "" if exc is None else (
            f',"type":{quote(type(exc).__name__)}'
            f',"text":{quote(safely(str, exc))}')
        last = f'{{"e":"end","t":{now()!r}{ending}}}\n'
        with self.lock:  # what other threads tell now is none of it
            self.lines.append(last)
            self.flush(self.lines.index(last) + 1)
            self.forget()

    def forget(self):
        """A child of the program's has a trace of its own to write: none."""
        global tell
        tell = self.nothing
        self.lines.clear()
        self.lock = real_threading.RLock()  # somebody may have had the other
        self.has_ended = True
        if self.number is not None and self.has_file():
            os.close(self.number)
        self.number = None

    def nothing(self, line):
        """Instead of lines.append."""


tape = None  # the Tape
tell = None  # its lines.append
now = None   # the loops' clock
get_running_loop = events._get_running_loop
thread_id = real_threading.get_ident
job_causes = {}  # thread -> what had its job done, as by() gives it

next_loop, next_handle, next_task, next_future, next_job, next_name = (
    itertools.count(1).__next__ for _ in range(6))

quoted = {}  # the same few names come again and again


def quote(text):
    result = quoted.get(text)
    if result is None:
        if len(quoted) > 5000:
            quoted.clear()
        result = encode_text(text)
        if len(text) < 200:
            quoted[text] = result
    return result


def by():
    """The field that says what did it."""
    loop = get_running_loop()
    if loop is not None:
        return getattr(loop, "_told_by", "")
    return job_causes.get(thread_id(), "") if job_causes \
        else ""


def hide(exc):
    """This frame is none of the program's: from Python 3.11 on it leaves the
    traceback of what is raised again; hide_frames() sees to the others."""
    exc.__traceback__ = exc.__traceback__.tb_next


# -- real programs: places ----------------------------------------------------

STDLIB = os.path.dirname(os.__file__) + os.sep
FOREIGN = os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep

files = {}  # name -> as place_in gives it


def place_in(file):
    """How near a file is to the program (0: it is Python's own, 1: installed,
    2: the program's), and what it is called in a trace."""
    found = files.get(file)
    if found is None:
        here = os.path.join(start_folder, "")
        name = file[len(here):] if file.startswith(here) else file
        near = 1 if any(folder in file for folder in FOREIGN) else \
            0 if file.startswith((STDLIB, "<frozen")) or file == __file__ \
            else 2
        found = files[file] = near, name
    return found


def place_of_code(code):
    """The field that says where a function stands, if it is not Python's."""
    if type(code) is not types.CodeType:
        return ""
    near, name = place_in(code.co_filename)
    return f',"where":{quote(f"{name}:{code.co_firstlineno}")}' if near else ""


def frames_of(coro):
    """Of a coroutine that waits, and of those it waits for."""
    while coro is not None:
        frame = getattr(coro, "cr_frame", None)
        if frame is not None:
            coro = coro.cr_await
        else:
            frame = getattr(coro, "gi_frame", None)
            if frame is None:
                return
            coro = coro.gi_yieldfrom
        yield frame


def place_of_wait(coro):
    """The innermost line that is the program's, or else the nearest to it."""
    nearest, place = 1, ""
    for frame in frames_of(coro):
        near, name = place_in(frame.f_code.co_filename)
        if near >= nearest:
            nearest, place = near, f"{name}:{frame.f_lineno}"
    return f',"where":{quote(place)}' if place else ""


# -- real programs: what is told of callbacks ---------------------------------

described = {}  # (code, qualified name) -> what describe() gives


def describe(callback):
    """The fields that say what is called, and where that stands."""
    code = attribute(callback, "__code__")
    if type(code) is types.CodeType:
        key = code, callback.__qualname__
        found = described.get(key)
        if found is None:
            if len(described) > 5000:
                described.clear()
            found = described[key] = (
                f'"callback":{quote(callback.__qualname__)}',
                place_of_code(code))
        return found
    inner = attribute(callback, "func")  # functools.partial
    name = partial_name(callback) if isinstance(callback, functools.partial) \
        else callback_name(callback)
    return (f'"callback":{quote(name)}',
            place_of_code(attribute(inner, "__code__")))


# Of the types of callbacks, those by which tasks are stepped.
step_types = {}


def stepped_by(callback):
    """The task that the callback steps, or None."""
    kind = type(callback)
    steps = step_types.get(kind)
    if steps is None:
        steps = step_types[kind] = kind.__name__ in TASK_METHODS
    if not steps:
        return None
    task = callback.__self__
    if not isinstance(task, RealTask):
        return None
    return None if hasattr(task, getattr(callback, "__name__", None) or "") \
        else task


PLAIN = int, float, bool, type(None), str, bytes


def brief(arg):
    """Its repr, if that cannot be the program's doing, and not too long."""
    told = getattr(arg, "_id", None) if isinstance(arg, real_future) else None
    if told is not None:
        return told
    if type(arg) not in PLAIN:
        return f"<{type(arg).__qualname__}>"
    if type(arg) in (str, bytes) and len(arg) > 60:
        return repr(arg[:60]) + "..."
    return repr(arg)


def partial_name(partial):
    """Its repr, but for what is another in each run: addresses, ports."""
    given = [callback_name(partial.func), *map(brief, partial.args)]
    given += (f"{key}={brief(arg)}" for key, arg in partial.keywords.items())
    return f"functools.partial({', '.join(given)})"


def describe_args(args):
    if not args:
        return ""
    if len(args) == 1 and type(args[0]) in (RealFuture, RealTask):
        return f',"args":"{args[0]._id}"'
    return f',"args":{quote(", ".join(map(brief, args)))}'


def introduce(handle, kind, tail, more=""):
    """A handle that is new: it gets its id."""
    callback = handle._callback
    handle._id = h = next_handle()
    task = stepped_by(callback)
    if task is not None:
        name = TASK_METHODS[type(callback).__name__]
        told, place = f'"callback":"{name}","task":"{task._id}"', ""
    else:
        told, place = describe(callback)
    handle._told = told
    tell(f'{{"e":"{kind}","t":{now()!r}{tail},"h":"h{h}",{told}'
         f'{describe_args(handle._args)}{more}{place}{by()}}}\n')
    if len(tape.lines) > tape.MOST:
        tape.flush()


class RealReady(collections.deque):
    """The ready queue: every way into it and out of it is told.

    Another thread may add to it, in call_soon_threadsafe: so nothing is told
    in one order and done in another, and what it adds is new, whatever the
    loop's thread does meanwhile."""

    __slots__ = "is_adding", "tail"

    def append(self, handle):
        with tape.lock:
            if type(handle) is events.TimerHandle:
                tell(f'{{"e":"due","t":{now()!r}{self.tail}'
                     f',"h":"h{handle._id}"}}\n')
            elif self.is_adding and hasattr(handle, "_id"):
                tell(f'{{"e":"ready","t":{now()!r}{self.tail}'
                     f',"h":"h{handle._id}"}}\n')
            else:
                is_from_thread = threadsafe and thread_id() in threadsafe
                introduce(handle, "call_soon_threadsafe" if is_from_thread
                          else "call_soon", self.tail)
            add_ready(self, handle)

    def popleft(self):
        handle = pop_ready(self)
        if handle._cancelled:
            tell(f'{{"e":"skip","t":{now()!r}{self.tail}'
                 f',"h":"h{handle._id}"}}\n')
        return handle


add_ready, pop_ready = collections.deque.append, collections.deque.popleft

threadsafe = set()  # threads inside call_soon_threadsafe


def real_handle(base):
    """A subclass of a handle class that tells what it does, if it was
    introduced: those of a loop that is not asyncio's are not."""
    base_run, base_cancel = base._run, base.cancel

    @named_as(base_cancel)
    def cancel(self):
        if not self._cancelled and hasattr(self, "_id"):
            tell(f'{{"e":"cancel","t":{now()!r}{self._loop._told_tail}'
                 f',"h":"h{self._id}"{by()}}}\n')
        base_cancel(self)

    @named_as(base_run)
    def _run(self):
        if not hasattr(self, "_id"):
            try:
                return base_run(self)
            except BaseException as exc:
                hide(exc)
                raise
        loop, h = self._loop, self._id
        task = stepped_by(self._callback)
        tail, outer = loop._told_tail, loop._told_by
        loop._told_by = f',"by":"h{h}"'
        start = now()
        tell(f'{{"e":"run","t":{start!r}{tail},"h":"h{h}",{self._told}}}\n')
        try:
            base_run(self)
        except BaseException as exc:
            hide(exc)
            raise
        finally:
            if task is not None:
                task._tell_step(tail)
            loop._told_by = outer
            end = now()
            tell(f'{{"e":"ran","t":{end!r}{tail},"h":"h{h}"'
                 f',"duration":{end - start!r}}}\n')
            self = task = None  # a traceback may keep this frame: no cycle

    return type(base.__name__, (base,), {
        "__slots__": ("_id", "_told"), "__qualname__": base.__qualname__,
        "__module__": base.__module__, "cancel": cancel, "_run": _run,
    })


def push_timer(heap, handle):
    """heapq.heappush, of base_events; a loop of the program's own class may
    use that, too."""
    if type(handle._loop._ready) is RealReady:
        introduce(handle, "call_at", handle._loop._told_tail,
                  f',"when":{encode_seconds(handle._when)}')
    heapq.heappush(heap, handle)


def pop_timer(heap):
    """heapq.heappop, of base_events: of a cancelled timer before select; one
    that is due is told as it becomes ready."""
    handle = heapq.heappop(heap)
    loop = handle._loop
    if hasattr(handle, "_id") and not loop._told_woken:
        tell(f'{{"e":"prune","t":{now()!r}{loop._told_tail}'
             f',"h":"h{handle._id}"}}\n')
    return handle


# -- real programs: their clock, where sleeping costs nothing -----------------

real_monotonic, real_sleep = real_time.monotonic, real_time.sleep


class VirtualClock:
    """It stands still while code runs, and passes at once where all wait: for
    nothing but time.  While something outside is waited for, or a thread is
    at work, it goes as the real one does."""

    POLL = 0.01    # seconds to wait for the world until one looks again
    GRACE = 0.001  # for what is on its way between two sockets of ours
    SPIN = 10000   # who reads the clock so often waits for it to go on

    def __init__(self):
        self.now = 0.0
        self.wall = real_time.time()
        self.lock = real_threading.Lock()
        self.sleepers = []  # a heap: (when, serial, thread's id, event)
        self.reads = 0      # since it moved
        self.read_at = None

    def time(self):
        return self.now

    def advance(self, when):
        with self.lock:
            if when > self.now:
                self.now = when
                self.reads, self.read_at = 0, None
            while self.sleepers and self.sleepers[0][0] <= self.now:
                heapq.heappop(self.sleepers)[3].set()

    def read(self):
        """What the program sees."""
        self.reads += 1
        if self.reads > self.SPIN:
            last, real = self.read_at, real_monotonic()
            if last is not None:
                self.now += real - last
            self.read_at = real
        return self.now

    # -- time.sleep ----------------------------------------------------------

    def sleep(self, seconds):
        if get_running_loop() is None and running_loops:
            self.sleep_beside(seconds)
        else:
            self.advance(self.now + seconds)

    def sleep_beside(self, seconds):
        """In a thread, while loops run: until one of them has come so far;
        no longer than it would really take, for they may end."""
        event = real_threading.Event()
        when = self.now + seconds
        with self.lock:
            heapq.heappush(self.sleepers,
                           (when, next_handle(), thread_id(), event))
        if not event.wait(seconds):
            self.advance(when)

    # -- select --------------------------------------------------------------

    def select(self, loop, select, timeout):
        found = select(0)
        if found or (timeout is not None and timeout <= 0):
            return found
        deadline = math.inf if timeout is None else self.now + timeout
        while not found and self.now < deadline:
            if self.is_quiet(loop):
                found = self.pass_quietly(loop, select, deadline)
            else:
                found = self.pass_really(select, deadline)
        return found

    def pass_quietly(self, loop, select, deadline):
        when = min(deadline, self.sleepers[0][0] if self.sleepers
                   else math.inf)
        if when == math.inf:
            return select(None)
        found = select(self.GRACE if len(loop._selector.get_map()) > 1 else 0)
        if not found:
            self.advance(when)
        return found

    def pass_really(self, select, deadline):
        start = real_monotonic()
        found = select(min(deadline - self.now, self.POLL))
        elapsed = real_monotonic() - start
        self.advance(min(self.now + elapsed, deadline))
        return found

    def is_quiet(self, loop):
        return len(running_loops) == 1 and not self.has_workers() and \
            not has_outside(loop)

    def has_workers(self):
        """Threads that neither sleep nor wait for a job."""
        idle = {sleeper[2] for sleeper in list(self.sleepers)}
        idle.add(thread_id())
        idle.add(real_threading.main_thread().ident)
        idle.update(thread.ident for thread in
                    list(concurrent.futures.thread._threads_queues)
                    if thread.ident not in job_causes)
        return any(thread.ident not in idle
                   for thread in real_threading.enumerate())


running_loops = set()  # inside run_forever


def has_outside(loop):
    """Does it wait for anybody outside of this process?"""
    own = loop._ssock.fileno()
    numbers = [number for number in loop._selector.get_map()
               if number != own]
    if not numbers:
        return False
    names = set()
    for number in {*numbers, *loop._transports}:
        with borrowed_socket(number) as sock:
            if sock is not None:
                names.add(short_name(sock, sock.getsockname))
    return any(is_outside(number, names) for number in numbers)


@contextlib.contextmanager
def borrowed_socket(number):
    """None: it is not one."""
    sock = None
    with contextlib.suppress(OSError):
        sock = real_socket.socket(fileno=number)
    try:
        yield sock
    finally:
        if sock is not None:
            sock.detach()


def short_name(sock, ask):
    """Of one end: a port, or a path; None: it has none."""
    try:
        name = ask()
    except OSError:
        return None
    if sock.family in (real_socket.AF_INET, real_socket.AF_INET6):
        return name[1]
    return name or ""


def is_outside(number, names):
    """Who listens waits for nobody in particular; whose other end is here,
    too, is told by nobody but this loop."""
    with borrowed_socket(number) as sock:
        if sock is None:
            return True
        if sock.getsockopt(real_socket.SOL_SOCKET,
                           real_socket.SO_ACCEPTCONN):
            return False
        peer = short_name(sock, sock.getpeername)
        if peer is None:
            return sock.type == real_socket.SOCK_STREAM
        return peer != "" and peer not in names


def of_program(depth=2):
    """Python's own modules wait for the real world."""
    return place_in(sys._getframe(depth).f_code.co_filename)[0] > 0


def virtual(real, read):
    """A function of module time."""
    @named_as(real)
    def clock():
        return read() if of_program() else real()
    return clock


@named_as(real_sleep)
def virtual_sleep(seconds):
    if of_program() and isinstance(seconds, (int, float)) and \
            0 <= seconds < math.inf:
        virtual_clock.sleep(seconds)
    else:
        real_sleep(seconds)


def replace_clock(name, read):
    for each, function in (name, read), (name + "_ns",
                                         lambda: int(read() * 1e9)):
        setattr(real_time, each, virtual(getattr(real_time, each), function))


def install_virtual_clock():
    """Loops and the program's own code see the virtual one."""
    global virtual_clock, now
    virtual_clock = clock = VirtualClock()
    now = clock.time
    RealLoop.time = named_as(Base.time)(lambda self: clock.now)
    replace_clock("monotonic", clock.read)
    replace_clock("perf_counter", clock.read)
    replace_clock("time", lambda: clock.wall + clock.read())
    real_time.sleep = virtual_sleep


virtual_clock = None  # the VirtualClock, if there is one


# -- real programs: loops -----------------------------------------------------

def describe_ready(loop, found):
    own = loop._ssock.fileno() if loop._ssock is not None else -1
    letters = {READ: "r", WRITE: "w", READ | WRITE: "rw"}
    text = " ".join(f'{"self" if key.fd == own else key.fd}:{letters[mask]}'
                    for key, mask in found)
    return f',"fds":"{text}"' if text else ""


def telling_select(loop, select):
    """The selector's select(), in the place of its own."""
    def tell_and_select(timeout=None):
        tail = loop._told_tail
        loop._tell_compaction(tail)
        tell(f'{{"e":"select","t":{now()!r}{tail}'
             f',"timeout":{encode_timeout(timeout)}}}\n')
        if timeout is None or timeout > 0 or len(tape.lines) > tape.MANY:
            tape.flush()
        try:
            found = select(timeout) if virtual_clock is None else \
                virtual_clock.select(loop, select, timeout)
        except BaseException as exc:
            hide(exc)
            raise
        loop._told_woken = True
        tell(f'{{"e":"wake","t":{now()!r}{tail}'
             f'{describe_ready(loop, found) if found else ""}}}\n')
        return found
    return tell_and_select


class RealLoop(Base):
    """CPython's loop.  Every method here calls the one it overrides."""

    _told_by = ""
    _told_turn = 0
    _told_woken = True

    def _make_self_pipe(self):
        """BaseEventLoop's part is initialised: now it can be recorded."""
        number = next_loop()
        self._told_tail = f',"loop":"l{number}"' if number > 1 else ""
        self._ready = RealReady()
        self._ready.is_adding, self._ready.tail = False, self._told_tail
        self._told_heap, self._told_length = self._scheduled, 0
        self._selector.select = telling_select(self, self._selector.select)
        self._tell("loop", f',"debug":{encode_flag(self._debug)}')
        super()._make_self_pipe()

    def _tell(self, kind, fields=""):
        tell(f'{{"e":"{kind}","t":{now()!r}{self._told_tail}{fields}}}\n')

    def _tell_watch(self, kind, what, handle):
        callback, where = describe(handle._callback)
        handle._id, handle._told = next_handle(), callback
        self._tell(kind, f',{what},"h":"h{handle._id}",{callback}'
                         f'{describe_args(handle._args)}{where}{by()}')
        return handle

    def _told_fd(self, fd):
        number = fd if isinstance(fd, int) else fd.fileno()
        own = self._ssock
        if own is not None and number == own.fileno():
            return '"fd":"self"'
        return f'"fd":"{number}"'

    # -- fds and signals -----------------------------------------------------

    def _add_reader(self, fd, callback, *args):
        handle = super()._add_reader(fd, callback, *args)
        if handle is None:  # before 3.9.6 it is not returned
            handle = self._selector.get_key(fd).data[0]
        return self._tell_watch("add_reader", self._told_fd(fd), handle)

    def _add_writer(self, fd, callback, *args):
        handle = super()._add_writer(fd, callback, *args)
        if handle is None:
            handle = self._selector.get_key(fd).data[1]
        return self._tell_watch("add_writer", self._told_fd(fd), handle)

    def _remove_reader(self, fd):
        told = self._told_fd(fd)
        try:
            removed = super()._remove_reader(fd)
        except BaseException as exc:
            hide(exc)
            raise
        if removed:
            self._tell("remove_reader", f',{told}{by()}')
        return removed

    def _remove_writer(self, fd):
        told = self._told_fd(fd)
        try:
            removed = super()._remove_writer(fd)
        except BaseException as exc:
            hide(exc)
            raise
        if removed:
            self._tell("remove_writer", f',{told}{by()}')
        return removed

    def _add_callback(self, handle):
        ready = self._ready
        ready.is_adding = True
        try:
            super()._add_callback(handle)
        finally:
            ready.is_adding = False

    @named_as(Base.add_signal_handler)
    def add_signal_handler(self, sig, callback, *args):
        try:
            super().add_signal_handler(sig, callback, *args)
        except BaseException as exc:
            hide(exc)
            raise
        self._tell_watch("add_signal_handler", f'"sig":{int(sig)}',
                         self._signal_handlers[sig])

    @named_as(Base.remove_signal_handler)
    def remove_signal_handler(self, sig):
        try:
            removed = super().remove_signal_handler(sig)
        except BaseException as exc:
            hide(exc)
            raise
        if removed:
            self._tell("remove_signal_handler", f',"sig":{int(sig)}{by()}')
        return removed

    # -- calls from other threads --------------------------------------------

    @named_as(Base.call_soon_threadsafe)
    def call_soon_threadsafe(self, callback, *args, context=None):
        ident = thread_id()
        threadsafe.add(ident)
        try:
            return super().call_soon_threadsafe(callback, *args,
                                                context=context)
        except BaseException as exc:
            hide(exc)
            raise
        finally:
            threadsafe.discard(ident)

    # -- errors --------------------------------------------------------------

    @named_as(Base.call_exception_handler)
    def call_exception_handler(self, context):
        exc = message = None
        if isinstance(context, dict):
            exc, message = context.get("exception"), context.get("message")
        self._tell("exception", "".join((
            "" if message is None else
            f',"message":{encode_text(safely(str, message))}',
            "" if exc is None else
            f',"type":{quote(type(exc).__name__)}'
            f',"text":{encode_text(safely(str, exc))}', by())))
        try:
            super().call_exception_handler(context)
        except BaseException as exc:
            hide(exc)
            raise

    # -- running -------------------------------------------------------------

    def _run_once(self):
        self._told_turn += 1
        self._told_heap = heap = self._scheduled
        self._told_length = len(heap)
        with tape.lock:
            self._tell("iteration", f',"n":{self._told_turn}'
                       f',"ready":{len(self._ready)}'
                       f',"scheduled":{len(heap)}'
                       f',"cancelled":{self._timer_cancelled_count}')
        self._told_woken = False
        try:
            super()._run_once()
        except BaseException as exc:
            hide(exc)
            raise
        finally:
            self._told_woken = True

    def _tell_compaction(self, tail):
        """The heap is replaced as a whole when it is compacted, only then."""
        heap = self._scheduled
        if heap is not self._told_heap:
            removed = self._told_length - len(heap)
            tell(f'{{"e":"compact","t":{now()!r}{tail}'
                 f',"removed":{removed},"kept":{len(heap)}}}\n')
            self._told_heap = heap

    if hasattr(Base, "_run_forever_setup"):
        def _run_forever_setup(self):
            super()._run_forever_setup()
            running_loops.add(self)
            self._tell("start")

        def _run_forever_cleanup(self):
            super()._run_forever_cleanup()
            running_loops.discard(self)
            self._tell("stopped")
    else:
        @named_as(Base.run_forever)
        def run_forever(self):
            self._check_closed()
            self._check_running()
            running_loops.add(self)
            self._tell("start")
            try:
                super().run_forever()
            except BaseException as exc:
                hide(exc)
                raise
            finally:
                running_loops.discard(self)
                self._tell("stopped")

    @named_as(Base.stop)
    def stop(self):
        super().stop()
        self._tell("stop", by())

    @named_as(Base.close)
    def close(self):
        was_closed = self.is_closed()
        try:
            super().close()
        except BaseException as exc:
            hide(exc)
            raise
        if not was_closed:
            self._tell("close")


# -- real programs: futures and tasks -----------------------------------------

def describe_outcome(future):
    return describe_end(None) if future.cancelled() else \
        describe_end(future._exception or False)


def describe_end(exc):
    """None: cancelled; False: a result."""
    if exc is None:
        return ',"outcome":"cancelled"'
    if exc is False:
        return ',"outcome":"result"'
    return (f',"outcome":"exception","type":{quote(type(exc).__name__)}'
            f',"text":{encode_text(safely(str, exc))}')


class RealTelling:
    """Mixed into a kind of future: tells of its end."""

    def __init__(self, *args, **kwargs):
        try:
            super().__init__(*args, **kwargs)
        except BaseException as exc:
            hide(exc)
            raise
        self._id = f"f{next_future()}"
        tail = getattr(self._loop, "_told_tail", None)
        if tail is not None:
            tell(f'{{"e":"future","t":{now()!r}{tail}'
                 f',"future":"{self._id}"{by()}}}\n')

    def _tell_done(self, ending):
        tail = getattr(self._loop, "_told_tail", None)
        if tail is not None:
            tell(f'{{"e":"future_done","t":{now()!r}{tail}'
                 f',"future":"{self._id}"{ending}{by()}}}\n')

    def set_result(self, *args):
        if len(args) == 1 and not self.done():
            self._tell_done(describe_end(False))
        try:
            super().set_result(*args)
        except BaseException as exc:
            hide(exc)
            raise

    def set_exception(self, *args):
        if len(args) == 1 and not self.done():
            exception = args[0]
            if isinstance(exception, type):
                exception = exception()
                args = exception,
            if isinstance(exception, BaseException):
                self._tell_done(describe_end(ToldFuture._to_be(exception)))
        try:
            super().set_exception(*args)
        except BaseException as exc:
            hide(exc)
            raise


class RealFuture(RealTelling, real_future, metaclass=FutureClass):

    def cancel(self, *args, **kwargs):
        if not self.done():
            self._tell_done(describe_end(None))
        return super().cancel(*args, **kwargs)


class RealGatheringFuture(RealTelling, tasks._GatheringFuture):
    """Its cancel() only passes the request on."""

    def __init__(self, children, **kwargs):
        super().__init__(children, **kwargs)
        ids = [getattr(child, "_id", None) for child in children]
        tail = getattr(self._loop, "_told_tail", None)
        if tail is not None and None not in ids:
            tell(f'{{"e":"gather","t":{now()!r}{tail},"future":"{self._id}"'
                 f',"children":{json.dumps(ids)}{by()}}}\n')


# How often a task's cancellation was asked for, and not taken back.
counts_requests = hasattr(tasks.Task, "cancelling")  # since 3.11


def outcome_of_block(frame):
    """Of an expired timeout's, which takes its request back as it ends: told
    where the block came to a result all the same."""
    is_exit = frame.f_code is asyncio.timeouts.Timeout.__aexit__.__code__
    if is_exit and frame.f_locals["exc_type"] is None:
        return ',"outcome":"result"'
    return ""


class RealTask(tasks.Task):

    _is_told = False

    def __init__(self, *args, loop=None, name=None, **kwargs):
        coro = args[0] if args else kwargs.get("coro")
        try:
            if (not coroutines.iscoroutine(coro) or len(args) > 1 or
                    not kwargs.keys() <= TASK_KEYWORDS):  # an error
                super().__init__(*args, loop=loop, name=name, **kwargs)
                return
            if loop is None:
                loop = events.get_event_loop()
            if name is None:
                name = f"Task-{next_name()}"
            self._tell_birth(coro, loop, str(name), kwargs)
            super().__init__(*args, loop=loop, name=name, **kwargs)
            if kwargs.get("eager_start"):
                self._tell_eager_end()
        except BaseException as exc:
            hide(exc)
            raise

    def _tell_birth(self, coro, loop, name, kwargs):
        self._id = f"t{next_task()}"
        tail = getattr(loop, "_told_tail", None)
        if tail is None:
            return
        code = getattr(coro, "cr_code", getattr(coro, "gi_code", None))
        tell(f'{{"e":"task","t":{now()!r}{tail},"task":"{self._id}"'
             f',"name":{quote(name)},"coro":{quote(callback_name(coro))}'
             f'{place_of_code(code)}{by()}}}\n')
        if kwargs.get("eager_start") and loop.is_running():
            tell(f'{{"e":"eager","t":{now()!r}{tail}'
                 f',"task":"{self._id}"}}\n')

    def _tell_eager_end(self):
        tail = getattr(self._loop, "_told_tail", None)
        if tail is not None and self._loop.is_running():
            self._tell_step(tail)
            tell(f'{{"e":"eager_end","t":{now()!r}{tail}'
                 f',"task":"{self._id}"}}\n')

    def _tell_step(self, tail):
        """C code ends a task, and has it wait, without calling anything that
        could tell: so this is asked after its step."""
        if self.done():
            if not self._is_told:
                self._is_told = True
                tell(f'{{"e":"task_done","t":{now()!r}{tail}'
                     f',"task":"{self._id}"{describe_outcome(self)}}}\n')
            return
        waiter = self._fut_waiter
        told = getattr(waiter, "_id", None)
        if told is not None:
            on = "on" if told[0] == "t" else "future"
            tell(f'{{"e":"task_waits","t":{now()!r}{tail}'
                 f',"task":"{self._id}","{on}":"{told}"'
                 f'{place_of_wait(self.get_coro())}}}\n')

    def get_stack(self, *, limit=None):
        """Of a task that runs the frames are all that there are."""
        if self.done():
            return super().get_stack(limit=limit)
        frames = [frame for frame in super().get_stack() if not is_ours(frame)]
        return frames if limit is None else frames[-limit:]

    def cancel(self, *args, **kwargs):
        if is_cancel(args, kwargs) and not self.done():
            tail = getattr(self._loop, "_told_tail", None)
            if tail is not None:
                tell(f'{{"e":"task_cancel","t":{now()!r}{tail}'
                     f',"task":"{self._id}"{by()}}}\n')
                self._tell_requested(tail, *args, **kwargs)
        return super().cancel(*args, **kwargs)

    def set_name(self, *args, **kwargs):
        """Before 3.13 create_task() names by it what it has made."""
        try:
            super().set_name(*args, **kwargs)
        except BaseException as exc:
            hide(exc)
            raise
        tail = getattr(self._loop, "_told_tail", None)
        if tail is not None:
            tell(f'{{"e":"task_name","t":{now()!r}{tail},"task":"{self._id}"'
                 f',"name":{quote(self.get_name())}{by()}}}\n')

    def _tell_requested(self, tail, msg=None):
        if counts_requests:
            text = "" if msg is None else f',"text":{quote(brief(msg))}'
            self._tell_requests(tail, super().cancelling() + 1, text)

    def _tell_requests(self, tail, count, text=""):
        tell(f'{{"e":"cancelling","t":{now()!r}{tail},"task":"{self._id}"'
             f',"count":{count}{text}{by()}}}\n')

    if counts_requests:
        def uncancel(self, *args, **kwargs):
            before = super().cancelling()
            try:
                count = super().uncancel(*args, **kwargs)
            except BaseException as exc:
                hide(exc)
                raise
            tail = getattr(self._loop, "_told_tail", None)
            if tail is not None and count != before:
                self._tell_requests(tail, count,
                                    outcome_of_block(sys._getframe(1)))
            return count


# -- real programs: jobs of executors -----------------------------------------

class JobFuture(concurrent.futures.Future):
    """Its job ends as it gets what that came to."""

    def _tell_end(self):
        tell(f'{{"e":"job_ended","t":{now()!r},"job":{self._job}'
             f',"function":{quote(real_threading.current_thread().name)}}}\n')

    def set_result(self, *args):
        self._tell_end()
        super().set_result(*args)

    def set_exception(self, *args):
        self._tell_end()
        super().set_exception(*args)


class RealWorkItem(concurrent.futures.thread._WorkItem):
    """What it does is caused by what submitted it."""

    def __init__(self, future, *args):
        super().__init__(future, *args)
        future.__class__ = JobFuture
        future._job = next_job()
        self.cause = by()
        called = args[0] if callable(args[0]) else args[0][0]
        callback, where = describe(called)
        tell(f'{{"e":"job","t":{now()!r},"job":{future._job},{callback}'
             f'{where}{self.cause}}}\n')

    def run(self, *args):
        ident = thread_id()
        job_causes[ident] = self.cause
        tell(f'{{"e":"job_begun","t":{now()!r},"job":{self.future._job}'
             f',"function":{quote(real_threading.current_thread().name)}}}\n')
        try:
            super().run(*args)
        finally:
            job_causes.pop(ident, None)


# -- real programs: logs and tracebacks ---------------------------------------

class LogTelling(logging.Filter):
    """What asyncio's logger is told is an event, besides."""

    def filter(self, record):
        tail = getattr(get_running_loop(), "_told_tail", "")
        tell(f'{{"e":"log","t":{now()!r}{tail}'
             f',"level":{quote(record.levelname)}'
             f',"text":{encode_text(safely(type(record).getMessage, record))}'
             f'{by()}}}\n')
        return True


def warn_and_tell(message, category=None, stacklevel=1, source=None):
    """warnings.warn, of what warns of coroutines that were never awaited."""
    tail = getattr(get_running_loop(), "_told_tail", "")
    tell(f'{{"e":"log","t":{now()!r}{tail},"level":"WARNING"'
         f',"text":{encode_text(str(message).strip())}{by()}}}\n')
    warnings.warn(message, category, stacklevel + 1, source)


def telling_warner(warner):
    names = {**warner.__globals__, "warn": warn_and_tell}
    if "_wm" in names:  # since 3.14
        names["_wm"] = Instead(names["_wm"], warn=warn_and_tell)
    return types.FunctionType(warner.__code__, names, warner.__name__)


def is_ours(frame):
    return frame.f_code.co_filename == __file__


def hide_frames():
    """Where frames are listed, those of this file are none."""
    def shown(cls, frames, **kwargs):
        return original(cls, (item for item in frames
                              if item[0].f_code.co_filename not in hidden),
                        **kwargs)

    hidden = __file__, traceback.__file__
    name = "_extract_from_extended_frame_gen"  # since 3.11
    if not hasattr(traceback.StackSummary, name):
        name = "extract"
    original = getattr(traceback.StackSummary, name).__func__
    setattr(traceback.StackSummary, name, classmethod(shown))


def without_ours(frames):
    """The traceback without frames of this file."""
    while frames is not None and is_ours(frames.tb_frame):
        frames = frames.tb_next
    at = frames
    while at is not None:
        at.tb_next = without_head(at.tb_next)
        at = at.tb_next
    return frames


def without_head(frames):
    while frames is not None and is_ours(frames.tb_frame):
        frames = frames.tb_next
    return frames


def strip(exc):
    """C code shows tracebacks, too: of the exception, and of those that it
    came by."""
    todo, seen = [exc], set()
    while todo:
        exc = todo.pop()
        if exc is None or id(exc) in seen:
            continue
        seen.add(id(exc))
        exc.__traceback__ = without_ours(exc.__traceback__)
        todo += [exc.__cause__, exc.__context__]
        todo += getattr(exc, "exceptions", ())


def copy_of(module, **names):
    """A module, some of whose names are others; fast, where those do not
    change any more."""
    copy = types.ModuleType(module.__name__, module.__doc__)
    vars(copy).update(vars(module))
    vars(copy).update(names)
    return copy


def install_real():
    """Make every loop of this process a recorded one of the real world."""
    for name in "Handle", "TimerHandle", "_ThreadSafeHandle":
        if hasattr(events, name):
            setattr(events, name, real_handle(getattr(events, name)))
    asyncio.Handle, asyncio.TimerHandle = events.Handle, events.TimerHandle
    base_events.heapq = copy_of(heapq, heappush=push_timer, heappop=pop_timer)
    for cls, base in ((RealLoop, Base), (RealFuture, real_future),
                      (RealTelling, real_future), (RealTask, tasks.Task),
                      (RealGatheringFuture, tasks._GatheringFuture),
                      (JobFuture, concurrent.futures.Future)):
        disguise(cls, base)
    for module in asyncio, unix_events:
        for name in "SelectorEventLoop", "EventLoop":
            if hasattr(module, name):
                setattr(module, name, RealLoop)
    unix_events._UnixSelectorEventLoop = RealLoop
    if hasattr(unix_events, "_UnixDefaultEventLoopPolicy"):  # until 3.16
        unix_events._UnixDefaultEventLoopPolicy._loop_factory = RealLoop
    asyncio.Future = futures.Future = RealFuture
    asyncio.Task = tasks.Task = RealTask
    tasks._GatheringFuture = RealGatheringFuture
    if hasattr(tasks, "create_eager_task_factory"):
        asyncio.eager_task_factory = tasks.eager_task_factory = \
            tasks.create_eager_task_factory(RealTask)
    concurrent.futures.thread._WorkItem = RealWorkItem
    logging.getLogger("asyncio").addFilter(LogTelling())
    warnings._warn_unawaited_coroutine = telling_warner(
        warnings._warn_unawaited_coroutine)
    watch_foreign_loops()
    hide_frames()


foreign_loops = {}  # the names of loops that ran unseen


def watch_foreign_loops():
    """Whatever runs a loop says so by this; uvloop, too."""
    function = asyncio._set_running_loop

    @named_as(function)
    def set_running_loop(loop):
        if loop is not None and not isinstance(loop, RealLoop):
            foreign_loops[
                f"{type(loop).__module__}.{type(loop).__qualname__}"] = True
        return function(loop)
    asyncio._set_running_loop = events._set_running_loop = set_running_loop


def tell_foreign_loops():
    for name in foreign_loops:
        complain(f"loops of {name} are not recorded: only asyncio's own are")


def heed_interrupts():
    """From here on it is the program's to say what Ctrl-C does."""
    global is_deaf
    if is_deaf:
        is_deaf = False
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)


# -- real programs: running one -----------------------------------------------

start_folder = os.getcwd() if os.path.isdir(".") else os.sep


def absolute(path):
    """As CPython makes a program's __file__, which it does not normalize."""
    if os.path.isabs(path):
        return path
    return os.path.join(os.getcwd(),
                        path[2:] if path.startswith("./") else path)


def new_main(**names):
    """A module for the program, in the place of this one."""
    main = types.ModuleType("__main__")
    vars(main).update(__builtins__=builtins, **names)
    if sys.version_info < (3, 14):
        main.__annotations__ = {}
    sys.modules["__main__"] = main
    return main


def set_path(folder):
    """Python put the recorder's own folder there, unless it was told not to
    put any."""
    if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
        sys.path[0] = folder


def run_module(name):
    import runpy

    set_path(os.getcwd())
    sys.argv[0] = "-m"
    new_main(__spec__=None)
    runpy._run_module_as_main(name)


def run_folder(path):
    """Or a zip file: its __main__.py."""
    import runpy

    set_path(absolute(path))
    new_main(__spec__=None)
    runpy._run_module_as_main("__main__", False)


def run_file(path, source):
    import importlib.machinery

    if path == "-":
        set_path("")
        code = compile(source, "<stdin>", "exec", dont_inherit=True)
        main = new_main(__spec__=None,
                        __loader__=importlib.machinery.BuiltinImporter)
    else:
        set_path(os.path.dirname(os.path.realpath(path)))
        file = absolute(path)
        code = compile(source, file, "exec", dont_inherit=True)
        main = new_main(
            __file__=file, __cached__=None, __spec__=None,
            __loader__=importlib.machinery.SourceFileLoader("__main__", file))
    exec(code, vars(main))


def open_tape(path):
    """Where it goes to stdout, what the program and its children write there
    goes to stderr."""
    if path != "-":
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC |
                         os.O_APPEND, 0o666)
        return Tape(set_apart(number), os.path.join(start_folder, path))
    sys.stdout.flush()
    number = os.dup(1)
    os.dup2(2, 1)
    return Tape(set_apart(number), None)


def last_words(function):
    """One of os's by which a process ends, or becomes another."""
    @named_as(function)
    def end(*args, **kwargs):
        tape.flush()
        try:
            return function(*args, **kwargs)
        except BaseException as exc:
            hide(exc)
            raise
    return end


def start_real(name, clock):
    global tell, now
    tell = tape.lines.append
    now = real_monotonic
    if clock == "virtual":
        install_virtual_clock()
    knobs = {
        "debug": coroutines._is_debug_mode(),
        "slow_callback_duration": 0.1,
        "min_scheduled_timer_handles":
            base_events._MIN_SCHEDULED_TIMER_HANDLES,
        "min_cancelled_timer_handles_fraction":
            base_events._MIN_CANCELLED_TIMER_HANDLES_FRACTION,
        "maximum_select_timeout": base_events.MAXIMUM_SELECT_TIMEOUT,
    }
    tell(header_line(
        name, "%d.%d" % sys.version_info[:2], knobs,
        is_real=clock != "virtual", start=now(),
        resolution=real_time.get_clock_info("monotonic").resolution, tick=0))
    tape.flush()  # however the process ends, it was begun
    for ending in "_exit", "abort", "execv", "execve":
        setattr(os, ending, last_words(getattr(os, ending)))
    install_real()


exit_now = os._exit


def end_real(ending):
    """After everything else that the program does at its end.  Python collects
    garbage next: what is told of it then belongs to the trace."""
    if gc.isenabled():
        gc.collect()
    tape.end(ending[0])
    tell_foreign_loops()
    if tape.failure:
        status = give_up_trace(tape.failure)
        logging.shutdown()
        sys.stdout.flush()
        exit_now(status)


def run_real(run, name):
    """Run a program to its end as Python would, which ends this process."""
    import atexit

    ending = [None]  # the exception
    start_real(name, options.clock)
    atexit.register(end_real, ending)
    os.register_at_fork(before=tape.flush, after_in_child=tape.forget)
    os.register_at_fork(after_in_child=foreign_loops.clear)
    try:
        heed_interrupts()
        run()
    except SystemExit as exc:
        ending[0] = exc
        raise
    except BaseException as exc:
        ending[0] = exc
        report_real(exc)
        end_as(exc)


def report_real(exc):
    strip(exc)
    sys.last_type, sys.last_value, sys.last_traceback = \
        type(exc), exc, exc.__traceback__
    sys.last_exc = exc
    sys.excepthook(type(exc), exc, exc.__traceback__)


def end_as(exc):
    """With the exit status that Python gives to what ended it."""
    if isinstance(exc, KeyboardInterrupt):
        sys.excepthook = lambda *told: None
        raise exc
    sys.exit(FAILED)


# -- recording a program ------------------------------------------------------

PLACE = re.compile(r"#\s*(\S.*):(\d+)\s*$")


def relabel(code, lines):
    """Functions whose def line ends in "# FILE:LINE" say they are there."""
    consts = tuple(relabel(const, lines)
                   if isinstance(const, types.CodeType) else const
                   for const in code.co_consts)
    code = code.replace(co_consts=consts)
    line = lines[code.co_firstlineno - 1] if lines else ""
    place = PLACE.search(line)
    if place and re.match(r"\s*(async )?def ", line):
        code = code.replace(co_filename=place[1],
                            co_firstlineno=int(place[2]))
    return code


def compile_program(source, filename):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(source, filename, "exec", dont_inherit=True)
    return relabel(code, source.split("\n"))


def run_program(source, filename):
    """Run it to its end; returns the exception that ended it, or None."""
    sys.modules["asyncloop_sim_record"] = sys.modules[__name__]
    try:
        heed_interrupts()
        code = compile_program(source, filename)
        namespace = {"__name__": "__main__", "__file__": filename}
        contextvars.Context().run(exec, code, namespace)
    except BaseException as exc:
        return exc
    return None


def wait_for_executors(exc):
    """What CPython does once the program is over; what is raised there changes
    nothing, but what ends the run.  Returns what ended it."""
    if isinstance(world.ending or exc, (Deadlock, LimitReached)):
        return exc
    try:
        concurrent.futures.thread._python_exit()
    except SystemExit as error:
        return error
    except BaseException:
        pass
    return exc


def record(source, filename, out, warns=False):
    """Run a program's source, and write its trace to a file object.

    Garbage is not collected meanwhile: when an unclosed loop that nobody
    holds goes away would be an accident."""
    name = os.path.splitext(os.path.basename(filename))[0].strip("<>")
    was_enabled = gc.isenabled()
    gc.disable()
    start(out, name)
    world.warns = warns
    try:
        exc = wait_for_executors(run_program(source, filename))
        ending = world.ending or exc
        world.end(ending)
    finally:
        world.forgets_frames = False
        world.out = None
        world.end_threads()
        events._set_running_loop(None)
        if was_enabled:
            gc.enable()
    return ending


# Exit codes, as asyncloop-sim's.
DONE, FAILED, USAGE, DEADLOCK, LIMIT, REFUSED = range(6)
UNREAD = 128 + 13  # who read stdout has gone: SIGPIPE


def exit_code(exc):
    if exc is None:
        return DONE
    if isinstance(exc, Deadlock):
        return DEADLOCK
    if isinstance(exc, LimitReached):
        return LIMIT
    return FAILED


def awaiting(coro):
    """The coroutines and generators that wait for each other, outermost
    first."""
    while coro is not None and hasattr(coro, "__qualname__"):
        yield coro
        for name in "cr_await", "ag_await", "gi_yieldfrom":
            inner = getattr(coro, name, None)
            if inner is not None:
                break
        coro = inner


def place_of(coro):
    """Where it waits: "main() app.py:12"; of an exported scenario the lines are
    not the program's."""
    frame = getattr(coro, "cr_frame", None) or getattr(coro, "gi_frame", None)
    name = f"{coro.__qualname__}()"
    if frame is None or not frame.f_code.co_filename.endswith(".py"):
        return name
    return (f"{name} {os.path.basename(frame.f_code.co_filename)}:"
            f"{frame.f_lineno}")


def id_of(future):
    return getattr(future, "_id", type(future).__name__)


def who_waits():
    """Of each task of the running loop that is not done, what for, and where:
    as a scenario's deadlock is told."""
    loop = events._get_running_loop()
    waiting = tasks.all_tasks(loop) if loop else ()
    for task in sorted(waiting, key=lambda task: getattr(task, "_serial", 0)):
        awaited = getattr(task, "_fut_waiter", None)
        yield (f"  {id_of(task)} {task.get_name()!r} waits" +
               (f" for {id_of(awaited)}" if awaited is not None else ""))
        yield "    in " + " > ".join(map(place_of, awaiting(task.get_coro())))


def process_status(exc):
    """The program's own, where it says one by sys.exit()."""
    if isinstance(exc, KeyboardInterrupt):
        return 128 + real_signal.SIGINT
    if type(exc) is not SystemExit:
        return exit_code(exc)
    if exc.code is None:
        return DONE
    return exc.code & 0xff if isinstance(exc.code, int) else FAILED


def report_waits():
    for line in world.waits or ():
        print(safe(line), file=sys.stderr)


def report(exc):
    """Say on stderr what ended the program, as Python does."""
    if isinstance(exc, (Deadlock, LimitReached)):
        print(f"{type(exc).__name__}: {exc}", file=sys.stderr)
        report_waits()
    elif isinstance(exc, SystemExit):
        if exc.code is not None and not isinstance(exc.code, int):
            print(exc.code, file=sys.stderr)
    elif exc is not None:
        frames = exc.__traceback__
        while frames and frames.tb_frame.f_code.co_filename == __file__:
            frames = frames.tb_next
        traceback.print_exception(type(exc), exc, frames)


def parse_arguments(arguments):
    import argparse

    parser = argparse.ArgumentParser(
        prog="asyncloop_sim_record.py",
        description="Run an asyncio program and record what its loops do.")
    parser.add_argument("--out", metavar="FILE", default="-",
                        help="write the trace to FILE ('-': standard "
                             "output, the default)")
    parser.add_argument("--out-name", metavar="NAME",
                        help="what messages call it")
    parser.add_argument("--clock", choices=("real", "virtual"),
                        default="real", help="of a program that asks for no "
                                             "world of its own")
    parser.add_argument("--module", action="store_true",
                        help="PROGRAM is a module, as of python -m")
    parser.add_argument("--quiet", action="store_true",
                        help="say nothing of how the program ended")
    parser.add_argument("program", metavar="PROGRAM",
                        help="'-': standard input")
    parser.add_argument("arguments", metavar="ARGUMENT", help="the program's",
                        nargs=argparse.REMAINDER)
    return parser.parse_args(arguments)


def safe(text):
    """What a terminal would obey is escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def complain(text):
    print(f"asyncloop-sim: {safe(text)}", file=sys.stderr)


def give_up_trace(error):
    """Returns the exit status.  Who read it may have seen enough, and gone;
    anything else is said, and by its being empty one knows that it was."""
    if options.out == "-":
        if error.errno == errno.EPIPE:
            return UNREAD
        name = "stdout"
    else:
        with contextlib.suppress(OSError):
            os.truncate(os.path.join(start_folder, options.out), 0)
        name = f"'{options.out_name}'"
    complain(f"cannot write {name}: {error.strerror or error}")
    return REFUSED


LARGEST_PROGRAM = 64 << 20  # bytes


def read_program(path):
    if path == "-":
        source = sys.stdin.buffer.read(LARGEST_PROGRAM + 1)
    else:
        with open(path, "rb") as file:
            source = file.read(LARGEST_PROGRAM + 1)
    if len(source) > LARGEST_PROGRAM:
        raise OSError(errno.EFBIG, "it has more than 64 MiB")
    return source


def is_folder(path):
    """Or what Python takes for one."""
    import zipfile

    return path != "-" and (os.path.isdir(path) or
                            path.endswith((".zip", ".pyz")) and
                            zipfile.is_zipfile(path))


WORLDLY = re.compile(rb"^\s*(from|import)\s+asyncloop_sim_record\b",
                     re.MULTILINE)  # it asks for a virtual world


def open_text(file, **options):
    return open(file, "w", encoding="utf-8", errors="backslashreplace",
                newline="\n", **options)


@contextlib.contextmanager
def stdout_for_trace():
    """What the program prints is no part of the trace."""
    number = sys.stdout.fileno()
    sys.stdout = sys.stderr
    with open_text(number, closefd=False) as out:
        yield out


def open_trace(path):
    return stdout_for_trace() if path == "-" else open_text(path)


def forget_trace():
    """A child of the program's has a trace of its own to write: none."""
    world.emit = lambda *args, **kwargs: None


def raise_exit(signum, frame):
    raise SystemExit(128 + signum)


def end_by_exception():
    """Where a signal would kill the process, its trace would be cut short."""
    for signum in real_signal.SIGTERM, real_signal.SIGHUP:
        if real_signal.getsignal(signum) == real_signal.SIG_DFL:
            real_signal.signal(signum, raise_exit)


def record_to(path, source, filename, warns):
    """Returns the exception that ended the program; raises OSError where the
    trace cannot be written."""
    with open_trace(path) as out:
        exc = record(source, filename, out, warns)
        if world.failure:
            raise world.failure
    return exc


def run_in_world(source):
    """Returns the exit status."""
    filename = "<stdin>" if options.program == "-" else options.program
    install()
    sys.path[0] = os.path.dirname(options.program)
    end_by_exception()
    os.register_at_fork(after_in_child=forget_trace)
    try:
        exc = record_to(options.out, source.decode("utf-8"), filename,
                        not options.quiet)
    except OSError as error:
        return give_up_trace(error)
    if not options.quiet:
        report(exc)
    return process_status(exc)


def run_in_reality(run):
    """Does not return."""
    global tape
    try:
        tape = open_tape(options.out)
    except OSError as error:
        return give_up_trace(error)
    run_real(run, program_name(options.program))


def program_name(path):
    return os.path.splitext(os.path.basename(path))[0] if path != "-" \
        else "stdin"


def forget_recorder(argv):
    """The program is what was begun, in its own eyes."""
    sys.argv = [options.program, *options.arguments]
    if hasattr(sys, "orig_argv"):  # since 3.10
        at = argv.index(__file__)
        sys.orig_argv = [*argv[:at], *(["-m"] if options.module else []),
                         *sys.argv]


def main(arguments=None):
    global options
    options = parse_arguments(arguments)
    options.out_name = options.out_name or \
        ("stdout" if options.out == "-" else options.out)
    forget_recorder(getattr(sys, "orig_argv", [__file__]))
    if options.module:
        return run_in_reality(lambda: run_module(options.program))
    if is_folder(options.program):
        return run_in_reality(lambda: run_folder(options.program))
    try:
        source = read_program(options.program)
        if WORLDLY.search(source):
            return run_in_world(source)
    except (OSError, UnicodeDecodeError) as exc:
        complain(f"cannot read '{options.program}': "
                 f"{getattr(exc, 'strerror', None) or exc}")
        return USAGE
    return run_in_reality(lambda: run_file(options.program, source))


if __name__ == "__main__":
    own = sys.modules[__name__]  # which the program's takes the place of
    sys.exit(main())
else:
    install()
    start()
