// usage.mjs - what of the language a heap of scenarios makes use of.
//
// What there is to use is read where it is said: verbs, control forms and
// their parameters in the schema, builtin names and attributes that can be
// assigned to in the loader's lists, members in the reference's table of
// objects.  So what is new is missed here until a generator knows it.

import fs from "node:fs";

const read = path =>
  fs.readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

// "create_task", and "create_task.name" for its parameters.
function forms() {
  const { $defs } = JSON.parse(read("scenarios/scenario.schema.json"));
  return Object.entries($defs).flatMap(([key, { properties }]) => {
    const name = /^(?:operation|form)-(.+)$/.exec(key)?.[1];
    return !name ? [] : Object.keys(properties).map(part =>
      part === name ? name : `${name}.${part}`);
  });
}

// The strings of an array in C; what macros add to it are exceptions.
function stringsOf(text, array) {
  const from = text.indexOf(`${array}[] = {`);
  return [...text.slice(from, text.indexOf("};", from)).matchAll(/"(\w+)"/g)]
    .map(match => match[1]);
}

function names() {
  const text = read("sim/scenario/words.c");
  return [...stringsOf(text, "al_builtin_names").map(name => `name ${name}`),
          ...stringsOf(text, "settable").map(name => `.${name} =`)];
}

// Of asyncio's objects and what belongs to them; Python's own (lists, texts,
// numbers) are the business of expressions.mjs.
const python = new Set(["list", "dict", "str", "tuple, range", "set"]);

// Words of the table that are none.
const noMembers = new Set(["var", "in", "ctx", "or", "with"]);

function members() {
  const text = read("scenarios/README.md");
  const from = text.indexOf("| object | |");
  const rows = text.slice(from, text.indexOf("\n\n", from)).split("\n");
  return rows.slice(2).flatMap(row => {
    const [, objects, list] = row.split("|").map(cell => cell.trim());
    const isPython = python.has(objects.replaceAll("`", ""));
    return isPython ? [] : [...list.matchAll(/`([\w ]+)`/g)]
      .flatMap(match => match[1].split(" "))
      .filter(name => /^[a-z_]/.test(name) && !noMembers.has(name))
      .map(name => `.${name}`);
  });
}

// All that the generators are to make use of.
export function allUses() {
  const all = new Set([...forms(), ...names(), ...members()]);
  // StopIteration's, SystemExit's and OSError's: expressions.mjs has them.
  for (const name of ["value", "code", "errno", "strerror", "filename",
                      "filename2"])
    all.delete(`.${name}`);
  return [...all];
}

function usesOfText(text, found) {
  for (const [, name, value] of
       text.matchAll(/(?<![\w.])([A-Za-z_]\w*)|\.([a-z_]\w*)/g))
    found.add(value ? `.${value}` : `name ${name}`);
}

// Adds what a scenario uses to `found`.  What a verb is given without a name
// is its first parameter.
export function usesOf(value, found = new Set()) {
  if (typeof value === "string") {
    usesOfText(value, found);
  } else if (Array.isArray(value)) {
    for (const item of value) usesOf(item, found);
  } else if (value && typeof value === "object") {
    const keys = Object.keys(value);
    for (const key of keys) {
      found.add(key);
      for (const other of keys) found.add(`${key}.${other}`);
      if (key === "let") found.add(`.${value.let.split(".").pop()} =`);
      for (const part of partsOf(key, value[key])) found.add(`${key}.${part}`);
      usesOf(value[key], found);
    }
  }
  return found;
}

const firsts = firstParameters();

function firstParameters() {
  const first = {};
  for (const form of forms()) {
    const [, verb, part] = /^(.*)\.(\w+)$/.exec(form) ?? [];
    if (verb) first[verb] ??= part;
  }
  return first;
}

function partsOf(verb, value) {
  const isObject = value && typeof value === "object" && !Array.isArray(value);
  return isObject ? Object.keys(value) : [firsts[verb]];
}
