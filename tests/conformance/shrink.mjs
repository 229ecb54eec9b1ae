// shrink.mjs - make a scenario smaller while it still shows the mismatch.
//
// Delta debugging on the JSON: leave out parts of lists, optional members,
// put a block in the place of the statement around it, make numbers simple.
// A candidate that the loader refuses is simply not interesting.

const isObject = value => value !== null && typeof value === "object";

function* places(value, path = []) {
  if (!isObject(value)) return;
  yield { path, value };
  for (const key of Object.keys(value))
    yield* places(value[key], [...path, key]);
}

function at(root, path) {
  return path.reduce((value, key) => value[key], root);
}

// A copy of the document in which `change` was applied at `path`.
function changed(root, path, change) {
  const copy = structuredClone(root);
  change(at(copy, path));
  return copy;
}

function* withoutPieces(root, path, list) {
  for (let size = list.length; size >= 1; size = Math.floor(size / 2))
    for (let from = 0; from < list.length; from += size)
      yield changed(root, path, copy => copy.splice(from, size));
}

const blocks = ["then", "do", "else", "try", "finally"];

function* unwrapped(root, path, list) {
  for (let i = 0; i < list.length; i++) {
    if (!isObject(list[i])) continue;
    for (const key of blocks)
      if (Array.isArray(list[i][key]))
        yield changed(root, path,
                      copy => copy.splice(i, 1, ...copy[i][key]));
  }
}

function* withoutMembers(root, path, object) {
  for (const key of Object.keys(object))
    if (key !== "limits")
      yield changed(root, path, copy => { delete copy[key]; });
}

function* simpler(root, path, value) {
  for (const key of Object.keys(value)) {
    if (typeof value[key] !== "number") continue;
    for (const number of [0, 1, Math.round(value[key])])
      if (Math.abs(number) < Math.abs(value[key]))
        yield changed(root, path, copy => { copy[key] = number; });
  }
}

// The smaller documents that one place offers.  The limits stay: without
// them a scenario may never end.
function* candidatesAt(root, path) {
  const value = at(root, path);
  if (path[0] === "limits") return;
  if (Array.isArray(value)) {
    yield* withoutPieces(root, path, value);
    yield* unwrapped(root, path, value);
  } else {
    yield* withoutMembers(root, path, value);
  }
  yield* simpler(root, path, value);
}

const exists = (root, path) => {
  for (const key of path) {
    if (!isObject(root) || !(key in root)) return false;
    root = root[key];
  }
  return isObject(root);
};

// `isInteresting(scenario)` resolves to whether the mismatch still shows.
// Places are gone through from the outside in, until a whole round finds
// nothing to leave out.
export async function shrink(scenario, isInteresting, budget = 800) {
  let best = scenario;
  for (let progress = true; progress && budget > 0;) {
    progress = false;
    for (const { path } of [...places(best)]) {
      let again = true;
      while (again && exists(best, path)) {
        again = false;
        for (const candidate of candidatesAt(best, path)) {
          if (--budget <= 0) return best;
          if (await isInteresting(candidate)) {
            best = candidate;
            progress = again = true;
            break;
          }
        }
      }
    }
  }
  return best;
}
