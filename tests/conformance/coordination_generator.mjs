// coordination_generator.mjs - random scenarios of everything that waits.
//
// Tasks as those of task_generator.mjs, which share locks, queues, timeouts
// and task groups, wait for one another in every way asyncio has, and use
// generators.  All of it is made before the first task is, in the program or
// in main(); each scenario has only some of the kinds, so that what it does
// have is used by several tasks at once.

import { TaskGenerator } from "./task_generator.mjs";

const delays = [0, 0, 0.1, 0.25, 0.5, 0.5, 1, 1];
const locks = { lock: "Lock", sem: "Semaphore", bounded: "BoundedSemaphore",
                cond: "Condition" };
const queues = { queue: "Queue", lifo: "LifoQueue", prio: "PriorityQueue" };

export class CoordinationGenerator extends TaskGenerator {
  chooseFeatures() {
    super.chooseFeatures();
    const on = p => Number(this.r.chance(p));
    Object.assign(this.features, {
      locks: on(0.4), events: on(0.25), conditions: on(0.25),
      barriers: on(0.2), queues: on(0.35), timeouts: on(0.5), waits: on(0.5),
      groups: on(0.5), generators: on(0.35), eager: on(0.3), ties: on(0.3),
      plain: on(0.3), // of callbacks and futures, too
    });
    const f = this.features;
    f.sync = f.locks + f.events + f.conditions + f.barriers + f.queues;
    if (!f.plain)
      Object.assign(f, { fds: on(0.1), signals: on(0.1), bulk: 0,
                         loops: on(0.1), contexts: on(0.1) });
  }

  // -- what can be awaited ---------------------------------------------------

  awaitable() {
    const r = this.r;
    const f = this.features;
    return r.weighted([
      [6, () => super.awaitable()],
      [1.5 * f.timeouts, () => this.waitFor()],
      [2 * f.waits, () => this.combined()],
      [1.5 * f.groups, () => this.groupTask()],
      [4 * Math.min(f.sync, 2), () => this.synchronized()],
      [f.generators, () => this.generatorStep()],
    ])();
  }

  // Something that several may wait for: no coroutine.
  future() {
    return this.r.pick(["task", "fut", this.one("tasks"), this.one("tasks"),
                        this.one("futs")]);
  }

  waitFor() {
    const r = this.r;
    return { wait_for: { awaitable: this.awaitable(),
      timeout: this.sometimesNan([...delays, 0.3, null, -1]) } };
  }

  combined() {
    const r = this.r;
    const items = Array.from({ length: r.between(0, 3) }, () => this.future());
    const options = {};
    if (r.chance(0.5)) options.timeout = this.sometimesNan(delays);
    if (r.chance(0.6))
      options.return_when = r.pick(["'FIRST_COMPLETED'", "'FIRST_EXCEPTION'",
                                    "'ALL_COMPLETED'", "'NEVER'"].slice(
                                   0, r.chance(0.1) ? 4 : 3));
    return r.weighted([
      [3, () => ({ wait: { fs: r.pick([items.length ? items : ["task"],
        "tasks", "tasks[-2:]", "futs + tasks"]), ...options } })],
      [0.1, () => ({ wait: { fs: r.pick([[], ["count"], "task"]) } })],
      [3, () => ({ shield: { awaitable: this.shielded() } })],
      [0.4, () => ({ ensure_future: { awaitable: this.shielded(),
        ...(r.chance(0.3) ? { loop: r.pick(["loop", "loop", "second"]) }
                          : {}) } })],
    ])();
  }

  shielded() {
    const r = this.r;
    return r.weighted([[3, () => this.future()],
                       [2, () => this.coroutine(true)],
                       [1, () => this.sleep()],
                       [0.1, () => "count"]])();
  }

  groupTask() {
    const coro = this.coroutine(true);
    return { call: "spawn", args: [this.r.pick(["group", "group", "None"]),
                                   coro] };
  }

  oneOf(kinds) { return this.r.pick(Object.keys(kinds)); }

