// tracebacks.mjs - record what CPython prints where a program fails.
//
//   node tracebacks.mjs [--binary FILE] SCENARIO.json...
//
// Each scenario's exported program is run; its traceback goes beside the
// scenario, as NAME.txt, in the shape that tests/tracebacks/shape.awk gives.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadPyodide } from "pyodide";
import { switchNode } from "./python.mjs";

switchNode();
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");
const recorder = path.join(root, "cli/record/asyncloop_sim_record.py");
const shape = path.join(root, "tests/tracebacks/shape.awk");
const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    binary: { type: "string", default: path.join(root, "build/asyncloop-sim") },
  },
});

// The recorder is there for its world; what only it, or asyncio, has of frames
// is taken out: a scenario has none of them.
const glue = `
import asyncio, io, sys, traceback
asyncio.run = asyncio.runners.run  # not Pyodide's, which waits for a browser
sys.path.insert(0, "/recorder")
import asyncloop_sim_record as recorder
recorder.watch_frames = lambda: None  # which takes frames away

def is_library(at):
    file = at.tb_frame.f_code.co_filename
    return file == recorder.__file__ or file.startswith("/lib/")

def without_library(at):
    while at and is_library(at):
        at = at.tb_next
    if at:
        at.tb_next = without_library(at.tb_next)
    return at

def shorten(exc, seen):
    if exc is None or id(exc) in seen:
        return
    seen.add(id(exc))
    exc.__traceback__ = without_library(exc.__traceback__)
    shorten(exc.__cause__, seen)
    shorten(exc.__context__, seen)
    for member in getattr(exc, "exceptions", ()):
        shorten(member, seen)

def traceback_of(source, filename):
    recorder.start(io.StringIO(), "program")
    exc = recorder.run_program(source, filename)
    recorder.events._set_running_loop(None)
    shorten(exc, set())
    return "".join(traceback.format_exception(exc)) if exc else ""
`;

async function startPython() {
  const python = await loadPyodide();
  python.setStderr({ batched() {} });
  python.FS.mkdirTree("/recorder");
  python.FS.writeFile("/recorder/asyncloop_sim_record.py",
                      fs.readFileSync(recorder));
  python.runPython(glue);
  return python.globals.get("traceback_of");
}

const tracebackOf = await startPython();

for (const file of files) {
  const source = execFileSync(options.binary,
                              ["export", "--to", "python", file]).toString();
  const traceback = tracebackOf(source, file);
  if (!traceback) throw new Error(`${file}: nothing was raised`);
  fs.writeFileSync(file.replace(/\.json$/, ".txt"),
                   execFileSync("awk", ["-f", shape], { input: traceback }));
}
console.log(`${files.length} tracebacks recorded`);
process.exit(0);
