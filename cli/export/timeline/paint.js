/* paint.js - the lanes, drawn on a canvas: what is in sight of them, and no
 * pixel twice. */
/* -- lanes ---------------------------------------------------------------- */

const RULER = 26, LANE = 26, LOOP_LANE = 44;

function makeLanes(model) {
  const lanes = [];
  const lane = (kind, label, spans, more) => {
    if (spans.length || kind === "task")
      lanes.push({kind, label, spans, height: LANE, sub: "", ...more});
  };
  for (const loop of model.loops.values()) {
    const which = model.loops.size > 1 ? ` l${loop.number}` : "";
    lane("loop", `loop${which}`, loop.turns,
         {height: LOOP_LANE, loop,
           sub: plural(loop.turns.length, "iteration")});
    lane("log", `log${which}`,
         model.logs.filter((log) => log.loop === loop.number));
    lane("callbacks", `callbacks${which}`, loop.callbacks,
         {sub: loop.callbacks.length.toLocaleString("en")});
    for (const task of loop.tasks)
      lane("task", taskTitle(task), task.spans, {sub: task.coro, task});
  }
  for (const thread of model.threads.values())
    lane("thread", thread.name, thread.jobs, {sub: "thread"});
  let y = 0;
  for (const one of lanes) {
    one.y = y;
    y += one.height;
    if (one.task) one.task.lane = one;
    for (const span of one.spans) span.lane = one;
  }
  for (const run of model.runs)
    if (run.task) run.lane = run.task.lane;
  return lanes;
}

/* -- the view ------------------------------------------------------------- */

const model = new Model(JSON.parse($("trace").textContent));
const lanes = makeLanes(model);
const height = lanes.reduce((sum, lane) => sum + lane.height, 0);

const view = {
  byOrder: false, from: 0, to: 1,
  chosen: null,        /* {kind: "run", run}; turn, task, log, job, handle */
  hovered: null, pointer: null,
  matches: null,       /* Set of runs; null: nothing is searched for */
  found: [], foundAt: -1,
};

const start = (span) => view.byOrder ? span.i0 : span.t0;
const finish = (span) => view.byOrder ? span.i1 : span.t1;
const placeOf = (event) => view.byOrder ? event.i : event.t;

/* Behind the end there is room for dots, which are outcomes. */
function domain() {
  const [from, to] = view.byOrder ? [0, Math.max(1, model.count - 1)]
    : [model.first, model.last > model.first ? model.last : model.first + 1];
  const margin = (to - from) * 0.015;
  const dots = (to - from) * 16 / Math.max(frame.width - frame.gutter, 160);
  return [from - margin, to + Math.max(2 * margin, dots)];
}

function look(from, to) {
  const [least, most] = domain();
  const narrowest = view.byOrder ? 4
    : Math.max(1e-9, Math.abs(most) * 4e-15, (most - least) * 1e-12);
  const width = Math.min(Math.max(to - from, narrowest), most - least);
  let begin = (from + to) / 2 - width / 2;
  begin = Math.min(Math.max(begin, least), most - width);
  view.from = begin;
  view.to = begin + width;
  repaint();
}

const lookAtAll = () => look(...domain());

/* Around a fraction of the width, which stays where it is. */
function zoom(factor, fraction = 0.5) {
  const still = view.from + (view.to - view.from) * fraction;
  const width = (view.to - view.from) * factor;
  look(still - width * fraction, still + width * (1 - fraction));
}

const move = (fraction) => {
  const by = (view.to - view.from) * fraction;
  look(view.from + by, view.to + by);
};

function setScale(byOrder) {
  view.byOrder = byOrder;
  $("by-order").setAttribute("aria-pressed", byOrder);
  $("by-time").setAttribute("aria-pressed", !byOrder);
  lookAtAll();
  if (view.chosen) reveal(view.chosen);
}

/* -- painting ------------------------------------------------------------- */

const canvas = $("timeline"), over = $("overview"), scroller = $("lanes");
let colors = {}, isDue = false;

function repaint() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    paint();
    paintOverview();
  });
}

