// object_generator.mjs - what a program may do with the objects themselves.
//
// To the scenarios of coordination_generator.mjs come tasks and futures made
// by their constructors and by factories of every kind, coroutines, futures
// and generators stepped by hand, attributes that are looked at and assigned
// to, and actors: coroutines that take an awaitable and wait for it in a
// manner of their own (in a timeout, a group, holding a lock, deaf to
// cancellation, …).  Nested in one another, with cancellations and results
// that come at one instant, they make the knots in which loops differ.

import { CoordinationGenerator } from "./coordination_generator.mjs";

const instants = [0, 0, 0.25, 0.5, 0.5, 1];

// Actors that take an awaitable, and more arguments.
const actors = {
  pass_on: [], within: [instants], grouped: [], beside: [], deaf: [],
  changing: [], cleaning: [instants], forgiving: [], locked: [["lock", "sem",
  "bounded", "cond"]], retrying: [[1, 2]], walled: [], closing: [],
};

export class ObjectGenerator extends CoordinationGenerator {
  chooseFeatures() {
    super.chooseFeatures();
    const on = p => Number(this.r.chance(p));
    Object.assign(this.features, { knots: on(0.6), factories: on(0.25),
      hands: on(0.25), insides: on(0.3), instants: on(0.5),
      graphs: on(0.2) });
  }

  // -- knots ------------------------------------------------------------------

  awaitable() {
    const r = this.r;
    const f = this.features;
    return r.weighted([
      [6, () => super.awaitable()],
      [4 * f.knots, () => this.knot(r.between(1, 3))],
      [f.hands, () => this.byHand()],
    ])();
  }

  // So many scopes around something that is waited for.
  knot(depth) {
    const r = this.r;
    if (depth === 0)
      return r.weighted([[3, () => this.future()], [2, () => this.sleep()],
                         [2, () => this.coroutine(true)],
                         [1, () => super.awaitable()]])();
    const inner = () => this.knot(depth - 1);
    return r.weighted([
      [4, () => this.acted(inner())],
      [1, () => ({ wait_for: { awaitable: inner(),
                               timeout: r.pick([...instants, null]) } })],
      [1, () => ({ shield: { awaitable: inner() } })],
      [1, () => ({ gather: { awaitables: r.chance(0.5) ? [inner()]
        : [inner(), r.pick(["task", "fut"])],
        ...(r.chance(0.3) ? { return_exceptions: true } : {}) } })],
      [0.7, () => ({ gather: r.pick([["task", "task"], ["fut", "task", "fut"],
                                     ["task", "fut", "task"]]) })],
      [1, () => ({ create_task: { coro: this.acted(inner()),
        ...(r.chance(0.3) ? { eager_start: true } : {}) } })],
    ])();
  }

  acted(awaitable) {
    const name = this.r.pick(Object.keys(actors));
    return { call: name, args: [awaitable, ...actors[name].map(
      choices => this.r.pick(choices))] };
  }

