// python_worker.mjs - the CPython of python.mjs, in a thread of its own: one
// that runs for ever is ended with its thread, which nothing else can do.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parentPort } from "node:worker_threads";

const here = path.dirname(fileURLToPath(import.meta.url));
const recorder = path.join(here, "../../cli/record/asyncloop_sim_record.py");

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

const globals = await boot();
parentPort.postMessage({ version: globals.get("version") });

// {trace, code, said}; or {broke}, where Python itself broke.
parentPort.on("message", async ({ source, filename }) => {
  try {
    const result = await recordIn(globals, source, filename);
    const [trace, code, said] = result.toJs();
    result.destroy();
    parentPort.postMessage({ trace, code, said });
  } catch (error) {
    const broke = String(error.message).trim().split("\n").pop();
    parentPort.postMessage({ broke });
  }
});