function readColors() {
  const style = getComputedStyle(document.documentElement);
  const names = ["back", "panel", "text", "muted", "faint", "line", "stripe",
    "accent", "accent-soft", "wait", "select", "good", "bad", "warn"];
  colors = {hues: []};
  for (const name of names)
    colors[name] = style.getPropertyValue(`--${name}`).trim();
  for (let i = 0; i < 8; i++)
    colors.hues.push(style.getPropertyValue(`--hue${i}`).trim());
  colors.sans = style.getPropertyValue("--sans");
  repaint();
}

const hueOf = new Map();
function hue(name) {
  if (!hueOf.has(name)) hueOf.set(name, hueOf.size % 8);
  return colors.hues[hueOf.get(name)];
}

function prepare(target, width, tall) {
  const ratio = window.devicePixelRatio || 1;
  if (target.width !== Math.round(width * ratio) ||
      target.height !== Math.round(tall * ratio)) {
    target.width = Math.round(width * ratio);
    target.height = Math.round(tall * ratio);
    target.style.width = `${width}px`;
    target.style.height = `${tall}px`;
  }
  const pen = target.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, tall);
  pen.font = `11px ${colors.sans}`;
  pen.textBaseline = "middle";
  return pen;
}

const frame = {width: 0, height: 0, gutter: 0};

const x = (place) => frame.gutter + (place - view.from) /
  (view.to - view.from) * (frame.width - frame.gutter);
const placeAt = (px) => view.from + (px - frame.gutter) /
  (frame.width - frame.gutter) * (view.to - view.from);
const top = (lane) => RULER + lane.y - scroller.scrollTop;

