// python_syntax.mjs - ask CPython how it parses the lines of a table.
//
//   node python_syntax.mjs PYODIDE_FOLDER FILE...
//
// A line of FILE is "expression<TAB>tree"; the trees are written anew by the
// CPython that PYODIDE_FOLDER (the npm package "pyodide") holds.  Lines that
// begin with "# " are kept.  To add a case, add its line without a tree.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]) + "/";
const { loadPyodide } = await import(pathToFileURL(folder + "pyodide.mjs"));
const python = await loadPyodide({ indexURL: folder });
const program = new URL("python_syntax.py", import.meta.url);

python.runPython(readFileSync(program, "utf8"));
const answer = python.globals.get("answer");
const version = python.globals.get("version");

function answered(line) {
  if (line.startsWith("# CPython "))
    return `# CPython ${version()}`;
  if (line === "" || line.startsWith("# "))
    return line;
  const expression = line.split("\t")[0];
  return `${expression}\t${answer(expression)}`;
}

for (const file of process.argv.slice(3)) {
  const lines = readFileSync(file, "utf8").split("\n");
  writeFileSync(file, lines.map(answered).join("\n"));
}