  synchronized() {
    const r = this.r;
    const f = this.features;
    return r.weighted([
      [f.locks, () => r.chance(0.5) ? { acquire: this.oneOf(locks) }
                                    : `${this.oneOf(locks)}.acquire()`],
      [f.events, () => "event.wait()"],
      [f.conditions, () => r.pick(["cond.wait()", "cond.wait()",
                                   "cond.wait_for(is_enough)"])],
      [f.barriers, () => "barrier.wait()"],
      [2 * f.queues, () => ({ put: { queue: this.oneOf(queues),
                                     item: this.item() } })],
      [2 * f.queues, () => r.chance(0.5) ? { get: this.oneOf(queues) }
                                         : `${this.oneOf(queues)}.get()`],
      [0.5 * f.queues, () => ({ join: this.oneOf(queues) })],
    ])();
  }

  item() { return this.r.pick([0, 1, 1, 2, 3, "count", "(1, count)", "'b'"]); }

  generatorStep() {
    return this.r.pick(["agen.__anext__()", "agen.asend(count)",
      "agen.aclose()", "agen.athrow(ValueError('thrown'))",
      "agen.athrow(GeneratorExit)", "stream(2).__anext__()"]);
  }

  // -- statements ------------------------------------------------------------

  statement() {
    const r = this.r;
    const f = this.features;
    const isAsync = this.scope.kind === "async";
    if (isAsync && this.scope.depth <= 3 && r.chance(0.35))
      return this.block_();
    if (isAsync && r.chance(0.3)) return this.awaiting();
    if (this.scope.kind !== "program" && this.scope.kind !== "thread" &&
        r.chance(0.3))
      return this.signalling();
    if (!f.plain && isAsync && r.chance(0.5)) return this.awaiting();
    return super.statement();
  }

  safely(statements) {
    return this.r.chance(0.75) ? [{ try: statements, except: [
      { type: this.r.chance(0.9) ? "Exception" : "BaseException", as: "e",
        do: [{ log: this.r.pick(["{e!r}", "{e!r} {e.__context__!r}"]) },
             ...(this.r.chance(0.2) ? [{ raise: null }] : [])] }] }]
      : statements;
  }

  // A block around a few statements that await.
  block_() {
    const r = this.r;
    const f = this.features;
    return r.weighted([
      [1, () => this.awaiting()],
      [3 * f.timeouts, () => this.timeout()],
      [3 * f.groups, () => this.taskGroup()],
      [2 * f.locks, () => this.withLock(this.oneOf(locks))],
      [2 * f.conditions, () => this.withLock("cond", [
        { await: r.pick(["cond.wait()", "cond.wait_for(is_enough)"]),
          as: "got" }, { log: "condition: {got}" }])],
      [f.conditions, () => this.withLock("cond", [this.notify()])],
      [0.7 * f.barriers, () => this.safely([{ "async with": "barrier",
        as: "place", do: [{ log: "place {place}" }, ...this.some()] }])],
      [1.5 * f.waits, () => this.asCompleted()],
      [2 * f.generators, () => this.generators()],
      [0.7, () => this.exceptStar()],
    ])();
  }

  some() {
    const r = this.r;
    return [...this.awaiting(), ...(r.chance(0.4) ? this.small() : []),
            ...(r.chance(0.15) ? [this.raise()] : [])];
  }

  timeout() {
    const r = this.r;
    this.scope.globals.add("limit");
    const made = r.chance(0.7)
      ? { timeout: this.sometimesNan([...delays, null, -1]) }
      : { timeout_at: r.pick(["loop.time() + 0.5", "start + 1", "start",
                              null]) };
    const body = [...this.some()];
    if (r.chance(0.3)) body.unshift(...this.reschedule());
    const statement = { "async with": r.chance(0.03) ? "limit" : made,
                        as: "limit", do: body };
    return this.safely([statement,
      ...(r.chance(0.4) ? [{ log: "{limit.expired()} {limit.when()}" }] : [])]);
  }

  reschedule() {
    const r = this.r;
    return this.safely([{ call: "limit.reschedule", args: [
      r.pick(["loop.time() + 0.25", "loop.time()", "start + 1", null, 0])] }]);
  }

  taskGroup() {
    const r = this.r;
    this.scope.globals.add("group");
    const body = [];
    for (let i = r.between(0, 3); i > 0; i--) body.push(...this.groupSpawn());
    if (r.chance(0.6)) body.push(...this.some());
    if (!body.length) body.push({ pass: {} });
    const statement = { "async with": { TaskGroup: {} }, as: "group",
                        do: body };
    return r.chance(0.4) ? this.starred([statement]) : this.safely([statement]);
  }