/* Of spans that follow one another, the first that ends at or after it. */
function firstFrom(spans, place) {
  let low = 0, high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (finish(spans[middle]) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

function fit(pen, text, room) {
  if (room < 14) return "";
  if (pen.measureText(text).width <= room) return text;
  let low = 0, high = Math.min(text.length, 200);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const {width} = pen.measureText(`${text.slice(0, middle)}…`);
    if (width <= room) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? "" : `${text.slice(0, low)}…`;
}

function write(pen, text, left, right, middle, color) {
  const from = Math.max(left, frame.gutter) + 5;
  const shown = fit(pen, text, Math.min(right, frame.width) - from - 4);
  if (!shown) return;
  pen.fillStyle = color;
  pen.fillText(shown, from, middle);
}

function box(pen, left, right, y, tall, round) {
  const from = Math.max(left, frame.gutter - 8);
  const wide = Math.max(Math.min(right, frame.width + 8) - from, 0);
  pen.beginPath();
  pen.roundRect(from, y, wide, tall, Math.min(round, wide / 2));
}

/* Each such span in sight, those that would fall on the same pixel but once. */
function eachInSight(spans, visit, isSuch = () => true) {
  let latest = -Infinity;
  for (let at = firstFrom(spans, view.from); at < spans.length; at++) {
    const span = spans[at];
    if (start(span) > view.to) break;
    if (!isSuch(span)) continue;
    const left = x(start(span)), right = x(finish(span));
    if (right < latest + 0.6 && !isChosen(span)) continue;
    latest = right;
    visit(span, left, right, at);
  }
}

const MINIMUM = 3; /* pixels of what takes no time */

const isIdle = (span) => span.kind === "wait" || span.kind === "ready";

function isChosen(span) {
  const run = span.run ?? span;
  return view.chosen?.kind === "run" && view.chosen.run === run;
}

function paintRun(pen, lane, span, left, right) {
  const run = span.run ?? span, y = top(lane) + 5, tall = lane.height - 10;
  const to = Math.max(right, left + MINIMUM);
  pen.globalAlpha = view.matches && !view.matches.has(run) ? 0.22 : 1;
  pen.fillStyle = hue(run.label);
  box(pen, left, to, y, tall, 4);
  pen.fill();
  const hovers = view.hovered && (view.hovered.run ?? view.hovered) === run;
  if (isChosen(span) || hovers) {
    pen.strokeStyle = colors.text;
    pen.lineWidth = isChosen(span) ? 2 : 1;
    pen.stroke();
  }
  const id = `h${run.handle.id}`, label = lane.task ? id : `${run.label} ${id}`;
  if (to - left > 22)
    write(pen, label, left, to, y + tall / 2 + 0.5, colors.panel);
  pen.globalAlpha = 1;
}

function paintIdle(pen, lane, span, left, right) {
  const middle = top(lane) + lane.height / 2;
  if (span.kind === "ready") {
    pen.globalAlpha = 0.28;
    pen.fillStyle = hue(lane.task.coro);
    box(pen, left, right, middle - 4, 8, 2);
    pen.fill();
    pen.globalAlpha = 1;
    return;
  }
  pen.fillStyle = colors.wait;
  pen.fillRect(Math.max(left, frame.gutter), middle - 1,
               Math.min(right, frame.width) - Math.max(left, frame.gutter), 2);
  const text = right - left > 70 ? fit(pen, span.label,
    Math.min(right, frame.width) - Math.max(left, frame.gutter) - 16) : "";
  if (!text) return;
  const from = Math.max(left, frame.gutter) + 8;
  pen.fillStyle = colors.panel;
  pen.fillRect(from - 4, middle - 7, pen.measureText(text).width + 8, 14);
  pen.fillStyle = colors.muted;
  pen.fillText(text, from, middle + 0.5);
}

const OUTCOMES = {result: "good", exception: "bad", cancelled: "warn"};

function paintEnd(pen, lane) {
  const {task} = lane;
  if (!task.outcome) return;
  const at = x(placeOf({i: task.i1, t: task.t1}));
  if (at < frame.gutter || at > frame.width + 8) return;
  const middle = top(lane) + lane.height / 2;
  pen.fillStyle = pen.strokeStyle = colors[OUTCOMES[task.outcome] ?? "muted"];
  pen.lineWidth = 2;
  pen.beginPath();
  if (task.outcome === "exception") {
    pen.moveTo(at + 3, middle - 4);
    pen.lineTo(at + 11, middle + 4);
    pen.moveTo(at + 11, middle - 4);
    pen.lineTo(at + 3, middle + 4);
    pen.stroke();
  } else {
    pen.arc(at + 7, middle, 4, 0, 7);
    if (task.outcome === "cancelled") pen.stroke();
    else pen.fill();
  }
}

function paintTask(pen, lane) {
  eachInSight(lane.spans, (span, left, right) =>
    paintIdle(pen, lane, span, left, right), isIdle);
  eachInSight(lane.spans, (span, left, right) =>
    paintRun(pen, lane, span, left, right), (span) => !isIdle(span));
  paintEnd(pen, lane);
}

function paintLoop(pen, lane) {
  const y = top(lane);
  eachInSight(lane.spans, (turn, left, right) => {
    const chosen = view.chosen?.kind === "turn" && view.chosen.turn === turn;
    pen.fillStyle = chosen ? colors["accent-soft"]
      : turn.index % 2 ? colors.back : colors.stripe;
    box(pen, left, Math.max(right, left + 1), y + 3, 17, 3);
    pen.fill();
    if (chosen) {
      pen.strokeStyle = colors.accent;
      pen.lineWidth = 1.5;
      pen.stroke();
    }
    write(pen, String(turn.n), left - 1, right + 4, y + 12,
          chosen ? colors.accent : colors.muted);
  });
  const isSelect = (phase) => phase.kind === "select";
  eachInSight(lane.loop.phases, (phase, left, right) => {
    pen.fillStyle = colors.select;
    box(pen, left, Math.max(right, left + 1.5), y + 23, 15, 3);
    pen.fill();
    write(pen, "select", left, right, y + 31, colors.muted);
  }, isSelect);
  eachInSight(lane.loop.phases, (phase, left, right) => {
    pen.fillStyle = colors.accent;
    pen.globalAlpha = 0.75;
    box(pen, left, Math.max(right, left + 2), y + 23, 15, 3);
    pen.fill();
    pen.globalAlpha = 1;
    write(pen, `ran ${phase.turn?.runs.length ?? ""}`, left, right, y + 31,
          colors.panel);
  }, (phase) => !isSelect(phase));
}

function paintLogs(pen, lane) {
  const middle = top(lane) + lane.height / 2, {spans} = lane;
  let free = -Infinity;
  eachInSight(spans, (log, left, right, at) => {
    const next = spans[at + 1];
    const until = next ? x(start(next)) - 3 : frame.width;
    const color = {bad: colors.bad, warn: colors.warn}[log.kind] ?? colors.good;
    pen.fillStyle = color;
    pen.beginPath();
    pen.arc(left, middle, 3, 0, 7);
    pen.fill();
    if (left < free) return;
    free = left;
    write(pen, log.text ?? log.message ?? log.e, left + 2, until, middle + 0.5,
          log.kind === "log" ? colors.text : color);
  });
}

const painters = {
  task: paintTask, loop: paintLoop, log: paintLogs,
  callbacks: (pen, lane) => eachInSight(lane.spans, (span, left, right) =>
    paintRun(pen, lane, span, left, right)),
  thread: (pen, lane) => eachInSight(lane.spans, (job, left, right) => {
    pen.fillStyle = hue(job.label);
    box(pen, left, Math.max(right, left + MINIMUM), top(lane) + 5,
        lane.height - 10, 4);
    pen.fill();
    write(pen, `${job.label} #${job.job}`, left, right,
          top(lane) + lane.height / 2, colors.panel);
  }),
};

const isInSight = (lane) => top(lane) + lane.height > RULER &&
  top(lane) < frame.height;

/* -- the ruler ------------------------------------------------------------ */

function ticksByTime() {
  const ticks = [], room = 90;
  const rough = (view.to - view.from) * room / (frame.width - frame.gutter);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const digits = Math.min(12, Math.max(0,
    -Math.floor(Math.log10(step) + 1e-9)));
  for (let n = Math.ceil(view.from / step); n * step <= view.to; n++) {
    ticks.push([x(n * step), `${(n * step).toFixed(digits)} s`]);
    if (ticks.length > 200) break;
  }
  return ticks;
}

/* Where time moves on. */
function ticksByOrder() {
  const ticks = [];
  let latest = -Infinity, time = NaN;
  const step = Math.max(1, Math.floor((view.to - view.from) / 4000));
  const last = Math.min(model.count - 1, Math.ceil(view.to));
  for (let i = Math.max(0, Math.floor(view.from)); i <= last; i += step) {
    const event = model.events[i];
    if (event.t === time) continue;
    time = event.t;
    const at = Math.max(x(i), frame.gutter);
    if (at - latest < 70) continue;
    latest = at;
    ticks.push([at, moment(time)]);
  }
  return ticks;
}

function paintRuler(pen) {
  const ticks = view.byOrder ? ticksByOrder() : ticksByTime();
  pen.strokeStyle = colors.line;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const [at] of ticks) {
    if (at < frame.gutter) continue;
    pen.moveTo(Math.round(at) + 0.5, RULER);
    pen.lineTo(Math.round(at) + 0.5, frame.height);
  }
  pen.stroke();
  return () => {
    pen.fillStyle = colors.panel;
    pen.fillRect(0, 0, frame.width, RULER);
    pen.fillStyle = colors.muted;
    for (const [at, text] of ticks)
      if (at >= frame.gutter && at < frame.width - 20)
        pen.fillText(text, at + 4, RULER / 2);
    pen.fillStyle = colors.line;
    pen.fillRect(0, RULER - 1, frame.width, 1);
  };
}

function paintPointer(pen) {
  if (!view.pointer || view.pointer.x < frame.gutter) return;
  const at = view.pointer.x, place = placeAt(at);
  const event = model.events[Math.max(0, Math.min(model.count - 1,
                                                 Math.round(place)))];
  const text = !view.byOrder ? moment(place)
    : event ? `${moment(event.t)}  event ${event.i + 1}` : "";
  pen.fillStyle = colors.faint;
  pen.fillRect(at, RULER, 1, frame.height);
  const wide = pen.measureText(text).width + 12;
  const left = Math.min(at, frame.width - wide);
  pen.fillStyle = colors.text;
  box(pen, left, left + wide, 4, RULER - 8, 4);
  pen.fill();
  pen.fillStyle = colors.panel;
  pen.fillText(text, left + 6, RULER / 2);
}

/* -- the lanes' names ----------------------------------------------------- */

function paintGutter(pen) {
  pen.fillStyle = colors.panel;
  pen.fillRect(0, 0, frame.gutter, frame.height);
  for (const lane of lanes) {
    if (!isInSight(lane)) continue;
    const middle = top(lane) + lane.height / 2 + 0.5;
    if (lane.task && view.chosen?.task === lane.task) {
      pen.fillStyle = colors["accent-soft"];
      pen.fillRect(0, top(lane), frame.gutter, lane.height);
    }
    let left = 14;
    if (lane.task) {
      pen.fillStyle = hue(lane.task.coro);
      pen.beginPath();
      pen.roundRect(14, middle - 4.5, 7, 8, 2);
      pen.fill();
      left = 28;
    }
    const name = fit(pen, lane.label, frame.gutter - left - 8);
    pen.fillStyle = colors.text;
    pen.fillText(name, left, middle);
    left += pen.measureText(name).width + 7;
    pen.fillStyle = colors.faint;
    pen.fillText(fit(pen, lane.sub, frame.gutter - left - 8), left, middle);
  }
  pen.fillStyle = colors.line;
  pen.fillRect(frame.gutter - 1, 0, 1, frame.height);
}

/* -- arrows --------------------------------------------------------------- */

function anchor(run, place) {
  if (!run?.lane) return null;
  return [x(place), top(run.lane) + run.lane.height / 2];
}

function paintArrow(pen, from, to, color, width) {
  const bend = Math.min(Math.max(Math.abs(to[0] - from[0]) / 2, 14), 90);
  pen.strokeStyle = pen.fillStyle = color;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(...from);
  pen.bezierCurveTo(from[0] + bend, from[1], to[0] - bend, to[1],
                    to[0] - 4, to[1]);
  pen.stroke();
  pen.beginPath();
  pen.moveTo(to[0], to[1]);
  pen.lineTo(to[0] - 6, to[1] - 3.5);
  pen.lineTo(to[0] - 6, to[1] + 3.5);
  pen.fill();
}

/* From where the handle was scheduled to where it runs. */
function paintCause(pen, run, color, width) {
  const {handle} = run;
  if (!handle.cause) return;
  const from = anchor(handle.cause, placeOf(handle));
  const to = anchor(run, start(run));
  if (from && to) paintArrow(pen, from, to, color, width);
}

function causesOf(run) {
  const chain = [];
  for (let at = run; at && chain.length < 1000; at = at.handle.cause)
    chain.push(at);
  return chain;
}

const effectsOf = (run) => model.events.slice(run.i0 + 1, run.i1)
  .filter((event) => event.by === run.handle.id && event.h &&
          /^(call_|add_)/.test(event.e))
  .map((event) => model.handles.get(event.h)).filter(Boolean);

const MANY = 200;

function runsInSight() {
  const runs = [];
  let low = 0, high = model.runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (finish(model.runs[middle]) < view.from) low = middle + 1;
    else high = middle;
  }
  for (; low < model.runs.length && runs.length <= MANY; low++) {
    if (start(model.runs[low]) > view.to) break;
    runs.push(model.runs[low]);
  }
  return runs;
}

