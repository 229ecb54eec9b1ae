// sync_actors.mjs - ask CPython what actors do with a lock or a queue.
//
//   node sync_actors.mjs PYODIDE_FOLDER tests/unit/data/sync_actors.txt
//
// A line is "kind actor actor…<TAB>what happened"; see check_sync.c.  What
// happened is computed anew by the CPython that PYODIDE_FOLDER (the npm
// package "pyodide") holds: to add a case, add its line without it.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]) + "/";
const { loadPyodide } = await import(pathToFileURL(folder + "pyodide.mjs"));
const python = await loadPyodide({ indexURL: folder });
const program = new URL("sync_actors.py", import.meta.url);

python.runPython(readFileSync(program, "utf8"));
const [answer, version] =
  ["answer", "version"].map((name) => python.globals.get(name));

function answered(line) {
  if (line.startsWith("# CPython "))
    return `# CPython ${version()}`;
  if (line === "" || line.startsWith("#"))
    return line;
  const question = line.split("\t")[0];
  return `${question}\t${answer(question)}`;
}

const file = process.argv[3];
const lines = readFileSync(file, "utf8").split("\n");
writeFileSync(file, lines.map(answered).join("\n"));
