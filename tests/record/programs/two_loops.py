"""Two loops in turn, one left open, one by another policy, and eager tasks
where there are any."""
# trace: "e":"loop",.*"loop":"l2"
# trace: "e":"close",.*"loop":"l3"
# trace: "e":"log",.*was never awaited
import asyncio
import gc
import warnings

warnings.simplefilter("ignore", DeprecationWarning)


class Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        print("a loop by a policy")
        return super().new_event_loop()


async def main(n):
    await asyncio.sleep(0.001 * n)
    loop = asyncio.get_running_loop()
    return type(loop).__name__, isinstance(loop, asyncio.SelectorEventLoop)


def forgotten():
    main(5)


print(asyncio.run(main(1)))
asyncio.set_event_loop_policy(Policy())
print(asyncio.run(main(2)))
asyncio.set_event_loop_policy(None)
loop = asyncio.SelectorEventLoop()
loop.set_debug(True)
future = loop.create_future()
loop.call_later(0.001, future.set_result, "done")
print(loop.run_until_complete(future), future, type(future) is asyncio.Future)
task = loop.create_task(main(0))
print(isinstance(task, asyncio.Future), isinstance(future, asyncio.Task),
      issubclass(asyncio.Task, asyncio.Future))
print(loop.run_until_complete(task), loop)
loop.close()
if hasattr(asyncio, "eager_task_factory"):
    loop = asyncio.new_event_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    print(loop.run_until_complete(main(0)))
    loop.close()
forgotten()
loop = asyncio.new_event_loop()
del loop
gc.collect()
