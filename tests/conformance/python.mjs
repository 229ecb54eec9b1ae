// python.mjs - a real CPython under Node, with the recorder loaded.
//
// Pyodide takes two seconds to start and then runs any number of programs;
// the recorder makes a new world for each.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const recorder = path.join(here, "../../cli/recorder/asyncloop_sim_record.py");

const glue = `
import asyncio, gc, io, sys
asyncio.run = asyncio.runners.run  # not Pyodide's, which waits for a browser
sys.path.insert(0, "/recorder")
import asyncloop_sim_record as recorder

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

export async function startPython() {
  let globals = await boot();
  return {
    version: globals.get("version"),

    // {trace, code, said}; where Python itself broke (no memory is left, or
    // no stack), a new one is started and tries again, once: then {died}.
    async record(source, filename, isAgain = false) {
      try {
        const result = globals.get("record")(source, filename);
        const [trace, code, said] = result.toJs();
        result.destroy();
        return { trace, code, said };
      } catch (error) {
        globals = await boot();
        if (!isAgain) return this.record(source, filename, true);
        return { died: String(error.message).trim().split("\n").pop() };
      }
    },
  };
}