  actorFunctions() {
    const r = this.r;
    const wait = { await: "it", as: "got" };
    const back = { return: "got" };
    const maybe = (p, ...statements) => r.chance(p) ? statements : [];
    const cancelled = (...body) => ({ type: "CancelledError", as: "e",
                                      do: body });
    const make = (params, ...body) => ({ async: true, params, body });
    return {
      pass_on: make(["it"], { return: { await: "it" } }),
      within: make(["it", "delay"], { "async with": { timeout: "delay" },
        as: "limit", do: [wait] }, back),
      grouped: make(["it"], { "async with": { TaskGroup: {} }, as: "team",
        do: [{ let: "member", be: "team.create_task(pass_on(it))" },
             ...maybe(0.5, { await: { sleep: r.pick([0, 0.25]) } }),
             ...maybe(0.2, { raise: "ValueError('in body')" })] },
        { return: "member.result()" }),
      beside: make(["it"], { "async with": { TaskGroup: {} }, as: "team",
        do: [{ let: "one", be: "team.create_task(pass_on(it))" },
             { let: "other", be: `team.create_task(${r.pick(["nap(0.25, 1)",
               "failing(0.25)", "nap(0, 0)", "failing(0)"])})` }] },
        { return: "one.result()" }),
      failing: make(["delay"], { await: { sleep: "delay" } },
        { raise: r.pick(["KeyError('failing')", "ValueError", "OSError('o')",
                         "CancelledError", "ExceptionGroup('g', [KeyError()])"
                        ]) }),
      deaf: make(["it"], { try: [wait, back], except: [cancelled(
        { log: "deaf to {e!r}" }, ...maybe(0.4, { await: { sleep: 0 } }))] }),
      changing: make(["it"], { try: [wait], except: [cancelled(
        { raise: r.pick(["ValueError('changed')", "KeyError('changed')"]),
          ...(r.chance(0.4) ? { from: r.pick(["e", null]) } : {}) })] }, back),
      cleaning: make(["it", "delay"], { try: [wait], finally: [
        { await: { sleep: "delay" } }, { log: "clean" }] }, back),
      forgiving: make(["it"], { current_task: {}, as: "me" },
        { try: [wait, back], except: [cancelled(
          { log: "forgiven: {me.cancelling()} {me.uncancel()}" },
          ...maybe(0.3, { await: { sleep: 0.25 } }))] }),
      locked: make(["it", "which"], { "async with": "which", do: [wait] },
                   back),
      retrying: make(["it", "n"], { while: "n > 0", do: [
        { let: "n", be: "n - 1" },
        { try: [{ await: { wait_for: { awaitable: "pass_on(it)",
                                       timeout: r.pick([0, 0.25, 0.5]) } },
                  as: "got" }, back],
          except: [{ type: "(TimeoutError, RuntimeError)", as: "e",
                     do: [{ log: "again: {e!r}" }] }] }] }),
      walled: make(["it"], { shield: { awaitable: "it" }, as: "wall" },
        { try: [{ await: "wall", as: "got" }, back],
          except: [cancelled({ log: "walled {wall!r}" }, { await: "it" })] }),
      closing: make(["it"], { let: "each", be: "around(it)" },
        { try: [{ "async for": "x", in: "each", do: [
            { log: "around {x!r}" }, ...maybe(0.4, { break: {} })] }],
          finally: [{ await: r.pick(["each.aclose()",
            "each.athrow(ValueError('last'))", { sleep: 0 }]) }] }),
      around: make(["it"], { try: [{ yield: 0 }, wait, { yield: "got" }],
        finally: [...maybe(0.6, { await: { sleep: 0.25 } }),
                  { log: "around ends" }] }),
    };
  }

  // -- at one instant --------------------------------------------------------

  // Things that all happen when the same moment comes.
  atOnce() {
    const r = this.r;
    const f = this.features;
    const delay = r.pick(instants);
    const later = (callback, ...args) => r.chance(0.2)
      ? { call_soon: { callback, ...(args.length ? { args } : {}) } }
      : { call_later: { delay, callback, ...(args.length ? { args } : {}) } };
    const one = () => r.weighted([
      [3, () => later(`${this.one("tasks")}.cancel`)],
      [2, () => later("task.cancel", ...(r.chance(0.3) ? ["'at once'"] : []))],
      [2, () => later("fut.set_result", 1)],
      [1, () => later("fut.set_exception", "KeyError('at once')")],
      [1, () => later("fut.cancel")],
      [0.5, () => later("current.cancel")],
      [0.5, () => later("current.uncancel")],
      [f.events, () => later(r.pick(["event.set", "event.set",
                                     "event.clear"]))],
      [f.locks, () => later(r.pick(["lock.release", "sem.release",
                                    "bounded.release"]))],
      [2 * f.queues, () => later(`${r.pick(["queue", "lifo", "prio"])}.` +
                                 "put_nowait", 1)],
      [f.queues, () => later(r.pick(["queue.get_nowait", "queue.task_done",
                                     "lifo.get_nowait"]))],
      [0.5 * f.queues, () => later("queue.shutdown",
                                   ...(r.chance(0.4) ? [true] : []))],
      [f.conditions, () => later(r.pick(["cond.notify", "cond.notify_all",
                                         "cond.release"]))],
      [f.timeouts, () => later("limit.reschedule", r.pick([null, 0, 1]))],
      [0.3, () => ({ cancel: r.pick(["task", "fut", this.one("futs")]) })],
    ])();
    const statements = Array.from({ length: r.between(2, 5) }, one);
    return this.fuelled(r.chance(0.6) ? statements : [...statements,
      ...this.fuelled([{ create_task: {
        coro: { sleep: { delay, result: 1 } } }, as: "late" },
        "tasks.append(late)"])]);
  }

