// kinds.mjs - the kinds of random scenarios.

import { Generator } from "./generator.mjs";
import { ObjectGenerator } from "./object_generator.mjs";
import { ThreadGenerator } from "./thread_generator.mjs";

const kinds = { callbacks: Generator, tasks: ObjectGenerator,
                threads: ThreadGenerator };

export const kindNames = Object.keys(kinds);

export function generate(kind, seed) {
  return new kinds[kind](seed).scenario();
}
