// table.mjs - write a C table of what CPython knows: what a script's table()
// returns.
//
//   node table.mjs PYODIDE_FOLDER SCRIPT.py > TABLE.inc
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]) + "/";
const { loadPyodide } = await import(pathToFileURL(folder + "pyodide.mjs"));
const python = await loadPyodide({ indexURL: folder });
python.runPython(readFileSync(process.argv[3], "utf8"));
process.stdout.write(python.globals.get("table")());
