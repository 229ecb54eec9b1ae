/* panel.js - what is selected in full, and the list of iterations. */
/* -- what is under the pointer -------------------------------------------- */

const NEAR = 5; /* pixels */

function laneAt(py) {
  const y = py - RULER + scroller.scrollTop;
  if (py < RULER) return null;
  return lanes.find((lane) => y >= lane.y && y < lane.y + lane.height) ?? null;
}

/* All that is there, what is nearest first. */
function spansAt(lane, px) {
  const near = (view.to - view.from) * NEAR / (frame.width - frame.gutter);
  const place = placeAt(px), there = [];
  const {spans} = lane;
  for (let at = firstFrom(spans, place - near); at < spans.length; at++) {
    const span = spans[at];
    if (start(span) > place + near || there.length > 500) break;
    there.push(span);
  }
  const distance = (span) => Math.max(start(span) - place, place - finish(span),
                                      0) + (isIdle(span) ? near / 2 : 0);
  return there.sort((a, b) => distance(a) - distance(b));
}

function choiceOf(span, lane) {
  if (lane.kind === "loop") return {kind: "turn", turn: span};
  if (lane.kind === "log") return {kind: "log", log: span};
  if (lane.kind === "thread") return {kind: "job", job: span, lane};
  if (isIdle(span)) return {kind: "task", task: lane.task, span};
  return {kind: "run", run: span.run ?? span};
}

function isSame(a, b) {
  return a && b && a.kind === b.kind &&
    ["run", "turn", "log", "job", "handle"].every((key) => a[key] === b[key]) &&
    a.task === b.task && a.span === b.span;
}

/* Another click in the same place goes on to what is hidden beneath. */
function chooseAt(px, py) {
  const lane = laneAt(py);
  if (!lane) return;
  if (px < frame.gutter) {
    choose(lane.task ? {kind: "task", task: lane.task} : null);
    return;
  }
  const choices = spansAt(lane, px).map((span) => choiceOf(span, lane));
  const at = choices.findIndex((choice) => isSame(choice, view.chosen));
  choose(choices[(at + 1) % choices.length] ?? null);
}

/* -- what is selected ----------------------------------------------------- */

function choose(choice, isRevealed) {
  if (choice?.kind === "run") choice.effects = effectsOf(choice.run);
  view.chosen = choice;
  showDetails();
  showTurns();
  if (isRevealed && choice) reveal(choice);
  repaint();
}

function spanOf(choice) {
  const {run, turn, log, span, job, task, handle} = choice;
  return run ?? turn ?? log ?? span ?? job ?? task ??
    (handle && {i0: handle.i, t0: handle.t, i1: handle.i, t1: handle.t});
}

/* Bring it into sight, as it is wide enough to be seen. */
function reveal(choice) {
  const span = spanOf(choice);
  if (!span) return;
  const from = start(span), to = finish(span) ?? from;
  const width = view.to - view.from;
  if (to < view.from + width * 0.04 || from > view.to - width * 0.04) {
    const middle = to - from < width ? (from + to) / 2 : from + width * 0.45;
    look(middle - width / 2, middle + width / 2);
  }
  const lane = span.lane ?? choice.task?.lane;
  if (!lane) return;
  const above = lane.y - scroller.scrollTop;
  if (above < 0 || above + lane.height + RULER > scroller.clientHeight)
    scroller.scrollTop = lane.y - scroller.clientHeight / 2 + RULER;
}

function zoomTo(choice) {
  const span = choice && spanOf(choice);
  if (!span) return;
  const length = (finish(span) ?? start(span)) - start(span);
  const least = view.byOrder ? 24 : (view.to - view.from) / 8;
  const margin = Math.max(length * 0.6, length > 0 ? 0 : least / 2);
  look(start(span) - margin, start(span) + length + margin);
  reveal(choice);
}

/* -- the details ---------------------------------------------------------- */

const details = $("details");
const SOME = 100; /* rows of a list, beyond which it is cut */

function list(title, items, show) {
  if (items.length === 0) return;
  add(details, "h3", {}, title);
  for (const item of items.slice(0, SOME)) show(item);
  if (items.length > SOME)
    add(details, "p", {class: "more"}, `and ${items.length - SOME} more`);
}

function row(parent, id, what, when, choice, more) {
  const line = add(parent, "button", {class: "row", type: "button", ...more,
    onclick: choice && (() => choose(choice, true))});
  if (id) add(line, "span", {class: "id"}, id);
  add(line, "span", {class: "what"}, what);
  if (when) add(line, "span", {class: "when"}, when);
  return line;
}