  // Tasks that want the same thing, of which some are cancelled.
  crowd() {
    const r = this.r;
    const f = this.features;
    const coro = r.weighted([
      [f.locks, () => this.acted({ sleep: r.pick([0, 0.25]) })],
      [f.locks, () => ({ call: "locked", args: [{ sleep: r.pick([0, 0.25]) },
        r.pick(["lock", "sem", "bounded"])] })],
      [f.conditions, () => r.pick([{ call: "waiter", args: ["cond"] }])],
      [f.queues, () => r.pick([
        { call: "consumer", args: [r.pick(["queue", "lifo", "prio"])] },
        { call: "producer", args: [r.pick(["queue", "lifo", "prio"]),
                                   r.between(1, 3)] }])],
      [f.barriers, () => ({ call: "pass_on", args: ["barrier.wait()"] })],
      [f.events, () => ({ call: "pass_on", args: ["event.wait()"] })],
      [f.generators, () => ({ call: "pass_on",
                              args: [this.generatorStep()] })],
      [0.5, () => this.acted("fut")],
    ])();
    this.scope.globals.add("crowd");
    const chosen = r.pick(["1", "-1", "0", "count % len(crowd)"]);
    return this.fuelled([
      { let: "crowd", be: [] },
      { for: "c", in: `range(${r.between(2, 4)})`, do: [
        { create_task: { coro, ...(r.chance(0.2)
          ? { eager_start: true } : {}) }, as: "one" },
        "crowd.append(one)", "tasks.append(one)"] },
      ...(r.chance(0.6) ? [{ call_later: { delay: r.pick(instants),
                                           callback: "crowd[0].cancel" } }]
                        : []),
      ...(r.chance(0.6) && this.scope.kind === "async"
        ? this.safely([{ await: { sleep: 0 } }]) : []),
      ...(r.chance(0.6) ? [`crowd[${chosen}].cancel()`] : []),
    ]);
  }

  crowdFunctions() {
    const r = this.r;
    const jobs = [{ log: "item {x!r}" }, ...(r.chance(0.5)
      ? [{ await: { sleep: r.pick([0, 0.25]) } }] : []),
      ...(r.chance(0.7) ? ["q.task_done()"] : [])];
    return {
      waiter: { async: true, params: ["which"], body: [
        { "async with": "which", do: [
          { await: r.pick(["which.wait()", "which.wait_for(is_enough)"]),
            as: "got" }, { log: "waited {got!r}" }] }] },
      consumer: { async: true, params: ["q"], body: [
        { try: [{ while: true, do: [{ await: "q.get()", as: "x" }, ...jobs] }],
          except: [{ type: "QueueShutDown", as: "e",
                     do: [{ log: "no more {e!r}" }] }] }] },
      producer: { async: true, params: ["q", "n"], body: [
        { for: "i", in: "range(n)", do: [{ await: "q.put(i)" }] },
        ...(r.chance(0.4) ? ["q.shutdown()"] : []),
        ...(r.chance(0.4) ? [{ await: "q.join()" }] : []),
        { log: "produced {n}" }] },
    };
  }

  // -- by hand ---------------------------------------------------------------

  byHand() {
    const r = this.r;
    return r.weighted([
      [2, () => "agen.asend(count)"],
      [1, () => "iter(fut)"], // which no await takes
      [1, () => ({ call: "half", args: [this.coroutine(true)] })],
      [1, () => ({ call: "half", args: [this.acted("fut")] })],
    ])();
  }

