// generators.mjs - do the random generators use the whole language?
//
//   node generators.mjs BINARY
//
// Of each kind a few hundred scenarios are made: together they must use
// every verb with every parameter, every form, name and member there is, and
// the loader must take some of them as they are.  Needs no CPython.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { generate, kindNames } from "./kinds.mjs";
import { allUses, usesOf } from "./usage.mjs";

const count = 400;
const taken = 25; // by the loader, of each kind

function unused() {
  const used = new Set();
  for (const kind of kindNames)
    for (let i = 0; i < count; i++) usesOf(generate(kind, `use:${i}`), used);
  return allUses().filter(use => !used.has(use));
}

// How many of a kind are refused.
function refused(binary, folder, kind) {
  const files = Array.from({ length: taken }, (_, i) => {
    const file = path.join(folder, `${kind}-${i}.json`);
    fs.writeFileSync(file, JSON.stringify(generate(kind, `use:${i}`)));
    return file;
  });
  const { stderr } = spawnSync(binary, ["check", ...files],
                               { encoding: "utf8" });
  process.stdout.write(stderr);
  return files.filter(file => stderr.includes(`${file}:`)).length;
}

const [, , binary] = process.argv;
const all = allUses();
const missing = unused();
for (const use of missing) console.log(`no generator uses ${use}`);
let passed = all.length - missing.length, failed = missing.length;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "generators-"));
for (const kind of kindNames) {
  const bad = refused(binary, folder, kind);
  passed += taken - bad;
  failed += bad;
}
fs.rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