/* The nearest causes stand out, on top: of a long chain the others are many. */
function paintChain(pen, causes) {
  for (let i = causes.length - 1; i >= 0; i--) {
    pen.globalAlpha = Math.max(0.25, 1 - i / 12);
    paintCause(pen, causes[i], colors.accent, i < 4 ? 2 : 1);
  }
  pen.globalAlpha = 1;
}

function paintArrows(pen) {
  const runs = runsInSight();
  pen.save();
  pen.beginPath();
  pen.rect(frame.gutter, RULER, frame.width, frame.height);
  pen.clip();
  if (runs.length <= MANY) {
    pen.globalAlpha = view.chosen ? 0.35 : 0.75;
    for (const run of runs) paintCause(pen, run, colors.faint, 1);
    pen.globalAlpha = 1;
  }
  if (view.chosen?.kind === "run") {
    const {run} = view.chosen;
    paintChain(pen, causesOf(run).slice(0, MANY));
    for (const handle of view.chosen.effects.slice(0, MANY))
      for (const effect of handle.runs.slice(0, 1))
        paintCause(pen, effect, colors.muted, 1.5);
  }
  pen.restore();
}

function paintBand(pen) {
  const turn = view.chosen?.turn ?? view.chosen?.run?.turn;
  if (!turn) return;
  const left = Math.max(x(start(turn)), frame.gutter);
  pen.globalAlpha = 0.3;
  pen.fillStyle = colors["accent-soft"];
  pen.fillRect(left, RULER, Math.max(x(finish(turn)) - left, 1), frame.height);
  pen.globalAlpha = 1;
}

