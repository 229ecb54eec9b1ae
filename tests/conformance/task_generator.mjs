// task_generator.mjs - random scenarios of coroutines, tasks and futures.
//
// They are the generator's own scenarios, whose async functions c0, c1, …
// await one another, sleeps, tasks and futures, and cancel and finish what
// they come across.  Creating a task costs fuel; a coroutine awaits only
// those defined after it; the limit of iterations ends the rest.

import { Generator } from "./generator.mjs";

const naps = [0, 0, 0, 0.1, 0.25, 0.5, 0.5, 1, 1, 2];

export class TaskGenerator extends Generator {
  // -- what can be awaited ---------------------------------------------------

  coroutine(isLater) {
    const r = this.r;
    const own = this.scope.index;
    const choice = this.coroutines.filter(f => !isLater || f.index > own);
    if (!choice.length) return { sleep: this.sometimesNan(naps) };
    const fn = r.pick(choice);
    if (r.chance(0.1)) return this.byKeywords(fn);
    return this.withArgs({ call: fn.name },
                         fn.params.map(() => this.small_value()));
  }

  // "c1(m=2, n='a')": in any order, and none by its position.
  byKeywords(fn) {
    const names = this.r.chance(0.5) ? fn.params : [...fn.params].reverse();
    return `${fn.name}(${names.map(
      name => `${name}=${this.small_value()}`).join(", ")})`;
  }

  small_value() {
    return this.r.pick([0, 1, 2, "'a'", "n", "count"].filter(
      value => value !== "n" || this.scope.locals.some(v => v.name === "n")));
  }

  sleep() {
    const r = this.r;
    return r.chance(0.2)
      ? { sleep: { delay: this.sometimesNan(naps),
                   result: this.small_value() } }
      : { sleep: this.sometimesNan(naps) };
  }

  one(list) { return `${list}[${this.expr("int", 0)} % len(${list})]`; }

  gather(isLater) {
    const r = this.r;
    const items = Array.from({ length: r.below(4) }, () => r.weighted([
      [3, () => this.coroutine(isLater)], [2, () => this.sleep()],
      [2, () => "task"], [1, () => "fut"], [2, () => this.one("tasks")],
      [1, () => this.one("futs")], [0.1, () => "count"],
    ])());
    const options = r.chance(0.4)
      ? { return_exceptions: r.chance(0.8) } : {};
    const awaitables = r.chance(0.15)
      ? r.pick(["*tasks", "*futs", "*tasks[:2]", "*[task, fut]", "*count"])
      : items;
    return { gather: { awaitables, ...options } };
  }

  awaitable() {
    const r = this.r;
    return r.weighted([
      [5, () => this.sleep()], [4, () => this.coroutine(true)],
      [4, () => "task"], [2, () => this.one("tasks")],
      [2, () => "fut"], [2, () => this.one("futs")],
      [3, () => this.gather(true)],
      [0.2, () => "current"], [0.1, () => "count"], [0.1, () => "foreign"],
    ])();
  }

  // -- statements ------------------------------------------------------------

  statement() {
    const r = this.r;
    const isAsync = this.scope.kind === "async";
    if (isAsync && r.chance(0.45)) return this.awaiting();
    if (this.scope.kind !== "program" && r.chance(isAsync ? 0.5 : 0.3))
      return this.tasking();
    return super.statement();
  }

  awaiting() {
    const r = this.r;
    const statement = { await: this.awaitable() };
    if (r.chance(0.4)) statement.as = "got";
    const logged = statement.as ? [{ log: r.pick(["got {got!r}", "{got}"]) }]
                                : [];
    return r.weighted([
      [4, () => [statement, ...logged]],
      [5, () => this.guarded([statement, ...logged])],
      [1, () => [{ return: { await: this.awaitable() } }]],
      [1, () => [{ try: [statement], finally: [{ await: this.sleep() },
                                               { log: "finally" }] }]],
    ])();
  }

  guarded(statements) {
    const r = this.r;
    const handler = r.weighted([
      [4, () => ({ type: "CancelledError", as: "e", do: [
        { log: "cancelled {e!r} {e.__context__!r}" },
        ...(r.chance(0.6) ? [{ raise: null }] : []),
        ...(r.chance(0.2) ? [{ await: this.sleep() }] : [])] })],
      [3, () => ({ type: "Exception", as: "e",
                   do: [{ log: "{e!r} {e.__context__!r}" }] })],
      [1, () => ({ type: "BaseException", as: "e", do: [{ log: "{e!r}" },
        ...(r.chance(0.5) ? [{ raise: null }] : [])] })],
    ])();
    const attempt = { try: statements };
    if (r.chance(0.8)) attempt.except = [handler];
    if (!attempt.except || r.chance(0.4))
      attempt.finally = r.chance(0.4) ? [{ await: this.sleep() }]
                                      : [{ log: "finally {count}" }];
    return [attempt];
  }

