/* input.js - search, pointer and keys; and the beginning. */
/* -- search --------------------------------------------------------------- */

let haystack = null;

function makeHaystack() {
  const items = [];
  const put = (text, choice, id, what, when) =>
    items.push({text: text.toLowerCase(), choice, id, what, when});
  for (const task of model.tasks.values())
    put(`t${task.id} ${task.name} ${task.coro} ${task.error ?? ""}`,
        {kind: "task", task}, `t${task.id}`, `${task.name} ${task.coro}`,
        task.t0);
  for (const run of model.runs)
    put([`h${run.handle.id}`, run.label, run.callback, run.handle.args,
         run.task && taskTitle(run.task)].join(" "), {kind: "run", run},
        `h${run.handle.id}`, run.task ? `${run.label} · ${taskTitle(run.task)}`
          : run.label, run.t0);
  for (const handle of model.handles.values())
    if (handle.runs.length === 0)
      put(`h${handle.id} ${handle.callback} ${handle.args ?? ""}`,
          {kind: "handle", handle}, `h${handle.id}`, handle.callback, handle.t);
  for (const log of model.logs)
    put(`${log.text ?? ""} ${log.message ?? ""} ${log.type ?? ""}`,
        {kind: "log", log}, "log", log.text ?? log.message ?? log.e, log.t0);
  return items;
}

function search(words) {
  const needle = words.trim().toLowerCase();
  haystack ??= makeHaystack();
  const isId = /^[ht]\d+$/.test(needle);
  view.found = !needle ? [] : haystack.filter((item) => isId
    ? item.id === needle : item.text.includes(needle));
  view.foundAt = -1;
  view.matches = !needle ? null : new Set(view.found.flatMap(({choice}) =>
    choice.run ?? choice.log?.run ??
    (isId && choice.task ? choice.task.spans.map((span) => span.run) : []))
    .filter(Boolean));
  showFound(needle);
  repaint();
}

function showFound(needle) {
  const box1 = $("results");
  $("found").textContent = !needle ? "" : view.foundAt >= 0
    ? `${view.foundAt + 1}/${view.found.length}` : String(view.found.length);
  box1.replaceChildren();
  box1.hidden = !needle || view.found.length === 0 ||
    document.activeElement !== $("search");
  view.found.slice(0, 60).forEach((item, at) => {
    const line = row(box1, item.id, item.what, moment(item.when), null,
                     {role: "option", "aria-selected": at === view.foundAt});
    line.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      pickFound(at);
    });
  });
}

function pickFound(at) {
  if (view.found.length === 0) return;
  view.foundAt = (at + view.found.length) % view.found.length;
  choose(view.found[view.foundAt].choice, true);
  showFound($("search").value.trim().toLowerCase());
  $("results").querySelector("[aria-selected=true]")?.scrollIntoView(
    {block: "nearest"});
}

/* -- the tip -------------------------------------------------------------- */

const tipLines = {
  run: ({run}) => [`h${run.handle.id} ${run.label}`, run.task
    ? `a step of ${taskTitle(run.task)}` : "a callback",
    `${moment(run.t0)}, took ${duration(run.t1 - run.t0)}`,
    run.late > 0 ? `late by ${duration(run.late)}` : null],
  turn: ({turn}) => [`Iteration ${turn.n}`, moment(turn.t0),
    `ready ${turn.ready}, heap ${turn.scheduled}`,
    turn.slept ? `slept ${duration(turn.slept)}` : null],
  log: ({log}) => [log.text ?? log.message ?? log.e, moment(log.t0)],
  job: ({job}) => [job.label, `job ${job.job}`,
    `${moment(job.t0)}, took ${duration(job.t1 - job.t0)}`],
  task: ({task, span}) => !span ? [taskTitle(task), task.coro] : [
    span.kind === "ready" ? "ready" : waitText(span), taskTitle(task),
    span.where,
    `${moment(span.t0)}, for ${duration(span.t1 - span.t0)}`],
};

