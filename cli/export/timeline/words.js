/* words.js - how times and events are told; elements are made. */
/* -- words ---------------------------------------------------------------- */

const plural = (count, noun) =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

const moment = (t) => `${Number(t.toFixed(9))} s`;

function duration(seconds) {
  if (!Number.isFinite(seconds)) return seconds > 0 ? "for ever" : "?";
  const [size, unit] = Math.abs(seconds) >= 1 || seconds === 0 ? [1, "s"]
    : Math.abs(seconds) >= 1e-3 ? [1e-3, "ms"]
    : Math.abs(seconds) >= 1e-6 ? [1e-6, "µs"] : [1e-9, "ns"];
  return `${Number((seconds / size).toPrecision(6))} ${unit}`;
}

const waitText = (span) => span.label === "waits" ? "waits"
  : `waits for ${span.label}`;

const taskTitle = (task) => `t${task.id}${task.name ? ` ${task.name}` : ""}`;

function phrase(event) {
  const id = event.h ? `h${event.h}` : event.task ? `t${event.task}`
    : event.future ? `f${event.future}` : event.p ? `p${event.p}` : "";
  const more = [event.callback, event.name, event.coro, event.type, event.state,
    event.message, event.outcome, event.text,
    event.args === undefined ? null : `(${event.args})`,
    event.when === undefined ? null : `when ${moment(event.when)}`,
    event.duration === undefined ? null : duration(event.duration),
    event.on ? `t${event.on}` : null, event.where, event.fd];
  return [event.e, id, ...more.filter((text) => text !== null &&
    text !== undefined && text !== "")].join(" ");
}

/* -- elements ------------------------------------------------------------- */

const $ = (id) => document.getElementById(id);

function add(parent, tag, properties, ...children) {
  const node = parent.namespaceURI === "http://www.w3.org/2000/svg" ||
    tag === "svg" ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.setAttribute("class", value);
    else node.setAttribute(key, value);
  }
  node.append(...children);
  parent.append(node);
  return node;
}