  done_callback() {
    const r = this.r;
    return r.pick(["on_done", "on_done", "on_done", "f0", "bad_done",
                   "xs.append"]);
  }

  tasking() {
    const r = this.r;
    const isAsync = this.scope.kind === "async";
    const target = () => r.pick(["task", "fut", this.one("tasks"),
                                 this.one("futs")]);
    const spawn = () => {
      this.scope.globals.add("task");
      const params = { coro: this.coroutine(false) };
      if (r.chance(0.3)) params.name = r.pick(["w", "two words", "{count}", 7]);
      if (r.chance(0.1)) params.context = "ctx";
      return this.fuelled([{ create_task: params, as: "task" },
                           ...(r.chance(0.6) ? ["tasks.append(task)"] : [])]);
    };
    const make = () => {
      this.scope.globals.add("fut");
      return [{ create_future: {}, as: "fut" },
              ...(r.chance(0.6) ? ["futs.append(fut)"] : [])];
    };
    const safely = statement => r.chance(0.6) ? [{ try: [statement], except: [
      { type: "Exception", as: "e", do: [{ log: "{e!r}" }] }] }] : [statement];
    return r.weighted([
      [isAsync ? 6 : 1, spawn],
      [2, make],
      [4, () => [{ cancel: r.chance(0.3)
        ? { handle: target(), msg: r.pick(["'why'", "'stop it'", "None", "7"]) }
        : target() }]],
      [2, () =>
          safely({ set_result: { future: r.pick(["fut", this.one("futs")]),
                                       result: this.small_value() } })],
      [1.5, () =>
          safely({ set_exception: { future: r.pick(["fut", this.one("futs")]),
                                            exception: this.exception() } })],
      [0.1, () => safely({ set_result: { future: "task", result: 1 } })],
      [0.1, () => safely({ set_exception: { future: "fut",
        exception: r.pick(["StopIteration(1)", "count", "StopIteration",
                           "CancelledError('c')"]) } })],
      [2, () => this.fuelled([{ add_done_callback: { future: target(),
        callback: this.done_callback(),
        ...(r.chance(0.1) ? { context: "ctx" } : {}) } }])],
      [0.2, () => [{ log: `{${target()}.remove_done_callback(on_done)}` }]],
      [0.7, () => [{ remove_done_callback: { future: target(),
                                             callback: this.done_callback() },
                     as: "flag" }, { log: "{flag}" }]],
      [1.5, () => [{ log: r.pick(["{task!r}", "{fut!r}", "{tasks[-2:]}",
        "{futs[-2:]}", "{task.done()} {task.cancelled()} {task.cancelling()}",
        "{fut.done()} {fut.cancelled()}", "{task.get_name()}",
        "{task.get_coro()!r}", "{task.uncancel()}",
        "{task.get_loop() is fut.get_loop()}"]) }]],
      [1, () => safely({ log: r.pick(["{task.result()!r}", "{fut.result()!r}",
        "{fut.exception()!r}", "{task.exception()!r}"]) })],
      [0.3, () => safely(`task.set_name(${this.expr("str", 0)})`)],
      [0.3, () => safely({ current_task: r.chance(0.8) ? {}
        : { loop: r.pick(["loop", "second"]) }, as: "current" })],
      [0.5, () => [{ call_later: { delay: this.sometimesNan(naps),
                                   callback: r.pick(["task.cancel",
                                                     "fut.cancel"]),
                                   args: [] } }]],
      [0.5, () =>
          [{ call_later: { delay: this.sometimesNan(naps),
                           callback: "fut.set_result",
                           args: [this.small_value()] } }]],
      [0.15, () => safely({ run_until_complete: {
        future: r.pick(["task", "fut"]),
        ...(r.chance(0.3) ? { loop: "second" } : {}) } })],
      [0.1, () => safely({ "asyncio.run": { main: { sleep: 0 } } })],
      [1, () => [{ try: this.callGraph(target), except: [
        { type: "Exception", as: "e", do: [{ log: "{e!r}" }] }] }]],
      [0.3, () => { // one that is never awaited, and may be closed
        const made = [{ let: "coro", be: this.coroutine(true) }];
        return r.chance(0.5) ? [...made, "coro.close()"]
          : [...made, { log: "{coro!r}" }, "coro.close()"];
      }],
    ])();
  }