function showTip(event, choice) {
  const tip = $("tip");
  tip.hidden = !choice;
  if (!choice) return;
  tip.replaceChildren();
  const [title, ...rest] = tipLines[choice.kind](choice).filter(Boolean);
  add(tip, "b", {}, title.slice(0, 300));
  for (const line of rest) add(tip, "div", {}, line);
  const {width, height: tall} = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 14,
                                           innerWidth - width - 8))}px`;
  tip.style.top = `${event.clientY + 18 + tall > innerHeight
    ? event.clientY - tall - 10 : event.clientY + 18}px`;
}

/* -- pointer and keys ----------------------------------------------------- */

const pointers = new Map();
let drag = null;

const local = (event) => {
  const {left, top: above} = canvas.getBoundingClientRect();
  return {x: event.clientX - left, y: event.clientY - above};
};

function hover(event) {
  const at = view.pointer = local(event), lane = laneAt(at.y);
  const span = lane && at.x >= frame.gutter ? spansAt(lane, at.x)[0] : null;
  const choice = span ? choiceOf(span, lane)
    : lane?.task ? {kind: "task", task: lane.task} : null;
  view.hovered = span;
  canvas.style.cursor = choice ? "pointer" : "default";
  showTip(event, choice);
  repaint();
}

function pinch(event) {
  const before = [...pointers.values()];
  pointers.set(event.pointerId, local(event));
  const after = [...pointers.values()];
  const spread = ([a, b]) => Math.max(10, Math.abs(a.x - b.x));
  const middle = (after[0].x + after[1].x) / 2;
  zoom(spread(before) / spread(after),
       (middle - frame.gutter) / (frame.width - frame.gutter));
}

canvas.addEventListener("pointerdown", (event) => {
  pointers.set(event.pointerId, local(event));
  if (event.button !== 0) return;
  drag = {...local(event), from: view.from, to: view.to, moved: false};
  canvas.setPointerCapture(event.pointerId);
});

canvas.addEventListener("pointermove", (event) => {
  if (pointers.size === 2) {
    if (drag) drag.moved = true;
    pinch(event);
    return;
  }
  if (!drag) {
    hover(event);
    return;
  }
  const by = local(event).x - drag.x;
  if (Math.abs(by) > 3) drag.moved = true;
  if (!drag.moved) return;
  showTip(event, null);
  const shift = by / (frame.width - frame.gutter) * (drag.to - drag.from);
  look(drag.from - shift, drag.to - shift);
});

canvas.addEventListener("pointerup", (event) => {
  pointers.delete(event.pointerId);
  if (drag && !drag.moved) {
    const {x: px, y: py} = local(event);
    chooseAt(px, py);
  }
  drag = null;
});

canvas.addEventListener("pointercancel", (event) => {
  pointers.delete(event.pointerId);
  drag = null;
});

canvas.addEventListener("pointerleave", (event) => {
  view.pointer = view.hovered = null;
  showTip(event, null);
  repaint();
});

canvas.addEventListener("dblclick", () => zoomTo(view.chosen));

scroller.addEventListener("wheel", (event) => {
  const isTall = height + RULER > scroller.clientHeight;
  const room = frame.width - frame.gutter;
  const fraction = (local(event).x - frame.gutter) / room;
  const isAcross = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (event.ctrlKey || event.metaKey || !(isTall || event.shiftKey || isAcross))
    zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY * 0.004))),
         Math.max(0, Math.min(1, fraction)));
  else if (event.shiftKey || isAcross)
    move((event.deltaX || event.deltaY) / room);
  else return;
  event.preventDefault();
}, {passive: false});

scroller.addEventListener("scroll", repaint);
turnList.addEventListener("scroll", () => showTurns(false));

function moveOverview(event) {
  const {left, width} = over.getBoundingClientRect();
  const [from, to] = domain();
  const middle = from + (event.clientX - left) / width * (to - from);
  const half = (view.to - view.from) / 2;
  look(middle - half, middle + half);
}

over.addEventListener("pointerdown", (event) => {
  over.setPointerCapture(event.pointerId);
  moveOverview(event);
});
over.addEventListener("pointermove", (event) => {
  if (event.buttons) moveOverview(event);
});

/* The one after, or before, what is selected. */
function step(items, current, by, kind) {
  if (items.length === 0) return;
  const last = items.length - 1;
  const at = current ? Math.max(0, Math.min(last, current.index + by))
    : by > 0 ? 0 : last;
  choose({kind, [kind]: items[at]}, true);
}

const chosenRun = () => view.chosen?.run ?? view.chosen?.log?.run;
const chosenTurn = () => view.chosen?.turn ?? view.chosen?.run?.turn;

const keys = {
  "+": () => zoom(0.6), "=": () => zoom(0.6), "-": () => zoom(1 / 0.6),
  "0": lookAtAll, ArrowLeft: () => move(-0.15), ArrowRight: () => move(0.15),
  "o": () => setScale(!view.byOrder),
  "/": () => $("search").focus(),
  "?": () => $("keys").showModal(),
  ",": () => step(model.runs, chosenRun(), -1, "run"),
  ".": () => step(model.runs, chosenRun(), 1, "run"),
  "[": () => step(model.turns, chosenTurn(), -1, "turn"),
  "]": () => step(model.turns, chosenTurn(), 1, "turn"),
  "c": () => {
    const cause = chosenRun()?.handle.cause;
    if (cause) choose({kind: "run", run: cause}, true);
  },
  Enter: () => zoomTo(view.chosen),
  Escape: () => choose(null),
};

document.addEventListener("keydown", (event) => {
  const {target} = event;
  if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open ||
      target.matches?.("input")) return;
  if (event.key === "Enter" && target.matches?.("button")) return;
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

$("search").addEventListener("input", (event) => search(event.target.value));
$("search").addEventListener("focus", (event) =>
  showFound(event.target.value.trim().toLowerCase()));
$("search").addEventListener("blur", () => { $("results").hidden = true; });
$("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter")
    pickFound(view.foundAt + (event.shiftKey ? -1 : 1));
  else if (event.key === "ArrowDown") pickFound(view.foundAt + 1);
  else if (event.key === "ArrowUp") pickFound(view.foundAt - 1);
  else if (event.key === "Escape") {
    event.target.value = "";
    search("");
    event.target.blur();
  } else return;
  event.preventDefault();
});

$("by-time").addEventListener("click", () => setScale(false));
$("by-order").addEventListener("click", () => setScale(true));
$("zoom-in").addEventListener("click", keys["+"]);
$("zoom-out").addEventListener("click", keys["-"]);
$("zoom-fit").addEventListener("click", lookAtAll);
$("help").addEventListener("click", keys["?"]);

function setTheme(isDark) {
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  readColors();
}

const prefersDark = matchMedia("(prefers-color-scheme: dark)");
prefersDark.addEventListener("change", () => setTheme(prefersDark.matches));
$("theme").addEventListener("click", () =>
  setTheme(document.documentElement.dataset.theme !== "dark"));

/* -- the beginning -------------------------------------------------------- */

function showFigures() {
  const figures = $("figures"), ended = model.end;
  figures.replaceChildren();
  for (const text of [plural(model.turns.length, "iteration"),
    plural(model.runs.length, "callback"), plural(model.tasks.size, "task"),
    `${moment(model.first)} – ${moment(model.last)}`, model.since ?? "",
    model.producer ?? ""])
    if (text) add(figures, "span", {}, text);
  if (ended?.type) add(figures, "span", {class: "bad"}, ended.text
    ? `${ended.type}: ${ended.text}` : ended.type);
  else if (!ended)
    add(figures, "span", {class: "bad"}, "the trace is cut short");
  $("turn-count").textContent = model.turns.length.toLocaleString("en");
}

/* In virtual time most callbacks take none. */
function isInstant() {
  const instant = model.runs.filter((run) => run.t1 === run.t0).length;
  return model.last === model.first || instant * 2 > model.runs.length;
}

$("extent").style.height = "0";
function resize() {
  const extra = Math.max(0, height + RULER - scroller.clientHeight);
  $("extent").style.height = `${extra}px`;
  repaint();
  showTurns(false);
}
new ResizeObserver(resize).observe(scroller);
new ResizeObserver(() => showTurns(false)).observe(turnList);

measure();
setTheme(prefersDark.matches);
showFigures();
showDetails();
setScale(model.scale ? model.scale === "order" : isInstant());
resize();

/* For the console, and for tests. */
window.timeline = {model, view, lanes, choose, frame,
  where: (run) => {
    const {left, top: above} = canvas.getBoundingClientRect();
    return {x: left + x(start(run)) + 1,
      y: above + top(run.lane) + run.lane.height / 2};
  }};
