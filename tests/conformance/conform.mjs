// conform.mjs - does asyncloop-sim take the course that CPython takes?
//
//   node conform.mjs [options] scenario.json...
//   node conform.mjs [options] --random N --seed S
//   node conform.mjs [options] --golden scenario.json...
//
// Each scenario is exported to Python and recorded on a real CPython; its
// trace must be ours, event for event.  A random scenario that shows a
// mismatch is made as small as can be and saved under build/conformance.

import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generate, kindNames } from "./kinds.mjs";
import { startPython, switchNode } from "./python.mjs";
import { shrink } from "./shrink.mjs";
import { coreLines, firstDifference, formError, showDifference }
  from "./trace.mjs";

switchNode();

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    binary: { type: "string", default: path.join(root, "build/asyncloop-sim") },
    golden: { type: "boolean", default: false },
    random: { type: "string" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },   // number of one random scenario
    kind: { type: "string" },   // of random scenarios; else all kinds in turn
    work: { type: "string", default: path.join(root, "build/conformance") },
    keep: { type: "boolean", default: false }, // do not shrink
    failures: { type: "string", default: "5" }, // shrink at most so many
    print: { type: "boolean", default: false }, // the random scenario itself
    timeout: { type: "string", default: "300" }, // seconds for CPython's run
  },
});

// So that "scenarios/*.json" may be given.
const files = positionals.filter(file => !file.endsWith(".schema.json"));

const isRandom = options.random !== undefined || options.only !== undefined;

// -- asyncloop-sim ------------------------------------------------------------

function sim(...args) {
  return new Promise(resolve => {
    const settings = { maxBuffer: 1 << 28, timeout: 20000,
                       killSignal: "SIGKILL" };
    execFile(options.binary, args, settings, (error, stdout, stderr) => {
      const code = error ? error.code ?? `signal ${error.signal}` : 0;
      resolve({ code, stdout, stderr });
    });
  });
}

// -- one scenario -------------------------------------------------------------

// Our integers have 64 bits, and say so where Python's go on: that is no
// mismatch, and Python's might grow for ever.  How deep a recursion gets (of
// tasks that wait for one another and are cancelled) is CPython's own affair.
const overflow = /integer overflow: asyncloop-sim's|maximum recursion depth/;