const choiceOfHandle = (handle) => handle.runs.length
  ? {kind: "run", run: handle.runs[0]} : {kind: "handle", handle};

const labelOf = (handle) => handle.runs[0]?.label ??
  (handle.task ? model.tasks.get(handle.task)?.coro : null) ?? handle.callback;

function chip(parent, handle, id, index) {
  const text = handle ? `h${id} ${labelOf(handle)}` : `h${id}`;
  add(parent, "button", {class: handle?.cancelled < index ? "chip off" : "chip",
    type: "button", title: handle?.callback ?? "",
    onclick: () => handle && choose(choiceOfHandle(handle), true)}, text);
}

function facts(pairs) {
  const dl = add(details, "dl", {class: "facts"});
  for (const [name, value, kind] of pairs) {
    if (value === undefined || value === null || value === "") continue;
    add(dl, "dt", {}, name);
    add(dl, "dd", {class: kind}, value);
  }
}

function byWhom(by) {
  if (by === WORLD) return "the world outside";
  if (by < WORLD) return `job ${WORLD - by}`;
  if (!by) return "the program";
  const handle = model.handles.get(by);
  return `h${by}${handle ? ` ${labelOf(handle)}` : ""}`;
}

function lead(title, sub) {
  add(details, "p", {class: "lead"}, title);
  if (sub) add(details, "p", {class: "sub"}, sub);
}

function handleFacts(handle, more) {
  facts([
    [handle.kind === "?" ? "first seen" : handle.kind,
     `${moment(handle.t)}, by ${byWhom(handle.by)}`],
    ["arguments", handle.args],
    ["due", handle.when === undefined ? null : moment(handle.when)],
    ...more,
    ["cancelled", handle.cancelled === undefined ? null
      : `${moment(model.events[handle.cancelled].t)}, by ${
        byWhom(handle.cancelledBy)}`, "warn"],
  ]);
}

function showRun({run, effects}) {
  const {handle, task} = run;
  lead(run.label, task ? `h${handle.id} ${run.callback}, a step of ${
    taskTitle(task)}` : `h${handle.id}, a callback`);
  handleFacts(handle, [
    ["late", run.late === undefined ? null : run.late > 0 ? duration(run.late)
      : "no", run.late > 0 ? "warn" : "good"],
    ["in ready for", duration(run.stood)],
    ["ran", `${moment(run.t0)}${run.turn ? `, iteration ${run.turn.n}` : ""}`],
    ["took", duration(run.t1 - run.t0)],
  ]);
  if (task) row(details, `t${task.id}`, `${task.name} ${task.coro}`, "",
                {kind: "task", task});
  list("Because of", causesOf(run).slice(1), (cause) =>
    row(details, `h${cause.handle.id}`, cause.label, moment(cause.t0),
        {kind: "run", run: cause}));
  if (!handle.cause) add(details, "p", {class: "more"},
    `scheduled by ${byWhom(handle.by)}`);
  list("Led to", effects, (effect) =>
    row(details, `h${effect.id}`, labelOf(effect), effect.runs[0]
      ? moment(effect.runs[0].t0) : "did not run", choiceOfHandle(effect)));
  list("Meanwhile", model.events.slice(run.i0 + 1, run.i1), (event) =>
    row(details, "", phrase(event), "", null, {title: phrase(event)}));
  showQueues(run.i0, run.loop, "as it began");
}

function showTask({task}) {
  lead(`${taskTitle(task)}`, task.coro);
  const end = task.outcome ? {i: task.i1, t: task.t1} : {t: model.last};
  facts([
    ["created", `${moment(task.t0)}, by ${byWhom(task.by)}`],
    [task.outcome ? "ended" : "still pending", task.outcome
      ? `${moment(task.t1)}: ${task.outcome}` : moment(model.last),
     OUTCOMES[task.outcome]],
    ["exception", task.error, "bad"],
    ["lived", duration(end.t - task.t0)],
    ["steps", `${task.steps}, ${duration(task.ran)} in all`],
  ]);
  list("Cancelled by", task.cancels ?? [], (event) => {
    const run = model.handles.get(event.by)?.runs.at(-1);
    row(details, run ? `h${event.by}` : "", run?.label ?? byWhom(event.by),
        moment(event.t),
        run && {kind: "run", run});
  });
  list("What it did", task.spans, (span) => row(details,
    span.run ? `h${span.run.handle.id}` : "",
    span.kind === "step" ? "ran" : span.kind === "ready" ? "ready"
      : waitText(span) + (span.where ? `, ${span.where}` : ""),
    `${moment(span.t0)} · ${duration(span.t1 - span.t0)}`,
    span.run ? {kind: "run", run: span.run} : {kind: "task", task, span}));
}

