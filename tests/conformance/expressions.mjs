// expressions.mjs - do expressions give what CPython gives?
//
//   node expressions.mjs [--binary FILE] --random N --seed S
//   node expressions.mjs [--binary FILE] TABLE...
//
// Random expressions, or those of a table like tests/unit/data's, are given to
// CPython (Pyodide) and, as the statements of one scenario, to asyncloop-sim.
// A difference found is printed as the line that a table needs: keep it there.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadPyodide } from "pyodide";
import { randomExpression } from "./expression_generator.mjs";
import { Random } from "./prng.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");
const semantics = path.join(root, "tests/unit/tools/python_semantics.py");
const batch = 2000; // expressions in a scenario

const { values: options, positionals: tables } = parseArgs({
  allowPositionals: true,
  options: {
    binary: { type: "string", default: path.join(root, "build/asyncloop-sim") },
    random: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});

// -- ours ---------------------------------------------------------------------

const escape = text => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");

// One statement a line, so that a line number tells the expression.
function scenarioOf(expressions) {
  const statements = expressions.map(e => JSON.stringify({
    try: [{ let: "r", be: e }, { log: "{r!r}" }],
    except: [{ type: "BaseException", as: "e",
               do: [{ log: "!{type(e).__name__}: {e}" }] }] }));
  return `{"scenario": 1, "program": [\n${statements.join(",\n")}\n]}\n`;
}

function sim(args, file) {
  try {
    const settings = { maxBuffer: 1 << 28, timeout: 60000, stdio: "pipe" };
    return { code: 0, out: execFileSync(options.binary, [...args, file],
                                        settings).toString() };
  } catch (error) {
    return { code: error.status ?? error.signal,
             out: String(error.stdout), err: String(error.stderr) };
  }
}

// What the loader refuses: {index: message}.
function refusals(file) {
  const { err = "" } = sim(["check"], file);
  const found = {};
  for (const [, line, text] of err.matchAll(/:(\d+):\d+: error: (.*)/g))
    found[line - 2] ??= text;
  return found;
}

// {logs}, or what is to be left out: {refused}.
function ask(file, count) {
  const refused = refusals(file);
  if (Object.keys(refused).length > 0) return { refused };
  const { code, out, err } = sim(["run", "--quiet", "--trace", "-"], file);
  const logs = out.split("\n").filter(Boolean).map(line => JSON.parse(line))
    .filter(event => event.e === "log").map(event => event.text);
  if (logs.length === count) return { logs };
  if (code === 4) return { refused: { [logs.length]: "endless" } };
  throw new Error(`asyncloop-sim ended (${code}):\n${err}`);
}

function ourAnswers(expressions) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "expressions-"));
  const file = path.join(folder, "expressions.json");
  const answers = expressions.map(() => undefined);
  try {
    let asked = expressions.map((_, i) => i);
    for (;;) {
      fs.writeFileSync(file, scenarioOf(asked.map(i => expressions[i])));
      const { refused = {}, logs } = ask(file, asked.length);
      for (const at in refused) answers[asked[at]] = `refused: ${refused[at]}`;
      asked = asked.filter((_, at) => !(at in refused));
      if (!logs) continue;
      logs.forEach((text, at) => {
        answers[asked[at]] = escape(text.replace(/^(!\w+): $/, "$1"));
      });
      return answers;
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

// -- both ---------------------------------------------------------------------

// What ours does not have, and says so: integers of more than 64 bits, sets,
// complex numbers, objects beyond 1 GiB; and names that the loader refuses.
const gaps = [
  /integer overflow: asyncloop-sim's/,
  /unsupported operand type.* [|&^-]: .*'dict_(keys|items)'/,
  /asyncloop-sim has no complex numbers/,
  /^!MemoryError/,
  /type '\w+' is not subscriptable/, // list[int]
  /unbound method dict.keys/, // dict(dict)
  /^refused: /,
  /index-sized integer|C ssize_t|Maximum allowed size exceeded/, // 32 bits
];
// Which two items a sort finds it cannot compare.
const isSort = (expression, ...answers) => /sort/.test(expression) &&
  answers.every(text => text.includes("'<' not supported between"));

const isGap = answer => gaps.some(gap => gap.test(answer));

async function startPython() {
  const python = await loadPyodide();
  python.runPython(fs.readFileSync(semantics, "utf8"));
  return python.globals.get("answer");
}

function compare(expressions, answer) {
  const own = ourAnswers(expressions);
  let differences = 0;
  expressions.forEach((expression, i) => {
    if (isGap(own[i])) return; // theirs might take for ever
    const theirs = answer(expression);
    if (theirs === own[i] || isGap(theirs) ||
        isSort(expression, theirs, own[i])) return;
    differences++;
    console.log(`${expression}\t${theirs}\n    ours: ${own[i]}`);
  });
  return differences;
}

function* randomBatches() {
  const r = new Random(options.seed);
  for (let left = Number(options.random); left > 0; left -= batch)
    yield Array.from({ length: Math.min(left, batch) },
                     () => randomExpression(r));
}

function* tableBatches() {
  for (const table of tables)
    yield fs.readFileSync(table, "utf8").split("\n")
      .filter(line => line && !line.startsWith("#"))
      .map(line => line.split("\t")[0]);
}

const answer = await startPython();
let count = 0, differences = 0;
for (const expressions of options.random ? randomBatches() : tableBatches()) {
  count += expressions.length;
  differences += compare(expressions, answer);
}
console.log(`${count - differences} equal, ${differences} different`);
process.exit(differences ? 1 : 0);