// Such a recursion in CPython's trace, whatever became of its error: more
// requests without anything between them than a random scenario has tasks.
const recursion = /^(\{"e":"(task_cancel|cancelling)".*\n){200}/m;

const longest = 20e6; // characters of a random scenario's trace

// Ends that are a course of the program's, not a failure of ours.
const courses = new Set([0, 1, 3, 4]);

// Ours runs first: a scenario without end (shrinking makes some) comes to
// the limit of steps here, while Python would go on until --timeout.
async function runBoth(python, file, isFresh) {
  const steps = isRandom ? ["--max-steps", "300000"] : [];
  const [program, own] = await Promise.all([
    sim("export", "--to", "python", file),
    sim("run", "--quiet", ...steps, "--trace", "-", file),
  ]);
  if (program.code !== 0)
    return { kind: program.code === 2 ? "rejected" : "export",
             what: `export: ${program.code}\n${program.stderr}` };
  if (!courses.has(own.code))
    return { kind: "crashed", program: program.stdout,
             what: `run: ${own.code}\n${own.stderr}` };
  if (isRandom && overflow.test(own.stdout))
    return { kind: "overflow", program: program.stdout };
  if (isRandom && (own.stdout.length > longest ||
                   (own.code === 4 && own.stderr.includes("steps"))))
    return { kind: "endless", program: program.stdout, what: own.stderr };
  const cpython = isFresh ? await python.recordFresh(program.stdout, file)
                          : await python.record(program.stdout, file);
  if (cpython.died)
    return { kind: "python died", program: program.stdout,
             what: `CPython: ${cpython.died}` };
  return { program: program.stdout, own, cpython };
}

// A verdict: {kind: "equal" | "differs" | …, events, what, cpython}.  A
// difference is one that a Python which has run nothing else shows, too.
async function judge(python, file) {
  const verdict = await judgeOnce(python, file, false);
  return verdict.kind === "differs" || verdict.kind === "outcome"
    ? judgeOnce(python, file, true) : verdict;
}

async function judgeOnce(python, file, isFresh) {
  const both = await runBoth(python, file, isFresh);
  if (both.kind) return both;
  const { own, cpython } = both;
  if (isRandom && recursion.test(cpython.trace))
    return { ...both, kind: "overflow" };
  const bad = formError(cpython.trace);
  if (bad)
    return { ...both, kind: "recorder", what: `recorder: ${bad}` };
  const difference = firstDifference(cpython.trace, own.stdout);
  if (difference)
    return { ...both, kind: "differs", what: showDifference(difference) };
  if (own.code !== cpython.code)
    return { ...both, kind: "outcome",
             what: `  exit codes: CPython's ${cpython.code}, ` +
                   `ours ${own.code}` };
  return { ...both, kind: "equal", events: coreLines(own.stdout).length };
}

// Callbacks that multiply outgrow any budget: such a scenario is compared for
// as many turns as it takes, halved until it ends.
async function judgeInTime(python, file) {
  let verdict = await judge(python, file);
  while (verdict.kind === "endless") {
    const scenario = JSON.parse(fs.readFileSync(file, "utf8"));
    const turns = scenario.limits?.iterations ?? 64;
    if (turns < 2) break;
    scenario.limits = { ...scenario.limits,
                        iterations: Math.floor(turns / 2) };
    fs.writeFileSync(file, JSON.stringify(scenario, null, 2) + "\n");
    verdict = await judge(python, file);
  }
  return verdict;
}

// -- given scenarios ----------------------------------------------------------

async function checkFiles(python) {
  let failed = 0;
  const width = Math.max(...files.map(file => path.basename(file).length));
  for (const file of files) {
    const verdict = await judge(python, file);
    const isEqual = verdict.kind === "equal";
    console.log(`${path.basename(file).padEnd(width)}  ` + (isEqual
      ? `equal, ${verdict.events} events` : verdict.kind.toUpperCase()));
    if (!isEqual) console.log(verdict.what);
    failed += !isEqual;
  }
  return { passed: files.length - failed, failed };
}

// -- goldens ------------------------------------------------------------------

function goldenPath(file) {
  const name = path.basename(file, ".json");
  return path.join(path.dirname(file), "traces", `${name}.jsonl`);
}

async function recordGoldens(python) {
  let failed = 0;
  for (const file of files) {
    const program = await sim("export", "--to", "python", file);
    const cpython = program.code === 0 &&
      await python.record(program.stdout, file);
    const bad = cpython ? cpython.died ?? formError(cpython.trace)
                        : program.stderr;
    if (bad) {
      console.log(`${file}: ${bad}`);
      failed++;
      continue;
    }
    fs.mkdirSync(path.dirname(goldenPath(file)), { recursive: true });
    fs.writeFileSync(goldenPath(file), cpython.trace);
    console.log(`${goldenPath(file)}: ${coreLines(cpython.trace).length} ` +
                `events, CPython ${python.version}`);
  }
  return { passed: files.length - failed, failed };
}

// -- random scenarios ---------------------------------------------------------

function write(name, scenario) {
  const file = path.join(options.work, `${name}.json`);
  fs.writeFileSync(file, JSON.stringify(scenario, null, 1) + "\n");
  return file;
}

async function saveFailure(python, name, scenario, verdict) {
  const isSame = async candidate => {
    const found = await judge(python, write(`${name}-shrinking`, candidate));
    return found.kind === verdict.kind;
  };
  const small = options.keep || verdict.kind === "rejected"
    ? scenario : await shrink(scenario, isSame);
  const folder = path.join(options.work, "failures");
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.json`);
  fs.writeFileSync(file, JSON.stringify(small, null, 2) + "\n");
  fs.rmSync(path.join(options.work, `${name}-shrinking.json`),
            { force: true });
  const last = await judge(python, file);
  console.log(`${name}: ${last.kind.toUpperCase()}\n${last.what}`);
  console.log(`  saved: ${path.relative(process.cwd(), file)}`);
}

const kinds = options.kind ? [options.kind] : kindNames;

function randomScenario(number) {
  return generate(kinds[number % kinds.length], `${options.seed}:${number}`);
}

// One ahead: asyncloop-sim runs the next while CPython runs this one.
async function* verdicts(python, numbers) {
  const begin = number => {
    const name = `random-${options.seed}-${number}`;
    const scenario = randomScenario(number);
    const file = write(name, scenario);
    return { name, scenario, file, verdict: judgeInTime(python, file) };
  };
  const ahead = [];
  for (const number of numbers) {
    ahead.push(begin(number));
    if (ahead.length > 3) yield ahead.shift();
  }
  yield* ahead;
}

async function checkRandom(python) {
  const count = Number(options.random ?? 1);
  const numbers = options.only ? options.only.split(",").map(Number)
    : Array.from({ length: count }, (_, i) => i + 1);
  let passed = 0, failed = 0, aside = 0, events = 0;
  fs.mkdirSync(options.work, { recursive: true });
  for await (const run of verdicts(python, numbers)) {
    const verdict = await run.verdict;
    if (options.print)
      console.log(verdict.program ?? JSON.stringify(run.scenario, null, 1));
    if (verdict.kind === "equal" || verdict.kind === "overflow") {
      passed++;
      aside += verdict.kind === "overflow";
      events += verdict.events ?? 0;
    } else if (failed++ < Number(options.failures)) {
      await saveFailure(python, run.name, run.scenario, verdict);
    } else {
      console.log(`${run.name}: ${verdict.kind.toUpperCase()}`);
    }
    fs.rmSync(run.file, { force: true });
    if (process.stderr.isTTY)
      process.stderr.write(`\r${passed + failed}/${numbers.length} `);
  }
  console.log(`${numbers.length} random scenarios (seed ${options.seed}), ` +
              `${events} events equal` +
              (aside ? `; ${aside} set aside, of which CPython's limits of ` +
                       "recursion or our integers decide" : ""));
  return { passed, failed };
}

// -- all together -------------------------------------------------------------

if ((!isRandom && files.length === 0) ||
    !kinds.every(kind => kindNames.includes(kind))) {
  console.error("usage: node conform.mjs [--binary PATH] [--golden] " +
                "scenario.json... | --random N [--seed S] " +
                `[--kind ${kindNames.join("|")}]`);
  process.exit(2);
}
const python = await startPython(Number(options.timeout));
console.log(`asyncloop-sim beside CPython ${python.version}`);
const { passed, failed } = isRandom ? await checkRandom(python)
  : options.golden ? await recordGoldens(python) : await checkFiles(python);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