  stepped() {
    const r = this.r;
    const make = r.weighted([
      [3, () => this.coroutine(true)], [2, () => this.acted(this.future())],
      [1, () => this.sleep()],
    ])();
    const step = () => this.safely([r.weighted([
      [4, { log: "{coro.send(None)!r}" }],
      [1, { log: "{coro.send(count)!r}" }],
      [2, { log: `{coro.throw(${r.pick(["ValueError('by hand')", "KeyError",
        "CancelledError('by hand')", "GeneratorExit",
        "StopIteration(1)"])})!r}` }],
      [1.5, { log: "{coro.close()!r}" }],
      [1, { log: "{coro.cr_running} {coro.cr_suspended} " +
                 "{coro.__name__} {coro.__qualname__} {coro!r}" }],
    ])]);
    const steps = Array.from({ length: r.between(1, 3) }, step).flat();
    const last = r.weighted([
      [2, () => []], [2, () => ["coro.close()"]],
      [2, () => this.scope.kind === "async" ? [{ await: "coro" }] : []],
      [1, () => [{ create_task: { coro: "coro" }, as: "task" }]],
    ])();
    if (last.length) this.scope.globals.add("task");
    return this.fuelled([{ let: "coro", be: make }, ...steps,
                         ...(last.length ? this.safely(last) : [])]);
  }

  iterated() {
    const r = this.r;
    const made = r.pick(["iter(fut)", "fut.__await__()", "iter(task)",
                         "task.__await__()"]);
    // Once it was closed, CPython goes through a null pointer.
    const steps = Array.from({ length: r.between(0, 3) }, () => this.safely([
      { log: r.pick(["{next(it)!r}", "{it.send(None)!r}"]) }]));
    const last = this.safely([r.pick([
      { log: "{it.throw(KeyError('to it'))!r}" }, "it.close()"])]);
    return [{ let: "it", be: made }, ...steps.flat(), ...last];
  }

  // -- factories -------------------------------------------------------------

  made() {
    const r = this.r;
    this.scope.globals.add("task");
    this.scope.globals.add("fut");
    const name = r.chance(0.3) ? { name: r.pick(["made", "{count}"]) } : {};
    return r.weighted([
      [3, () => this.fuelled(this.safely([{ Task: {
        coro: r.chance(0.95) ? this.coroutine(true) : "count", ...name,
        ...(r.chance(0.3) ? { eager_start: r.chance(0.8) } : {}),
        ...(r.chance(0.2) ? { context: "ctx" } : {}),
        ...(r.chance(0.4) ? { loop: "loop" } : {}) }, as: "task" },
        "tasks.append(task)"]))],
      [1, () => this.fuelled(this.safely([
        { let: "task", be: r.pick(["Task(nap(0.25, 1))",
          "Task(nap(0, 2), loop=loop, name='by name')",
          "loop.create_task(nap(0.5, 3), name='of loop')",
          "loop.create_task(nap(0, 4), eager_start=True)"]) },
        "tasks.append(task)"]))],
      [2, () => [{ Future: r.chance(0.5) ? {} : { loop: "loop" }, as: "fut" },
                 "futs.append(fut)"]],
      [0.5, () => [{ let: "fut", be: r.pick(["Future()", "Future(loop=loop)",
        "loop.create_future()"]) }, "futs.append(fut)"]],
      [2, () => [{ set_task_factory: r.pick(["plain_factory", "plain_factory",
        "eager_factory", "bad_factory", "eager_task_factory",
        "create_eager_task_factory(Task)", "create_eager_task_factory(maker)",
        null]) }]],
      [0.3, () => [{ set_task_factory: { factory: null, loop: "loop" } },
        { get_task_factory: { loop: "loop" }, as: "flag" },
        { log: "{flag}" }]],
    ])();
  }