function showTurn({turn}) {
  lead(`Iteration ${turn.n}`, moment(turn.t0));
  facts([
    ["ready", turn.ready],
    ["scheduled", turn.scheduled],
    ["of them cancelled", turn.cancelled || null],
    ["select", turn.timeout === undefined ? null : turn.timeout === 0
      ? "only looked" : `up to ${duration(turn.timeout)}`],
    ["slept", turn.slept ? duration(turn.slept) : null],
    ["fds ready", turn.fds],
    ["took", duration(turn.t1 - turn.t0)],
  ]);
  list("Ran", turn.runs, (run) => row(details, `h${run.handle.id}`,
    run.task ? `${run.label} · ${taskTitle(run.task)}` : run.label,
    duration(run.t1 - run.t0), {kind: "run", run}));
  showQueues(turn.i0, turn.loop, "as it began");
}

function showLog({log}) {
  lead({warn: log.level ?? "Warning", bad: log.e}[log.kind] ?? "Log",
       moment(log.t0));
  add(details, "p", {class: `log ${log.kind}`},
      [log.message, log.type, log.text].filter(Boolean).join(": "));
  if (log.run) row(details, `h${log.run.handle.id}`, log.run.label,
                   moment(log.run.t0), {kind: "run", run: log.run});
}

function showHandle({handle}) {
  lead(labelOf(handle), `h${handle.id}, which never ran`);
  handleFacts(handle, []);
  if (handle.cause) row(details, `h${handle.cause.handle.id}`,
    handle.cause.label, moment(handle.cause.t0),
    {kind: "run", run: handle.cause});
  showQueues(handle.i + 1, handle.loop, "once it was scheduled");
}

function showJob({job, lane}) {
  lead(job.label, `job ${job.job}, on thread ${lane.label}`);
  facts([["began", moment(job.t0)], ["ended", moment(job.t1)],
         ["took", duration(job.t1 - job.t0)]]);
}

function showNothing() {
  lead("Nothing selected");
  const box1 = add(details, "div", {class: "hint"});
  add(box1, "p", {}, "Each lane is a task. A bar is a step of it, a pale one " +
    "means it stands in the ready queue, a line that it waits.");
  const ul = add(box1, "ul");
  add(ul, "li", {},
      "Click a bar: why it ran, what it led to, the queues then.");
  add(ul, "li", {}, "Click an iteration, here below or in the loop's lane: " +
    "the ready queue and the heap as it began.");
  add(ul, "li", {}, "Drag to move; Ctrl and the wheel to zoom; ",
      add(ul, "kbd", {}, "?"), " for keys.");
  list("The log", model.logs, (log) => row(details, "", log.text ?? log.message
    ?? log.e, moment(log.t0), {kind: "log", log}));
}

function showDetails() {
  const shows = {run: showRun, task: showTask, turn: showTurn, log: showLog,
    handle: showHandle, job: showJob};
  details.replaceChildren();
  if (view.chosen) shows[view.chosen.kind](view.chosen);
  else showNothing();
  details.scrollTop = 0;
}

/* -- the queues, at a point ----------------------------------------------- */

const DEEPEST = 4; /* rows of the heap's tree that are drawn */

function showQueues(index, loop, when) {
  const queues = model.queuesAt(index), ready = queues.ready(loop);
  const heap = queues.heap(loop);
  add(details, "h3", {}, `Ready ${when}: ${ready.length}`);
  const chips = add(details, "div", {class: "chips", "data-queue": "ready"});
  for (const id of ready.slice(0, 40))
    chip(chips, model.handles.get(id), id, index);
  if (ready.length > 40) add(chips, "span", {class: "more"},
                             `and ${ready.length - 40} more`);
  add(details, "h3", {}, `Heap ${when}: ${heap.length}`);
  if (heap.length === 0) return;
  drawTree(heap.slice(0, 2 ** DEEPEST - 1), index);
  heap.slice(0, 20).forEach(([due, id], at) => {
    const handle = model.handles.get(id);
    const line = row(details, `h${id}`, handle ? labelOf(handle) : "?",
      Number.isFinite(due) ? moment(due) : "never",
      handle && choiceOfHandle(handle), {"data-heap": at});
    if (handle?.cancelled < index) line.classList.add("off");
  });
  if (heap.length > 20) add(details, "p", {class: "more"},
                            `and ${heap.length - 20} more`);
}