function measure() {
  frame.width = scroller.clientWidth;
  frame.height = scroller.clientHeight;
  frame.gutter = Math.round(Math.min(220, Math.max(96, frame.width * 0.22)));
}

function paint() {
  measure();
  const pen = prepare(canvas, frame.width, frame.height);
  pen.fillStyle = colors.panel;
  pen.fillRect(0, 0, frame.width, frame.height);
  paintBand(pen);
  const finishRuler = paintRuler(pen);
  pen.fillStyle = colors.line;
  for (const lane of lanes)
    if (isInSight(lane))
      pen.fillRect(0, Math.round(top(lane) + lane.height) - 1, frame.width, 1);
  for (const lane of lanes)
    if (isInSight(lane)) painters[lane.kind](pen, lane);
  paintArrows(pen);
  finishRuler();
  paintGutter(pen);
  paintCorner(pen);
  paintPointer(pen);
}

function paintCorner(pen) {
  pen.fillStyle = colors.panel;
  pen.fillRect(0, 0, frame.gutter - 1, RULER - 1);
  pen.fillStyle = colors.faint;
  pen.fillText(fit(pen, view.byOrder ? "order of events" : "loop time",
                   frame.gutter - 20), 14, RULER / 2);
  pen.fillStyle = colors.line;
  pen.fillRect(0, RULER - 1, frame.gutter, 1);
}

