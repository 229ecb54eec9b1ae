// thread_generator.mjs - random scenarios of executors and threads.
//
// The scenarios of object_generator.mjs, whose tasks also give pools work to
// do, wait for it in every way, cancel it, and shut pools down; what runs in
// the threads sleeps, raises, and asks the loop for something and waits.
// Every wait of a thread for another has a timeout, so that none is for ever.

import { ObjectGenerator } from "./object_generator.mjs";

const seconds = [0, 0.1, 0.25, 0.5, 0.5, 1];

export class ThreadGenerator extends ObjectGenerator {
  chooseFeatures() {
    super.chooseFeatures();
    const on = p => Number(this.r.chance(p));
    Object.assign(this.features, { pools: on(0.7), asking: on(0.4) });
  }

  // -- work for threads ------------------------------------------------------

  // A function and its arguments.
  work() {
    const r = this.r;
    const f = this.features;
    const [func, args] = r.weighted([
      [5, () => ["blocking", [r.pick(seconds)]]],
      [2 * f.asking, () => ["asking", ["loop", r.pick(seconds)]]],
      [f.asking, () => ["calling", ["loop", r.pick(seconds)]]],
      [0.7 * f.pools, () => ["submitting", ["pool", r.pick(seconds)]]],
      [0.7, () => ["var.get", []]],
      [0.3, () => ["count", []]], // cannot be called
      [0.3, () => ["xs.append", [7]]],
    ])();
    return { func, ...(args.length ? { args } : {}) };
  }

  // The same, of what takes keyword arguments: submit and to_thread.
  namedWork() {
    const r = this.r;
    return r.chance(0.75) ? this.work()
      : { func: "blocking", kwargs: { [r.chance(0.9) ? "n" : "self"]:
                                      r.pick(seconds) } };
  }

  initializer() {
    const r = this.r;
    return r.weighted([
      [3, () => ({ initializer: "starting", initargs: [r.pick(seconds)] })],
      [1, () => ({ initializer: "starting", initargs: r.pick([0.5, "(0,)"]) })],
      [0.5, () => ({ initializer: r.pick(["count", "starting", null]) })],
    ])();
  }

  threadFunctions() {
    const r = this.r;
    const safely = (...statements) => ({ try: statements, except: [
      { type: r.pick(["Exception", "BaseException"]), as: "e",
        do: [{ log: "{e!r}" }] }] });
    const coro = r.pick([{ sleep: { delay: 0.25, result: "n" } },
                         "nap(0.25, n)", "failing(0.25)",
                         "pass_on(own.create_future())"]);
    return {
      blocking: { params: ["n"], body: [
        { "time.sleep": "n" }, { log: "slept {n}" },
        { if: "n == 0.25", then: [{ raise: "ValueError(n)" }] },
        { return: "n" }] },
      asking: { params: ["own", "n"], body: [
        { run_coroutine_threadsafe: { coro, loop: "own" }, as: "asked" },
        safely({ log: r.pick(["{asked.result(n)}", "{asked.exception(n)}"]) }),
        ...(r.chance(0.6) ? [{ log: "{asked.cancel()} {asked.done()} " +
                                    "{asked.cancelled()}" }] : []),
        { return: "n" }] },
      calling: { params: ["own", "n"], body: [
        { call_soon_threadsafe: { callback: "f0", args: [1], loop: "own" },
          as: "called" },
        { "time.sleep": "n" },
        ...(r.chance(0.4) ? ["called.cancel()"] : []),
        safely({ call_soon: { callback: "f0", args: [2], loop: "own" } }),
        safely({ get_running_loop: {} }),
        { return: "n" }] },
      submitting: { params: ["where", "n"], body: [
        { submit: { executor: "where", func: "blocking", args: ["n"] },
          as: "nested" },
        safely({ log: "{nested.result(n)}" }), { return: "n" }] },
      starting: { params: ["n"], body: [
        { "time.sleep": "n" }, { log: "starting {n}" },
        { if: "n == 0.25", then: [{ raise: "ValueError(n)" }] }] },
      on_job: { params: ["future"], body: [
        { log: r.pick(["job {future!r}", "job {future.done()}"]) },
        ...(r.chance(0.2) ? [{ raise: "KeyError('on job')" }] : [])] },
    };
  }

  // -- what can be awaited ---------------------------------------------------

  awaitable() {
    return this.r.chance(0.2) ? this.inThread() : super.awaitable();
  }