  factoryFunctions() {
    const r = this.r;
    return {
      plain_factory: { params: ["where", "coro", "**kwargs"], body: [
        ...(r.chance(0.5) ? [{ log: "plain {list(kwargs)}" }] : []),
        { return: "Task(coro, loop=where, **kwargs)" }] },
      eager_factory: { params: ["where", "coro", "**kwargs"], body: [
        "kwargs.pop('eager_start', None)",
        { return: "Task(coro, loop=where, eager_start=True, **kwargs)" }] },
      bad_factory: { params: ["where", "coro", "**kwargs"], body: [
        { if: "count % 3 == 0", then: ["coro.close()",
          { raise: "ValueError('no task')" }] },
        { return: r.pick(["Task(coro, loop=where)", "Task(coro)",
          "Task(coro, loop=where, name='bad')"]) }] },
      maker: { params: ["coro", "**kwargs"], body: [
        ...(r.chance(0.5) ? [{ log: "maker {list(kwargs)}" }] : []),
        { return: "Task(coro, **kwargs)" }] },
      // A coroutine that was begun by hand.
      half: { params: ["coro"], body: [
        { try: ["coro.send(None)"], except: [{ type: "(Exception, " +
          "CancelledError)", as: "e", do: [{ log: "half {e!r}" }] }] },
        { return: "coro" }] },
    };
  }

  // -- inside ----------------------------------------------------------------

  inside() {
    const r = this.r;
    const logs = ["{isfuture(fut)} {isfuture(task)} {isfuture(count)}",
      "{isinstance(task, Task)} {isinstance(fut, Future)} " +
        "{isinstance(task, Future)}",
      "{isinstance(loop, EventLoop)} {isinstance(loop, SelectorEventLoop)}",
      "{task._must_cancel} {task._fut_waiter!r}",
      "{fut._cancel_message!r} {task._cancel_message!r}",
      "{fut._log_traceback} {task._log_traceback}",
      "{task.get_context() is ctx}", "{list(ctx.values())}",
      "{last.cancelled()} {last!r}",
      "{task in tasks} {fut == task}",
      "{agen.ag_running} {agen!r}", "{limit!r} {group!r}",
      "{start} {loop.get_debug()} {loop!r}"];
    return r.weighted([
      [4, () => this.safely([{ log: r.pick(logs) }])],
      [0.7, () => [{ let: `${r.pick(["fut", "task"])}._cancel_message`,
                     be: r.pick(["'from inside'", "None", "count"]) }]],
      [0.5, () => this.safely([{ let: r.pick(["fut", "task"]) +
        "._log_traceback", be: r.pick([false, false, true]) }])],
      [0.3, () => [{ create_future: {}, as: "own" },
        "own.add_done_callback(on_done)",
        { log: "{len(own._callbacks)}" }]],
      [0.7, () => this.reasoned()],
      [0.7, () => this.split()],
      [0.3, () => this.safely([{ call_exception_handler: {
        context: "{'message': 'of a task', 'task': task}", loop: "loop" } }])],
      [0.5, () => [{ remove_done_callback: { future: "fut",
        callback: "on_done" } }, { add_done_callback: { future: "fut",
        callback: "on_done", context: "ctx" } }]],
    ])();
  }

  // Who awaits whom, and where.
  graph() {
    const r = this.r;
    const options = { ...(r.chance(0.8) ? { future: this.future() } : {}),
      ...(r.chance(0.2) ? { depth: r.between(0, 2) } : {}),
      ...(r.chance(0.2) ? { limit: r.pick([0, 1, 2, -1, null]) } : {}) };
    const pair = { fut: this.future(), waiter: this.future() };
    return this.safely(r.weighted([
      [3, () => [{ format_call_graph: options, as: "drawn" },
                 { log: "{drawn}" }]],
      [2, () => [{ print_call_graph: options }]],
      [1, () => [{ capture_call_graph: options, as: "graph" },
        { log: "{graph.future!r} {len(graph.call_stack)} " +
               "{len(graph.awaited_by)}" },
        { for: "entry", in: "graph.call_stack",
          do: [{ log: "{entry.frame.f_code.co_name}" }] }]],
      [0.5, () => [{ future_add_to_awaited_by: pair }]],
      [0.3, () => [{ future_discard_from_awaited_by: pair }]],
    ])());
  }