  groupSpawn() {
    const r = this.r;
    this.scope.globals.add("task");
    const coro = r.chance(0.2) ? this.sleep() : this.coroutine(true);
    return this.fuelled([
      { let: "task", be: { call: "spawn", args: ["group", coro] } },
      ...(r.chance(0.4) ? [{ if: "task", then: ["tasks.append(task)"] }] : []),
    ]);
  }

  starred(statements) {
    const r = this.r;
    const clause = type => ({ type, as: "eg", do: [
      { log: r.pick(["{eg!r}", "{eg.exceptions} {eg.__context__!r}"]) },
      ...(r.chance(0.2) ? [{ raise: null }] : []),
      ...(r.chance(0.15) ? [this.raise()] : [])] });
    const types = r.shuffled(["ValueError", "Exception", "(KeyError, OSError)",
      "LookupError", "CancelledError", "BaseException"]);
    return [{ try: statements,
              "except*": types.slice(0, r.between(1, 2)).map(clause),
              ...(r.chance(0.3) ? { finally: [{ log: "finally" }] } : {}) }];
  }

  exceptStar() {
    const r = this.r;
    const errors = Array.from({ length: r.between(1, 3) },
                              () => this.exception());
    return this.starred(r.chance(0.6)
      ? [{ raise: `ExceptionGroup('eg', [${errors.join(", ")}])` }]
      : this.some());
  }

  withLock(name, body = []) {
    return this.safely([{ "async with": name, do: [
      ...(this.r.chance(0.3) ? [{ log: "{" + name + "!r}" }] : []),
      ...body, ...(body.length && this.r.chance(0.5) ? [] : this.some())] }]);
  }

  asCompleted() {
    const r = this.r;
    const fs = Array.from({ length: r.between(1, 4) }, () => r.weighted([
      [2, () => this.future()], [2, () => this.sleep()],
      [1, () => this.coroutine(true)]])());
    const made = { as_completed: { fs: r.chance(0.15) ? "tasks" : fs,
      ...(r.chance(0.4) ? { timeout: this.sometimesNan(delays) } : {}) } };
    const jump = r.chance(0.2) ? [{ break: {} }] : [];
    return this.safely([r.chance(0.5)
      ? { for: "next_one", in: made, do: [
          ...this.safely([{ await: "next_one", as: "got" },
                          { log: "next: {got!r}" }]), ...jump] }
      : { "async for": "earliest", in: made, do: [
          ...this.safely([{ log: "earliest: {earliest.done()}" },
                          { await: "earliest", as: "got" },
                          { log: "{got!r}" }]), ...jump] }]);
  }

  generators() {
    const r = this.r;
    const jump = r.chance(0.4) ? [{ if: "x", then: [{ break: {} }] }] : [];
    const source = r.pick(["stream(3)", "stream(2)", "agen"]);
    return r.weighted([
      [3, () => this.safely([{ "async for": "x", in: source, do: [
        { log: "x {x!r}" }, ...(r.chance(0.4) ? this.awaiting() : []),
        ...jump], ...(r.chance(0.3) ? { else: [{ log: "all" }] } : {}) }])],
      [1, () => [{ for: "x", in: "numbers(count % 4)", do: [
        { log: "x {x!r}" }, ...jump] }]],
      [0.7, () => (this.scope.globals.add("agen"),
                   [{ let: "agen", be: "stream(count % 4)" }])],
      [0.5, () => this.safely([{ let: "gen", be: "numbers(3)" },
        { log: "{next(gen)}" }, { log: "{gen.send(count)}" },
        r.pick(["gen.throw(KeyError('k'))", "gen.close()",
                { log: "{list(gen)}" }])])],
    ])();
  }