  // Who awaits whom; of the current task now and then, or of nothing.
  callGraph(target) {
    const r = this.r;
    const options = {};
    if (r.chance(0.6)) options.future = r.pick([target(), target(), "current"]);
    if (r.chance(0.15)) options.depth = r.pick([0, 1, 2, 3, "count"]);
    if (r.chance(0.3)) options.limit = r.pick([0, 1, 2, -1, -2, null, 9]);
    const both = { fut: target(), waiter: r.pick([target(), "count"]) };
    return r.weighted([
      [3, () => [{ print_call_graph: options }]],
      [1, () => [{ format_call_graph: options, as: "seen" },
                 { log: "{seen}" }]],
      [1, () => [{ capture_call_graph: options, as: "seen" },
                 { log: "{seen}" }]],
      [0.5, () => [{ future_add_to_awaited_by: both }]],
      [0.3, () => [{ future_discard_from_awaited_by: both }]],
    ])();
  }

  // -- the parts of a scenario -----------------------------------------------

  makeFunctions() {
    const r = this.r;
    this.coroutines = Array.from({ length: r.between(2, 5) }, (_, i) => ({
      name: `c${i}`, index: 100 + i, params: ["n", "m"].slice(0, r.below(3)),
    }));
    const functions = super.makeFunctions();
    functions.on_done = { params: ["future"], body: [
      { log: r.pick(["done {future!r}", "done", "{future.cancelled()}"]) },
      ...this.body("function", 98, ["future"], r.below(2))] };
    functions.bad_done = { params: ["future"], body: [this.raise()] };
    for (const fn of this.coroutines)
      functions[fn.name] = { async: true,
        ...(fn.params.length ? { params: fn.params } : {}),
        body: this.body("async", fn.index, fn.params, r.between(1, 5)) };
    functions.main = { async: true, body: this.main() };
    return functions;
  }

  // Lists must not be empty, and the names must be there.
  main() {
    const r = this.r;
    const names = ["loop", "second", "start", "task", "fut", "tasks", "futs",
                   "foreign", "last", "current"];
    this.scope = { kind: "async", index: 99, depth: 0, loops: 0,
                   globals: new Set(), locals: [] };
    const first = this.coroutine(true);
    const body = this.body("async", 99, [], r.between(3, 9));
    if (body[0]?.global) body.shift();
    return [
      { global: [...new Set([...names, "count", "fuel", "total", "text",
                             "ctx"])] },
      { get_running_loop: {}, as: "loop" },
      { new_event_loop: {}, as: "second" },
      { let: "start", be: { time: {} } },
      { create_task: { coro: first }, as: "task" },
      { create_future: {}, as: "fut" },
      { let: "tasks", be: ["task"] }, { let: "futs", be: ["fut"] },
      { create_future: { loop: "second" }, as: "foreign" },
      { current_task: {}, as: "current" },
      { call_soon: { callback: "f0", args: [0] }, as: "last" },
      ...body,
    ];
  }

  program() {
    const r = this.r;
    const statements = this.firstNames(30);
    const run = { "asyncio.run": { main: { call: "main" },
      ...(r.chance(0.2) ? { debug: r.chance(0.5) } : {}) }, as: "result" };
    const byHand = () => [
      { new_event_loop: {}, as: "loop" }, { set_event_loop: "loop" },
      ...(r.chance(0.2)
        ? [{ call_later: { delay: 1, callback: "loop.stop" } }] : []),
      { try: [{ run_until_complete: { future: { call: "main" } },
                as: "result" },
              { log: "{result!r}" }],
        ...(r.chance(0.5) ? { except: [{ type: "Exception", as: "e",
                                         do: [{ log: "{e!r}" }] }] } : {}),
        finally: r.chance(0.5) ? [{ close: {} }]
          : [{ call_later: { delay: 1, callback: "loop.stop" } },
             { run_forever: {} }, { close: {} }] },
    ];
    statements.push(...r.weighted([
      [5, () => [run]],
      [3, () => [{ try: [run, { log: "{result!r}" }], except: [
        { type: "BaseException", as: "e",
          do: [{ log: "{e!r}" },
               ...(r.chance(0.5) ? [{ raise: null }] : [])] }] }]],
      [3, byHand],
      [1, () => [run, ...byHand()]],
    ])());
    return statements;
  }
}