/* -- the overview --------------------------------------------------------- */

const overX = (place, width) => {
  const [from, to] = domain();
  return (place - from) / (to - from) * width;
};

/* The greatest length in each pixel, a length holds until the next. */
function profile(key, width) {
  const most = new Float64Array(width + 1);
  let at = 0, value = 0;
  for (const point of model.lengths) {
    const next = Math.max(0, Math.min(width, Math.floor(
      overX(placeOf(point), width))));
    for (let px = at; px <= next; px++) most[px] = Math.max(most[px], value);
    value = point[key];
    most[next] = Math.max(most[next], value);
    at = next;
  }
  for (let px = at; px <= width; px++) most[px] = Math.max(most[px], value);
  return most;
}

function paintProfile(pen, key, color, width, tall) {
  const values = profile(key, width);
  const most = values.reduce((a, b) => Math.max(a, b), 1);
  const y = (value) => tall - 3 - value / most * (tall - 16);
  pen.beginPath();
  pen.moveTo(0, tall);
  values.forEach((value, px) => {
    pen.lineTo(px, y(value));
    pen.lineTo(px + 1, y(value));
  });
  pen.lineTo(width, tall);
  pen.fillStyle = pen.strokeStyle = color;
  pen.globalAlpha = 0.16;
  pen.fill();
  pen.globalAlpha = 0.9;
  pen.lineWidth = 1.2;
  pen.stroke();
  pen.globalAlpha = 1;
  return most;
}

function paintOverview() {
  const {width, height: tall} = over.parentElement.getBoundingClientRect();
  const pen = prepare(over, Math.floor(width) - 2, Math.floor(tall) - 2);
  const wide = Math.floor(width) - 2, high = Math.floor(tall) - 2;
  const heap = paintProfile(pen, "heap", colors.hues[1], wide, high);
  const ready = paintProfile(pen, "ready", colors.accent, wide, high);
  if (view.matches) {
    pen.fillStyle = colors.warn;
    for (const run of view.matches)
      pen.fillRect(overX(start(run), wide), high - 6, 1.5, 6);
  }
  const left = overX(view.from, wide), right = overX(view.to, wide);
  pen.fillStyle = colors.back;
  pen.globalAlpha = 0.72;
  pen.fillRect(0, 0, left, high);
  pen.fillRect(right, 0, wide, high);
  pen.globalAlpha = 1;
  pen.strokeStyle = colors.accent;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.roundRect(left + 0.75, 0.75, Math.max(right - left - 1.5, 2), high - 1.5,
                4);
  pen.stroke();
  pen.fillStyle = colors.accent;
  pen.fillText(`ready ≤ ${ready}`, 10, 10);
  const shift = pen.measureText(`ready ≤ ${ready}`).width + 22;
  pen.fillStyle = colors.hues[1];
  pen.fillText(`heap ≤ ${heap}`, shift, 10);
}
