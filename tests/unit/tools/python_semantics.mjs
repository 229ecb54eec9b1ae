// python_semantics.mjs - ask CPython what the lines of a table give.
//
//   node python_semantics.mjs PYODIDE_FOLDER FILE...
//
// A line of FILE is "question<TAB>result".  A question that begins with
// {"program" or {"functions" is a scenario, which is translated to Python and
// run: its result is what it logs.  Any other is an expression.  The results
// are computed anew by the CPython that PYODIDE_FOLDER (the npm package
// "pyodide") holds, and FILE is written back.  "# product" is followed by two
// lines, values and operators (separated by two spaces), and replaced by all
// combinations.  Other lines that begin with "#" are kept.
//
// Results are never edited by hand: to add a case, add its line without a
// result and run this.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]) + "/";
const { loadPyodide } = await import(pathToFileURL(folder + "pyodide.mjs"));
const python = await loadPyodide({ indexURL: folder });
const program = new URL("python_semantics.py", import.meta.url);

python.runPython(readFileSync(program, "utf8"));
const [answer, run, version] =
  ["answer", "run", "version"].map((name) => python.globals.get(name));

function expand(lines) {
  const out = [];
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] !== "# product") {
      out.push(lines[i]);
      continue;
    }
    const values = lines[++i].split("  ");
    for (const op of lines[++i].split("  "))
      for (const a of values)
        for (const b of values)
          out.push(`${a} ${op} ${b}`);
  }
  return out;
}

function answered(line) {
  if (line.startsWith("# CPython "))
    return `# CPython ${version()}`;
  if (line === "" || line.startsWith("#"))
    return line;
  const question = line.split("\t")[0];
  const ask = /^\{"(program|functions)"/.test(question) ? run : answer;
  return `${question}\t${ask(question)}`;
}

for (const file of process.argv.slice(3)) {
  const lines = expand(readFileSync(file, "utf8").split("\n"));
  writeFileSync(file, lines.map(answered).join("\n"));
}
