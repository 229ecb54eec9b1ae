// endless.mjs - a program that CPython never ends is told, and the next one
// is compared all the same.
//
//   node endless.mjs --binary PATH

import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const scenarios = ["never-ends", "ends"].map(
  name => path.join(here, "endless", `${name}.json`));

const run = spawnSync(process.execPath,
  [path.join(here, "conform.mjs"), "--timeout", "20", ...process.argv.slice(2),
   ...scenarios],
  { encoding: "utf8", timeout: 300000 });

const expected = [/never-ends.json +PYTHON DIED\nCPython: no end within 20 s/,
                  /\nends.json +equal/, /\n1 passed, 1 failed/];
const missing = expected.filter(pattern => !pattern.test(run.stdout));

console.log(missing.length === 0 ? "what has no end is told"
  : `not told: ${missing.join(", ")}\n${run.stdout}${run.stderr}`);
process.exit(missing.length === 0 && run.status === 1 ? 0 : 1);