  // What needs no await: waking others, cancelling them, looking on.
  signalling() {
    const r = this.r;
    const f = this.features;
    return r.weighted([
      [1, () => this.tasking()],
      [1.5 * f.locks, () => this.safely([{ release: this.oneOf(locks) }])],
      [0.5 * f.locks, () => [{ log: r.pick([
        "{lock!r} {sem!r} {bounded!r}", "{lock.locked()} {sem.locked()}",
        "{cond!r}"]) }]],
      [0.2 * f.locks, () => [{ locked: this.oneOf(locks), as: "flag" },
                             { log: "{flag}" }]],
      [2 * f.events, () => [r.weighted([[2, { set: "event" }],
        [1, { clear: "event" }], [0.5, { log: "{event!r}" }],
        [0.5, { log: "{event.is_set()}" }]])]],
      [0.2 * f.events, () => [{ is_set: "event", as: "flag" },
                              { log: "{flag}" }]],
      [1.5 * f.conditions, () => this.safely([this.notify()])],
      [f.barriers, () => [{ log: "{barrier!r} {barrier.n_waiting} " +
                                 "{barrier.broken} {barrier.parties}" }]],
      [0.4 * f.barriers, () => this.fuelled([{ create_task: {
        coro: r.pick(["barrier.abort()", "barrier.reset()",
                      "barrier.wait()"]) } }])],
      [2 * f.queues, () => this.queueNow()],
      [1.5 * f.groups, () => this.groupSpawn()],
      [0.7 * f.timeouts, () => this.reschedule()],
      [0.5 * f.timeouts, () => [{ log: "{limit!r}" }]],
      [0.5 * f.groups, () => [{ log: "{group!r}" }]],
      [2 * f.ties, () => this.ties()],
      [f.eager, () => this.eager()],
      [f.waits, () => this.watching()],
      [1.5, () => [{ cancel: r.chance(0.3)
        ? { handle: this.one("tasks"), msg: "'at random'" }
        : this.one("tasks") }]],
      [0.7, () => [{ call_later: { delay: this.sometimesNan(delays),
        callback: `${this.one("tasks")}.cancel` } }]],
      [0.1, () => ["current.cancel()"]],
      [0.2, () => ["current.uncancel()"]],
    ])();
  }

  notify() {
    return this.r.weighted([
      [3, { notify: "cond" }], [1, { notify: { condition: "cond", n: 2 } }],
      [1, { notify_all: "cond" }]]);
  }

  queueNow() {
    const r = this.r;
    const queue = this.oneOf(queues);
    return r.weighted([
      [3, () => this.safely([{ put_nowait: { queue, item: this.item() } }])],
      [2, () => this.safely([{ get_nowait: queue, as: "got" },
                             { log: "{got!r}" }])],
      [1.5, () => this.safely([{ task_done: queue }])],
      [0.4, () => [{ shutdown: { queue, ...(r.chance(0.5)
        ? { immediate: r.chance(0.6) } : {}) } }]],
      [1, () => [{ log: r.pick([`{${queue}!r}`,
        `{${queue}.qsize()} {${queue}.empty()} {${queue}.full()}`,
        `{${queue}.maxsize}`]) }]],
    ])();
  }

  // Several that wake at the same moment.
  ties() {
    const r = this.r;
    const delay = r.pick([0.5, 0.5, 1, 0]);
    const coro = () => r.pick([{ sleep: delay }, { sleep: delay },
                               { call: "nap", args: [delay, "count"] }]);
    const statements = Array.from({ length: r.between(2, 5) }, () =>
      r.chance(0.5) ? [{ create_task: { coro: coro() }, as: "task" },
                       "tasks.append(task)"]
        : [{ create_task: { coro: coro() } }]).flat();
    this.scope.globals.add("task");
    return this.fuelled(statements);
  }

  eager() {
    const r = this.r;
    this.scope.globals.add("task");
    return r.weighted([
      [3, () => this.fuelled(this.safely([
        { create_task: { coro: this.coroutine(true),
                         eager_start: r.chance(0.8),
                         ...(r.chance(0.3) ? { name: "'eager'" } : {}) },
          as: "task" }, "tasks.append(task)"]))],
      [1, () => [{ set_task_factory: r.pick(["eager_task_factory",
                                             "eager_task_factory", null]) }]],
      [0.3, () => [{ get_task_factory: {}, as: "flag" },
                   { log: "{flag is None}" }]],
    ])();
  }

  watching() {
    const r = this.r;
    return r.weighted([
      [1, () => this.safely([{ all_tasks: r.chance(0.7) ? {}
        : { loop: r.pick(["loop", "second"]) }, as: "everyone" },
        { log: "{len(everyone)}" }])],
      [0.5, () => [{ all_tasks: {}, as: "everyone" },
                   { for: "one", in: "everyone", do: ["one.cancel()"] }]],
      [1, () => (this.scope.globals.add("fut"), [
        { let: "fut", be: { shield: { awaitable: this.future() } } },
        "futs.append(fut)"])],
      [0.7, () => (this.scope.globals.add("task"), this.fuelled(this.safely([
        { ensure_future: { awaitable: r.chance(0.6) ? this.coroutine(true)
          : this.future() }, as: "task" }])))],
    ])();
  }

