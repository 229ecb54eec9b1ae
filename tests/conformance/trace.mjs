// trace.mjs - traces: the core of one, and the first difference of two.
//
// Both sides write the same fields in the same order and the same manner, so
// lines are compared as text.  Which kinds are core, and in which order
// their fields come, is read from loop/core/event.h, the only place where it
// is said.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const header = path.join(path.dirname(fileURLToPath(import.meta.url)),
                         "../../loop/core/event.h");

const eventKind =
  /X\((\w+),\s*(\w+),\s*(CORE|DETAIL),\s*((?:F\(\w+\)\s*)*),/g;

function section(text, name) {
  const from = text.indexOf(`#define ${name}(X)`);
  return text.slice(from, text.indexOf("\n\n", from)).replace(/\\\n/g, " ");
}

// {kinds: {name: {isCore, keys}}}
export function readEvents() {
  const text = fs.readFileSync(header, "utf8");
  const keys = {};
  const kinds = {};
  for (const [, field, key] of section(text, "AL_EVENT_FIELDS")
           .matchAll(/X\((\w+),\s*"(\w+)",/g))
    keys[field] = key;
  for (const [, , name, kind, fields] of section(text, "AL_EVENT_KINDS")
           .matchAll(eventKind))
    kinds[name] = {
      isCore: kind === "CORE",
      keys: [...fields.matchAll(/F\((\w+)\)/g)].map(m => keys[m[1]]),
    };
  return kinds;
}

const kinds = readEvents();

const kindOf = line => /^\{"e":"(\w+)"/.exec(line)?.[1];

// The lines of the events that must be equal; no header.
export function coreLines(trace) {
  return trace.split("\n").filter(line => kinds[kindOf(line)]?.isCore);
}

// What is wrong with a trace's form; null: nothing.
export function formError(trace) {
  const lines = trace.split("\n");
  if (lines.pop() !== "") return "the last line is cut off";
  if (!lines[0]?.startsWith('{"trace":1,')) return "no header";
  for (const line of lines.slice(1)) {
    const event = JSON.parse(line);
    const kind = kinds[event.e];
    if (!kind) return `unknown kind: ${line}`;
    const allowed = ["e", "t", "loop", ...kind.keys];
    let at = -1;
    for (const key of Object.keys(event)) {
      const place = allowed.indexOf(key);
      if (place <= at) return `unexpected "${key}": ${line}`;
      at = place;
    }
  }
  if (!lines[lines.length - 1].startsWith('{"e":"end"'))
    return "no end event";
  return null;
}

// null where equal, else {index, expected, actual, before}.
export function firstDifference(expected, actual) {
  const a = coreLines(expected);
  const b = coreLines(actual);
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] !== b[i])
      return { index: i, before: a.slice(Math.max(0, i - 6), i),
               expected: a.slice(i, i + 4), actual: b.slice(i, i + 4) };
  }
  return null;
}

export function showDifference(difference) {
  const show = (sign, lines) =>
    lines.length ? lines.map(line => `${sign} ${line}`) : [`${sign} (ends)`];
  return [`  first difference at core event ${difference.index + 1}:`,
          ...show("     ", difference.before),
          ...show("  cpy", difference.expected),
          ...show("  sim", difference.actual)].join("\n");
}