function drawTree(heap, index) {
  const depth = Math.floor(Math.log2(heap.length)) + 1;
  const wide = 360, rowTall = 38, tree = add(details, "svg", {class: "tree",
    viewBox: `0 0 ${wide} ${depth * rowTall}`, role: "img",
    "aria-label": "The heap as a tree"});
  const place = (at) => {
    const level = Math.floor(Math.log2(at + 1));
    const column = at + 1 - 2 ** level;
    return [wide * (column + 0.5) / 2 ** level, level * rowTall + 16];
  };
  for (let at = 1; at < heap.length; at++) {
    const [x1, y1] = place((at - 1) >> 1), [x2, y2] = place(at);
    add(tree, "line", {x1, y1: y1 + 13, x2, y2: y2 - 13});
  }
  heap.forEach(([due, id], at) => {
    const [cx, cy] = place(at), handle = model.handles.get(id);
    const level = Math.floor(Math.log2(at + 1));
    const half = Math.min(27, wide / 2 ** level / 2 - 1);
    const node = add(tree, "g", {class: [handle?.cancelled < index ? "off" : "",
      at === 0 ? "first" : ""].join(" "),
      onclick: () => handle && choose(choiceOfHandle(handle), true)});
    add(node, "title", {}, `h${id} ${handle ? labelOf(handle) : ""} ${due} s`);
    add(node, "rect", {x: cx - half, y: cy - 13, width: 2 * half, height: 26,
      rx: 5});
    add(node, "text", {x: cx, y: cy - 2}, `h${id}`);
    add(node, "text", {x: cx, y: cy + 9}, Number.isFinite(due)
      ? String(Number(due.toPrecision(half > 20 ? 6 : 4))) : "∞");
  });
}

/* -- iterations ----------------------------------------------------------- */

const TURN = 26, turnList = $("turns"), turnRows = $("turn-rows");
const mostOf = (key) => model.turns.reduce(
  (most, turn) => Math.max(most, turn[key] ?? 0), 1);
const mostReady = mostOf("ready"), mostHeap = mostOf("scheduled");

/* A list may not be taller than browsers can: beyond that, it is compressed. */
const TALLEST = 8e6;
const turnsTall = Math.min(model.turns.length * TURN, TALLEST);

function firstTurnShown() {
  const most = Math.max(1, turnsTall - turnList.clientHeight);
  const rows = model.turns.length - turnList.clientHeight / TURN;
  return Math.max(0, rows * Math.min(1, turnList.scrollTop / most));
}

function showTurns(isFollowing = true) {
  const chosen = view.chosen?.turn ?? view.chosen?.run?.turn;
  if (chosen && isFollowing) scrollToTurn(chosen);
  const first = firstTurnShown(), count = turnList.clientHeight / TURN + 2;
  turnRows.style.height = `${turnsTall}px`;
  turnRows.replaceChildren();
  const shown = model.turns.slice(Math.floor(first), Math.ceil(first + count));
  shown.forEach((turn, at) => {
    const y = turnList.scrollTop + (Math.floor(first) - first + at) * TURN;
    showTurnRow(turn, y, turn === chosen);
  });
}

function showTurnRow(turn, y, isChosenTurn) {
  const line = add(turnRows, "div", {class: "turn", role: "option",
    "aria-selected": isChosenTurn, "data-turn": turn.index,
    onclick: () => choose({kind: "turn", turn}, true)});
  line.style.top = `${y}px`;
  add(line, "span", {class: "n"}, String(turn.n));
  add(line, "span", {class: "dim"}, moment(turn.t0));
  const gauge = (count, most, kind, name) => {
    const cell = add(line, "span", {title: `${name} ${count}`});
    if (count) add(cell, "span", {class: `bar ${kind}`}).style.width =
      `${Math.max(2, 28 * count / most)}px`;
    cell.append(String(count ?? ""));
  };
  gauge(turn.ready, mostReady, "ready", "ready");
  gauge(turn.scheduled, mostHeap, "heap", "heap");
  add(line, "span", {class: "dim"}, turn.slept ? `+${duration(turn.slept)}`
    : `ran ${turn.runs.length}`);
}

function scrollToTurn(turn) {
  const first = firstTurnShown(), shown = turnList.clientHeight / TURN;
  if (turn.index >= first && turn.index < first + shown - 1) return;
  const rows = Math.max(1, model.turns.length - shown);
  const most = turnsTall - turnList.clientHeight;
  turnList.scrollTop = (turn.index - shown / 2) / rows * most;
}
