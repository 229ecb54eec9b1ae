"""The names that CPython's suggestions choose from, as the C table of
suggestion.c: dir() of the classes a scenario has objects of, the builtins in
the order of their dictionary, the standard library's modules.

A row has what the class's base has not, and what only its instances have."""
import asyncio
import builtins
import concurrent.futures
import contextvars
import sys
import textwrap
from asyncio import events, graph, tasks, unix_events



def no_self_pipe(loop):
    """There are no sockets in the browser's Python."""
    loop._ssock = loop._csock = None


unix_events._UnixSelectorEventLoop._make_self_pipe = no_self_pipe
loop = unix_events._UnixSelectorEventLoop()


async def coroutine():
    pass


async def async_generator():
    yield


def generator():
    yield


async def inside():
    """Instances of what wants a running loop."""
    handle = loop.call_soon(generator)
    timer = loop.call_later(1, generator)
    threadsafe = events._ThreadSafeHandle(generator, (), loop)
    future = loop.create_future()
    task = asyncio.current_task()
    entry = graph.capture_call_graph()
    lock = asyncio.Lock()
    found = [
        handle, timer, threadsafe, future, task, entry, entry.call_stack[0],
        entry.call_stack[0].frame, entry.call_stack[0].frame.f_code,
        future.__await__(), tasks.gather(future), tasks.as_completed([future]),
        asyncio.timeout(1), asyncio.TaskGroup(), lock, asyncio.Event(),
        asyncio.Condition(lock), asyncio.Semaphore(),
        asyncio.BoundedSemaphore(), asyncio.Barrier(1), asyncio.Queue(),
        asyncio.LifoQueue(), asyncio.PriorityQueue()]
    timer.cancel()
    future.cancel()
    return found


def instances():
    variable = contextvars.ContextVar("variable")
    waiting = coroutine()
    waiting.close()
    found = [
        "", [], (), {}, set(), 1, 1.0, True, None, range(1), slice(1), object(),
        {}.keys(), {}.values(), {}.items(), generator, print, [].append,
        str.upper, enumerate([]), zip(), reversed([]), iter([]), iter(()),
        iter({}), iter({}.values()), iter({}.items()), iter(range(1)),
        iter(""), iter("\u20ac"), iter(set()), map(str, []), filter(None, []), waiting,
        generator(), async_generator(), type, loop, variable,
        variable.set(1), contextvars.Context(), asyncio.Runner(),
        concurrent.futures.Future(),
        concurrent.futures.ThreadPoolExecutor(),
        contextvars.Token.MISSING]
    events._set_running_loop(None)  # the browser's own
    return found + loop.run_until_complete(inside())


def exceptions():
    for cls in vars(builtins).values():
        if isinstance(cls, type) and issubclass(cls, BaseException):
            yield cls


def key_of(cls):
    if cls.__module__ == "builtins" or issubclass(cls, BaseException):
        return cls.__name__
    return f"{cls.__module__}.{cls.__qualname__}"


def string(names):
    lines = textwrap.wrap(" ".join(names), 70)
    return "\n".join(f'    "{line} "' for line in lines) or '    ""'


def row(cls, base, only_instances=()):
    own = set(dir(cls)) - set(dir(base) if base else ())
    if not own and not only_instances and base is not object:
        return ""
    return (f'ROW("{key_of(cls)}", {f'"{key_of(base) if base else ""}"'},\n'
            f"{string(sorted(own))},\n{string(sorted(only_instances))})\n")


def own_builtins():
    """Without what the browser's Python has added."""
    return [name for name in vars(builtins) if not name.startswith("___")]


def table():
    rows = {}
    for each in instances():
        cls = type(each)
        base = None if cls is object else object
        only = set() if cls is type else set(dir(each)) - set(dir(cls))
        rows[key_of(cls)] = row(cls, base, only)
    for cls in exceptions():
        rows[key_of(cls)] = row(
            cls, object if cls is BaseException else BaseException)
    return ("/* Written by tests/tools/name_table.py: not to be edited. */\n"
            + "".join(rows[key] for key in sorted(rows))
            + f"BUILTINS(\n{string(own_builtins())})\n"
            + f"MODULES(\n{string(sorted(sys.stdlib_module_names))})\n")
