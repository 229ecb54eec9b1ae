/* model.js - what the page shows: one fold over the trace's events.
 *
 * Handles, runs of callbacks, tasks and iterations are made once.  The queues
 * at a point are folded anew from the nearest of some checkpoints.  A trace
 * comes from a stranger: its texts become text nodes, or are drawn, and never
 * markup. */


/* -- reading: events as objects ------------------------------------------ */

const WORLD = -1; // a cause; what is less is a job: -2 is job 1

function decode(data) {
  const texts = [], events = [];
  let time = -Infinity, loop = 1;
  const read = {
    TEXT: (value) => typeof value === "number" ? texts[value]
      : Array.isArray(value) ? value[0] : (texts.push(value), value),
  };
  for (const item of data.events.slice(1)) {
    if (typeof item === "number") time = Math.max(time, item);
    else if (typeof item === "string") loop = Number(item.slice(1));
    else {
      const [name, fields] = data.kinds[item[0]];
      if (time === -Infinity) time = 0;
      const event = {e: name, i: events.length, t: time, loop};
      for (let at = 0; at < fields.length; at++) {
        const value = item[at + 1];
        if (value === null || value === undefined) continue;
        const [key, type] = fields[at];
        event[key] = read[type] ? read[type](value) : value;
      }
      events.push(event);
    }
  }
  return events;
}

/* -- the model: one fold over all events ---------------------------------- */

class Model {
  constructor(data) {
    Object.assign(this, {
      name: data.name, producer: data.producer, since: data.since, scale: data.scale,
      events: decode(data),
      handles: new Map(), tasks: new Map(), loops: new Map(), runs: [],
      turns: [], logs: [], threads: new Map(), waitsIn: new Map(),
      jobs: new Map(), lengths: [], checkpoints: [], end: null,
    });
    const last = this.events[this.events.length - 1] ?? {i: 0, t: 0};
    this.first = this.events[0]?.t ?? 0;
    this.last = last.t;
    this.count = this.events.length;
    this.fold();
    for (const loop of this.loops.values()) this.endTurn(loop, last);
    for (const run of this.runs) run.i1 ?? this.close(run, last);
    for (const task of this.tasks.values())
      if (task.open) this.close(task.open, last);
    for (const {jobs} of this.threads.values())
      for (const job of jobs) job.i1 ?? this.close(job, last);
  }

  fold() {
    const queues = new Queues();
    const every = Math.max(256, Math.ceil(this.count / 64));
    for (const event of this.events) {
      if (event.i % every === 0)
        this.checkpoints.push([event.i, queues.copy()]);
      this.follow[event.e]?.call(this, event, this.loopOf(event));
      queues.apply(event, this.handles);
      const queue = queues.of(event.loop);
      const ready = queue.ready.length - queue.head, heap = queue.heap.length;
      const before = this.lengths[this.lengths.length - 1];
      if (!before || before.ready !== ready || before.heap !== heap)
        this.lengths.push({i: event.i, t: event.t, ready, heap});
    }
  }

  /* As they are before the event. */
  queuesAt(index) {
    let at = this.checkpoints.length - 1;
    while (at > 0 && this.checkpoints[at][0] > index) at--;
    if (at < 0) return new Queues();
    const queues = this.checkpoints[at][1].copy();
    for (let i = this.checkpoints[at][0]; i < index; i++)
      queues.apply(this.events[i], this.handles);
    return queues;
  }

  loopOf(event) {
    let loop = this.loops.get(event.loop);
    if (!loop) {
      loop = {number: event.loop, turns: [], phases: [], callbacks: [],
        tasks: [], run: null, turn: null};
      this.loops.set(event.loop, loop);
    }
    return loop;
  }

  close(span, event) { span.i1 = event.i; span.t1 = event.t; }

  open(event, more) { return {i0: event.i, t0: event.t, ...more}; }

  taskOf(id, event) {
    let task = this.tasks.get(id);
    if (!task) {
      task = this.open(event, {id, name: "", coro: "?", spans: [], steps: 0,
        ran: 0, open: null, loop: event.loop, by: event.by});
      this.tasks.set(id, task);
      this.loopOf(event).tasks.push(task);
    }
    return task;
  }

  /* What the task does from now on. */
  turnTo(task, event, kind, more) {
    if (task.open) this.close(task.open, event);
    task.open = kind ? this.open(event, {kind, task, ...more}) : null;
    if (kind) task.spans.push(task.open);
  }

  rest(task, event) {
    if (task.outcome) this.turnTo(task, event, null);
    else if (task.isScheduled) this.turnTo(task, event, "ready");
    else this.turnTo(task, event, "wait",
                     {label: task.waits ?? "waits", where: task.where});
  }

  handleOf(event) {
    let handle = this.handles.get(event.h);
    if (!handle) handle = this.make(event, "?");
    return handle;
  }

  make(event, kind) {
    const handle = {id: event.h, i: event.i, t: event.t, kind, loop: event.loop,
      by: kind === "?" ? undefined : event.by, callback: event.callback ?? "?",
      args: event.args, when: event.when, task: event.task, runs: [],
      cause: this.loopOf(event).run, readySince: event.t};
    if (handle.cause?.handle.id !== event.by)
      handle.cause = this.handles.get(event.by)?.runs.at(-1) ?? null;
    this.handles.set(event.h, handle);
    return handle;
  }

  schedule(event) {
    this.make(event, event.e);
    if (!event.task) return;
    const task = this.taskOf(event.task, event);
    task.isScheduled = true;
    if (task.open?.kind !== "step") this.turnTo(task, event, "ready");
  }

  endPhase(loop, event) {
    if (loop.phase) this.close(loop.phase, event);
    loop.phase = null;
  }