  // -- the parts of a scenario -----------------------------------------------

  makeFunctions() {
    const r = this.r;
    const functions = super.makeFunctions();
    functions.is_enough = { body: [{ return: r.pick(["count > 2",
                                                     "count % 2 == 0"]) }] };
    functions.nap = { async: true, params: ["delay", "n"], body: [
      { try: [{ await: { sleep: "delay" } }],
        finally: [{ log: "nap over {n}" }] }, { return: "n" }] };
    // A task in the group, or, where there is none, just the coroutine.
    functions.spawn = { params: ["where", "coro"], body: [
      { if: "where is None", then: [{ return: "coro" }] },
      { return: "where.create_task(coro)" }] };
    functions.numbers = { params: ["n"], body: this.generatorBody("function") };
    functions.stream = { async: true, params: ["n"],
                         body: this.generatorBody("async") };
    return functions;
  }

  generatorBody(kind) {
    const r = this.r;
    const isAsync = kind === "async";
    const pause = () => isAsync && r.chance(0.6) ? [{ await: this.sleep() }]
                                                 : [];
    this.scope = { kind, index: 98, locals: [], globals: new Set() };
    const steps = [...pause(), { yield: "i", as: "sent" },
                   ...(r.chance(0.4) ? [{ log: "sent {sent!r}" }] : []),
                   ...(r.chance(0.15) ? ["1 // (2 - i)"] : [])];
    const loop = [{ for: "i", in: "range(n)", do: steps }];
    const body = r.chance(0.6) ? [{ try: loop,
      ...(r.chance(0.4) ? { except: [{ type: "(ValueError, CancelledError)",
        as: "e", do: [{ log: "in generator {e!r}" },
                      ...(r.chance(0.5) ? [{ raise: null }] : [])] }] } : {}),
      finally: [{ log: "generator ends" }, ...pause()] }] : loop;
    this.scope = null;
    return body;
  }

  // The shared objects, made with one another's odds of being tight.
  shared() {
    const r = this.r;
    const made = Object.entries(queues).map(([name, verb]) => ({
      [verb]: r.chance(0.6) ? { maxsize: r.pick([1, 1, 2, 3]) } : {},
      as: name }));
    const some = () => r.chance(0.7) ? { value: r.between(0, 2) } : {};
    return [
      { Lock: {}, as: "lock" }, { Semaphore: some(), as: "sem" },
      { BoundedSemaphore: some(), as: "bounded" },
      { Condition: r.chance(0.3) ? { lock: "lock" } : {}, as: "cond" },
      { Event: {}, as: "event" }, { Barrier: r.between(1, 3), as: "barrier" },
      ...made,
    ];
  }

  main() {
    const [globals, ...rest] = super.main();
    const names = ["lock", "sem", "bounded", "cond", "event", "barrier",
                   "queue", "lifo", "prio", "limit", "group", "agen"];
    return [
      { global: [...globals.global, ...names] },
      ...(this.sharedInProgram ? [] : this.shared()),
      { timeout: 1, as: "limit" }, { TaskGroup: {}, as: "group" },
      { let: "agen", be: "stream(3)" },
      ...rest,
    ];
  }

  program() {
    const r = this.r;
    const statements = super.program();
    const at = statements.findIndex(s => s.ContextVar);
    if (this.sharedInProgram) statements.splice(at, 0, ...this.shared());
    if (r.chance(0.15)) statements.push(...this.runner());
    return statements;
  }

  runner() {
    const r = this.r;
    const again = { call: "runner.run", args: [{ call: "main" }] };
    return this.safely([{ with: { Runner: r.chance(0.2) ? { debug: true }
                                                        : {} },
      as: "runner", do: [
        ...this.safely([{ ...again, as: "result" }, { log: "{result!r}" }]),
        ...(r.chance(0.5) ? [again] : [])] }]);
  }

  scenario() {
    this.sharedInProgram = this.r.chance(0.3);
    return super.scenario();
  }
}
