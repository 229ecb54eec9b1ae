// character_table.mjs - write loop/object/character_table.inc.
//
//   node character_table.mjs PYODIDE_FOLDER > loop/object/character_table.inc
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]) + "/";
const { loadPyodide } = await import(pathToFileURL(folder + "pyodide.mjs"));
const python = await loadPyodide({ indexURL: folder });
python.runPython(readFileSync(
  new URL("character_table.py", import.meta.url), "utf8"));
process.stdout.write(python.globals.get("table")());