  phase(loop, event, kind) {
    this.endPhase(loop, event);
    loop.phase = this.open(event, {kind, turn: loop.turn});
    loop.phases.push(loop.phase);
  }

  endTurn(loop, event) {
    this.endPhase(loop, event);
    if (loop.turn) this.close(loop.turn, event);
    loop.turn = null;
  }

  endRun(loop, event) {
    const run = loop.run;
    if (!run) return;
    this.close(run, event);
    loop.run = null;
    if (!run.task) return;
    run.task.ran += run.t1 - run.t0;
    this.rest(run.task, event);
  }

  note(event, loop, level) {
    this.logs.push({...event, i0: event.i, t0: event.t, i1: event.i,
      t1: event.t, run: loop.run, kind: level});
  }

  follow = {
    iteration(event, loop) {
      this.endTurn(loop, event);
      loop.turn = this.open(event, {n: event.n, ready: event.ready,
        scheduled: event.scheduled, cancelled: event.cancelled, runs: [],
        loop: event.loop, index: this.turns.length, timeout: undefined});
      this.turns.push(loop.turn);
      loop.turns.push(loop.turn);
    },
    select(event, loop) {
      this.phase(loop, event, "select");
      if (loop.turn) loop.turn.timeout = event.timeout ?? Infinity;
    },
    wake(event, loop) {
      if (loop.turn && loop.phase?.kind === "select") {
        loop.turn.slept = event.t - loop.phase.t0;
        loop.turn.fds = event.fds;
      }
      this.endPhase(loop, event);
    },
    stopped(event, loop) {
      this.endRun(loop, event);
      this.endTurn(loop, event);
    },
    due(event) { this.handleOf(event).readySince = event.t; },
    ready(event) { this.handleOf(event).readySince = event.t; },
    call_soon: Model.prototype.schedule,
    call_soon_threadsafe: Model.prototype.schedule,
    call_at: Model.prototype.schedule,
    add_reader(event) { this.make(event, event.e); },
    add_writer(event) { this.make(event, event.e); },
    add_signal_handler(event) { this.make(event, event.e); },
    cancel(event) {
      const handle = this.handleOf(event);
      handle.cancelled = event.i;
      handle.cancelledBy = event.by;
    },
    run(event, loop) {
      const handle = this.handleOf(event);
      this.endRun(loop, event);
      if (loop.phase?.kind !== "callbacks")
        this.phase(loop, event, "callbacks");
      const task = event.task ? this.taskOf(event.task, event) : null;
      const run = this.open(event, {kind: task ? "step" : "callback", handle,
        task, turn: loop.turn, loop: event.loop, index: this.runs.length,
        callback: event.callback ?? handle.callback,
        stood: event.t - handle.readySince,
        late: handle.when === undefined ? undefined : event.t - handle.when});
      run.label = task ? task.coro : run.callback;
      this.runs.push(run);
      handle.runs.push(run);
      loop.turn?.runs.push(run);
      loop.run = run;
      if (!task) {
        loop.callbacks.push(run);
        return;
      }
      task.steps++;
      task.isScheduled = false;
      task.waits = task.where = undefined;
      this.turnTo(task, event, "step", {run});
    },
    ran(event, loop) { this.endRun(loop, event); },
    task(event) {
      const task = this.taskOf(event.task, event);
      task.name = event.name ?? "";
      task.coro = event.coro ?? "?";
    },
    task_cancel(event) {
      const task = this.taskOf(event.task, event);
      (task.cancels ??= []).push(event);
    },
    task_done(event) {
      const task = this.taskOf(event.task, event);
      Object.assign(task, {outcome: event.outcome ?? "done",
        error: event.type && (event.text ? `${event.type}: ${event.text}`
          : event.type), i1: event.i, t1: event.t});
      if (task.open?.kind !== "step") this.turnTo(task, event, null);
    },
    task_waits(event) {
      const task = this.taskOf(event.task, event);
      const other = event.on && this.tasks.get(event.on);
      task.where = event.where;
      task.waits = event.on ? `t${event.on} ${other?.name ?? ""}`
        : this.waitsIn.get(event.future) ?? `f${event.future}`;
      task.awaits = event.on;
      if (task.open?.kind === "wait")
        Object.assign(task.open, {label: task.waits, where: task.where});
    },
    waiters(event) {
      const who = event.joined ?? event.putter;
      if (who) this.waitsIn.set(who, `${event.type ?? "?"} p${event.p}`);
    },
    eager(event, loop) {
      const task = this.taskOf(event.task, event);
      if (loop.run) this.turnTo(task, event, "step", {run: loop.run});
    },
    eager_end(event) {
      const task = this.taskOf(event.task, event);
      if (task.open?.kind === "step") this.rest(task, event);
    },
    log(event, loop) { this.note(event, loop, event.level ? "warn" : "log"); },
    exception(event, loop) { this.note(event, loop, "bad"); },
    thread_error(event, loop) { this.note(event, loop, "bad"); },
    deadlock(event, loop) { this.note(event, loop, "bad"); },
    job(event) { this.jobs.set(event.job, event.callback ?? "?"); },
    job_begun(event) {
      const name = event.function ?? "?";
      if (!this.threads.has(name)) this.threads.set(name, {name, jobs: []});
      this.threads.get(name).jobs.push(this.open(event,
        {kind: "job", job: event.job, label: this.jobs.get(event.job) ?? "?"}));
    },
    job_ended(event) {
      const jobs = this.threads.get(event.function ?? "?")?.jobs ?? [];
      const job = jobs.findLast((one) => one.job === event.job);
      if (job && job.i1 === undefined) this.close(job, event);
    },
    end(event) { this.end = event; },
  };
}