  inThread() {
    const r = this.r;
    const f = this.features;
    return r.weighted([
      [3, () => ({ to_thread: this.namedWork() })],
      [3, () => ({ run_in_executor: { executor: f.pools && r.chance(0.5)
        ? "pool" : null, ...this.work(),
        ...(r.chance(0.2) ? { loop: "loop" } : {}) } })],
      [2 * f.pools, () => ({ wrap_future: r.chance(0.8) ? "job"
        : { future: "job", loop: "loop" } })],
      [f.pools, () => ({ wrap_future: { future: {
        submit: { executor: "pool", ...this.namedWork() } } } })],
      [0.5, () => ({ shutdown_default_executor: r.weighted([
        [3, {}], [1, { timeout: r.pick(seconds) }],
        [1, { loop: "loop" }]]) })],
    ])();
  }

  // -- statements ------------------------------------------------------------

  pooling() {
    const r = this.r;
    this.scope.globals.add("pool");
    this.scope.globals.add("job");
    return r.weighted([
      [4, () => this.fuelled(this.safely([
        { submit: { executor: "pool", ...this.namedWork() }, as: "job" }]))],
      [0.5, () => this.fuelled(this.safely([
        { let: "job", be: "pool.submit(blocking, 0.5)" }]))],
      [2, () => this.safely([{ log: r.pick(["{job.result(0.5)!r}",
        "{job.exception(0.25)!r}", "{job.result(timeout=0)}"]) }])],
      [1.5, () => [{ log: "{job.cancel()} {job!r}" }]],
      [1.5, () => [{ log: r.pick(["{job!r}", "{job.done()} {job.running()} " +
                                             "{job.cancelled()}"]) }]],
      [1, () => ["job.add_done_callback(on_job)"]],
      [0.3, () => this.safely([r.pick(["job.set_result(7)",
        "job.set_exception(KeyError('set'))",
        "job.set_running_or_notify_cancel()"])])],
      [1, () => this.safely([{ ThreadPoolExecutor: r.weighted([[1, {}],
        [3, { max_workers: r.pick([1, 2, 0]) }],
        [1, { max_workers: 1, thread_name_prefix: "'crew'" }],
        [2, { max_workers: r.pick([1, 2]), ...this.initializer() }]]),
        as: "pool" }])],
      [1, () => [{ shutdown: { queue: "pool", ...r.pick([{}, { wait: false },
        { wait: false, cancel_futures: true }, { cancel_futures: true }]) } }]],
      [0.7, () => this.safely([{ set_default_executor: r.chance(0.9)
        ? (r.chance(0.3) ? { executor: "pool", loop: "loop" } : "pool")
        : "count" }])],
      [0.7, () => this.safely([{ with: { ThreadPoolExecutor: {
        max_workers: r.pick([1, 2]) } }, as: "crew", do: [
        { submit: { executor: "crew", ...this.work() }, as: "job" },
        ...(r.chance(0.5) ? [{ submit: { executor: "crew",
                                         ...this.namedWork() },
                               as: "job" }] : []),
        ...(r.chance(0.3) ? [{ raise: "ValueError('with a pool')" }]
                          : [])] }])],
    ])();
  }

  statement() {
    const r = this.r;
    const isInside = this.scope.kind === "async" ||
                     this.scope.kind === "function";
    if (isInside && r.chance(0.25 * this.features.pools))
      return this.pooling();
    if (isInside && r.chance(0.05)) return [{ "time.sleep": r.pick(seconds) }];
    return super.statement();
  }

  threadBody() {
    if (!this.features.asking || this.r.chance(0.5)) return super.threadBody();
    return { do: [{ call: this.r.pick(["asking", "calling"]),
                    args: ["loop", this.r.pick(seconds)] }] };
  }

  // -- the parts of a scenario -----------------------------------------------

  makeFunctions() {
    return { ...super.makeFunctions(), ...this.threadFunctions() };
  }

  main() {
    const [globals, ...rest] = super.main();
    return [{ global: [...globals.global, "pool", "job"] },
            { ThreadPoolExecutor: { max_workers: this.r.pick([1, 1, 2]),
                ...(this.r.chance(0.2) ? this.initializer() : {}) },
              as: "pool" },
            { submit: { executor: "pool", func: "blocking", args: [0.5] },
              as: "job" }, ...rest];
  }
}