  // Exceptions whose chain is made by assignment.
  reasoned() {
    const r = this.r;
    return [{ try: [{ raise: this.exception() }], except: [
      { type: "Exception", as: "e", do: [
        { let: `e.${r.pick(["__cause__", "__context__"])}`,
          be: r.pick(["KeyError('assigned')", "None", "ValueError(1)"]) },
        ...(r.chance(0.5) ? [{ let: "e.__suppress_context__",
                               be: r.chance(0.5) }] : []),
        ...(r.chance(0.3) ? ["e.add_note('noted')"] : []),
        { log: "{e!r} {e.args} {e.__cause__!r} {e.__context__!r} " +
               "{e.__suppress_context__}" },
        ...(r.chance(0.2) ? [{ log: "{e.__notes__}" }] : []),
        ...(r.chance(0.3) ? [{ if: "fut.done() == False", then: [
          { set_exception: { future: "fut", exception: "e" } }] }] : []),
        ...(r.chance(0.2) ? [{ raise: null }] : [])] }] }];
  }

  split() {
    const r = this.r;
    const errors = Array.from({ length: r.between(1, 4) }, () => r.pick([
      "ValueError(1)", "KeyError('k')", "OSError('o')", "TypeError()",
      "CancelledError()", "ExceptionGroup('in', [ValueError(2), KeyError(3)])",
    ]));
    const by = r.pick(["ValueError", "(ValueError, KeyError)", "LookupError",
                       "ExceptionGroup", "is_odd", "Exception", "int"]);
    return this.safely([
      { let: "eg", be: `BaseExceptionGroup('all', [${errors.join(", ")}])` },
      { log: r.pick([`{eg.split(${by})}`, `{eg.subgroup(${by})!r}`,
        "{eg.derive([ValueError(9)])!r} {eg.message} {len(eg.exceptions)}"]) },
      ...(r.chance(0.4) ? [{ raise: "eg" }] : [])]);
  }

  // -- statements ------------------------------------------------------------

  statement() {
    const r = this.r;
    const f = this.features;
    const isInside = this.scope.kind === "async" ||
                     this.scope.kind === "function";
    if (isInside && r.chance(0.3 * (f.instants || f.knots)))
      return r.chance(0.5) ? this.atOnce() : this.crowd();
    if (isInside && r.chance(0.15 * f.graphs)) return this.graph();
    if (isInside && r.chance(0.2 * (f.factories + f.hands + f.insides)))
      return r.weighted([
        [f.factories, () => this.made()],
        [f.hands, () => r.chance(0.6) ? this.stepped() : this.iterated()],
        [f.insides, () => this.inside()],
      ])();
    return super.statement();
  }

  // -- the parts of a scenario -----------------------------------------------

  makeFunctions() {
    const functions = super.makeFunctions();
    Object.assign(functions, this.actorFunctions(), this.crowdFunctions(),
                  this.factoryFunctions(), {
      is_odd: { params: ["error"], body: [
        { return: "len(error.args) % 2 == 1" }] },
      fresh_loop: { body: [{ new_event_loop: {}, as: "made" },
                           { log: "a loop" }, { return: "made" }] },
    });
    return functions;
  }

  program() {
    const statements = super.program();
    for (const statement of statements)
      if (statement["asyncio.run"] && this.r.chance(0.2))
        statement["asyncio.run"].loop_factory =
          this.r.pick(["fresh_loop", "EventLoop", "SelectorEventLoop",
                       "None", "count"]);
    return statements;
  }

  runner() {
    const r = this.r;
    const made = { Runner: { ...(r.chance(0.3) ? { debug: r.chance(0.6) } : {}),
      ...(r.chance(0.4) ? { loop_factory: r.pick(["fresh_loop", "EventLoop",
                                                  "None"]) } : {}) } };
    const run = () => this.safely([{ let: "result", be: r.pick([
      "runner.run(main())", "runner.run(main(), context=ctx)",
      "runner.run(nap(0.5, 1))", "runner.run(failing(0.25), context=ctx)",
      "runner.run(pass_on(event.wait()))"]) }, { log: "{result!r}" }]);
    const runs = Array.from({ length: r.between(1, 3) }, run).flat();
    return r.chance(0.7)
      ? this.safely([{ with: made, as: "runner", do: [...runs,
          ...(r.chance(0.3) ? [{ log: "{runner.get_loop()!r}" }] : [])] }])
      : [{ ...made, as: "runner" }, ...runs, "runner.close()",
         ...(r.chance(0.3) ? run() : [])];
  }
}
