// expression_generator.mjs - random expressions of the script language.
//
// Mostly of types that fit, over values at the edges; sometimes of any types,
// for the messages.

const atoms = {
  int: ["0", "1", "-1", "2", "3", "7", "-7", "10", "63", "255", "1000",
    "-1000000", "9007199254740993", "9223372036854775807", "True", "False"],
  float: ["0.0", "-0.0", "0.1", "0.5", "-1.5", "2.5", "2.675", "1e16", "1e22",
    "123456.789", "1e-5", "1e-7", "1e300", "5e-324", "float('inf')",
    "-float('inf')", "float('nan')", "1e15", "9007199254740992.0"],
  str: ["''", "'a'", "'b'", "'abc'", "'aXb'", "' a  b '", "'a,b,,c'",
    "'12'", "' -7 '", "'1.5'", "'ä'", "'ßẞ'", "'ΑΣ'", "'ǆ'", "'é\\u0301'",
    "'\\U0001f600'", "'x\\ny\\r\\nz'", "\"it's\"", "'１２'", "'{}'", "'%d'"],
  list: ["[]", "[1]", "[1, 2, 3]", "[3, 1, 2]", "['b', 'a']", "[[1], [2]]",
    "[1.0, 1, True]", "[None]", "[(1, 'a'), (2, 'b')]"],
  tuple: ["()", "(1,)", "(1, 2)", "('a', 'b')", "(1, (2, 3))"],
  dict: ["{}", "{1: 2}", "{'a': 1, 'b': 2}", "{1: 'x', 1.0: 'y'}",
    "{(1, 2): []}", "{None: 0, True: 1}"],
  range: ["range(0)", "range(3)", "range(5, 0, -2)", "range(1, 10, 3)",
    "range(100)", "range(-3, 3)"],
  bool: ["True", "False"],
  none: ["None"],
  other: ["int", "str", "len", "str.upper", "list.append", "slice(1, 2)",
    "ValueError('x')", "KeyError('k')", "OSError(9999, 'no')",
    "OSError(9999, 'no', 'f')", // Pyodide's errnos are not Linux's
    "ExceptionGroup('g', [ValueError(1)])", "{1: 2}.keys()", "{1: 2}.values()",
    "{1: 2}.items()", "type(1)", "ValueError"],
};
const types = Object.keys(atoms);

const binary = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|",
  "^", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"];

const strMethods = ["upper", "lower", "title", "capitalize", "swapcase",
  "casefold", "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines",
  "isalpha", "isdigit", "isdecimal", "isnumeric", "isalnum", "isspace",
  "isupper", "islower", "istitle", "isascii", "isidentifier", "isprintable"];
const strMethods1 = ["strip", "lstrip", "rstrip", "split", "rsplit", "find",
  "rfind", "index", "rindex", "count", "startswith", "endswith",
  "removeprefix", "removesuffix", "partition", "rpartition", "join"];
const functions1 = ["len", "repr", "str", "int", "float", "bool", "abs",
  "list", "tuple", "dict", "sum", "min", "max", "sorted", "any", "all",
  "round", "callable", "range", "reversed", "enumerate", "zip", "iter",
  "type"];

const fills = ["", "", "*", "0", "é"];
const aligns = ["", "<", ">", "^", "="];

export function randomExpression(r) {
  return new Maker(r).any(r.between(1, 3));
}

class Maker {
  constructor(r) { this.r = r; }

  any(depth) {
    return this.of(this.r.pick(types), depth);
  }

  // Of that type, most of the time.
  of(type, depth) {
    if (this.r.chance(0.05)) type = this.r.pick(types);
    if (depth <= 0 || this.r.chance(0.25)) return this.r.pick(atoms[type]);
    return this[type](depth - 1);
  }

  choose(...makers) {
    return this.r.pick(makers)();
  }

  int(d) {
    return this.choose(
      () => this.operate("int", "int", d),
      () => `len(${this.iterable(d)})`,
      () => `int(${this.of(this.r.pick(["str", "float", "bool"]), d)})`,
      () => `int(${this.of("str", d)}, ${this.r.pick([0, 2, 8, 10, 16, 36])})`,
      () => `round(${this.of("float", d)})`,
      () => `sum(${this.of(this.r.pick(["list", "tuple"]), d)})`,
      () => `${this.sequence(d)}.${this.r.pick(["index", "count"])}(` +
            `${this.any(d)})`,
      () => `-(${this.of("int", d)})`, () => `~(${this.of("int", d)})`,
      () => `(${this.of("int", d)}).bit_length()`);
  }

  float(d) {
    return this.choose(
      () => this.operate("float", this.r.pick(["float", "int"]), d),
      () => `float(${this.of(this.r.pick(["str", "int"]), d)})`,
      () => `round(${this.of("float", d)}, ${this.r.between(-4, 18)})`,
      () => `abs(${this.of("float", d)})`,
      () => `sum([${this.of("float", d)}, ${this.of("float", d)}, ` +
            `${this.of("int", d)}])`,
      () => `(${this.of("int", d)}) / (${this.of("int", d)})`);
  }

  operate(a, b, d) {
    return `(${this.of(a, d)}) ${this.r.pick(binary.slice(0, 12))} ` +
           `(${this.of(b, d)})`;
  }

  str(d) {
    return this.choose(
      () => `(${this.of("str", d)}) + (${this.of("str", d)})`,
      () => `(${this.of("str", d)}) * ${this.r.between(-1, 4)}`,
      () => this.subscript("str", d),
      () => `(${this.of("str", d)}).${this.r.pick(strMethods)}()`,
      () => `(${this.of("str", d)}).${this.r.pick(strMethods1)}(` +
            `${this.of("str", d)})`,
      () => `(${this.of("str", d)}).${this.r.pick(["split", "rsplit"])}(` +
            `${this.r.pick(["None", "' '", "','", "'a'"])}, ` +
            `${this.r.between(-1, 3)})`,
      () => `(${this.of("str", d)}).replace(${this.of("str", d)}, ` +
            `${this.of("str", d)}, ${this.r.between(-1, 3)})`,
      () => `(${this.of("str", d)}).${this.r.pick(["ljust", "rjust",
        "center"])}(${this.r.between(-1, 9)}, ${this.of("str", d)})`,
      () => `(${this.of("str", d)}).zfill(${this.r.between(-1, 9)})`,
      () => `(${this.of("str", d)}).${this.r.pick(["find", "rfind", "count",
        "index", "startswith", "endswith"])}(${this.of("str", d)}, ` +
        `${this.r.between(-4, 4)}, ${this.r.between(-4, 4)})`,
      () => `str.${this.r.pick(strMethods)}(${this.any(d)})`,
      () => `str(${this.any(d)})`, () => `repr(${this.any(d)})`,
      () => this.formatted(d), () => this.formatted(d),
      () => this.percent(d), () => this.percent(d));
  }

  formatted(d) {
    const r = this.r;
    const spec = r.pick(fills) + r.pick(aligns) +
      r.pick(["", "", "+", "-", " "]) + r.pick(["", "", "", "z"]) +
      r.pick(["", "", "", "#"]) + r.pick(["", "", "", "0"]) +
      r.pick(["", "", "1", "7", "12"]) + r.pick(["", "", "", ",", "_"]) +
      r.pick(["", "", ".0", ".1", ".3", ".17", "."]) +
      r.pick(["", "", "", "", ",", "_"]).repeat(r.chance(0.1)) +
      r.pick(["", "", "d", "f", "e", "g", "x", "X", "b", "o", "c", "n", "%",
        "s", "E", "G", "F", "q"]);
    const value = r.pick(atoms[r.pick(["int", "float", "str", "int", "float",
      r.pick(types)])]).replaceAll("\\", "");
    const conversion = r.pick(["", "", "", "", "!r", "!s", "!a"]);
    return value.includes('"') || value.includes("{") ? this.percent(d)
      : `f"{${value}${conversion}:${spec}}"`;
  }

  percent(d) {
    const r = this.r;
    const one = () => "%" + r.pick(["", "", "-", "0", "+", " ", "#", "-0",
      "+0"]) + r.pick(["", "", "1", "7", "12", "*"]) +
      r.pick(["", "", ".0", ".2", ".12", ".*", "."]) +
      r.pick(["", "", "", "l"]) +
      r.pick([..."diuoxXeEfFgGcrsa%", "y"]);
    const format = one() + (r.chance(0.2) ? "|" + one() : "");
    return `'${format}' % ` + this.choose(
      () => this.of("tuple", d), () => `(${this.of("int", d)},)`,
      () => `(${this.of("float", d)},)`, () => `(${this.of("str", d)},)`,
      () => `(${r.between(-9, 9)}, ${this.of("int", d)})`,
      () => `(${r.between(-9, 9)}, ${this.any(d)})`, () => this.any(0));
  }

  subscript(type, d) {
    const r = this.r;
    const bound = () => r.chance(0.4) ? "" : String(r.between(-5, 5));
    const index = r.chance(0.5) ? String(r.between(-4, 4))
      : `${bound()}:${bound()}` + (r.chance(0.4) ? `:${bound()}` : "");
    return `(${this.of(type, d)})[${index}]`;
  }

  sequence(d) {
    return `(${this.of(this.r.pick(["str", "list", "tuple"]), d)})`;
  }

  iterable(d) {
    return this.of(this.r.pick(["str", "list", "tuple", "dict", "range"]), d);
  }

  list(d) {
    return this.choose(
      () => `[${this.any(d)}, ${this.any(d)}]`,
      () => `(${this.of("list", d)}) + (${this.of("list", d)})`,
      () => `(${this.of("list", d)}) * ${this.r.between(-1, 3)}`,
      () => this.subscript("list", d),
      () => `list(${this.finite(d)})`,
      () => `sorted(${this.finite(d)}` +
            this.r.pick(["", "", ", reverse=True", ", key=str",
              ", key=len"]) + ")",
      () => `list(zip(${this.finite(d)}, ${this.finite(d)}` +
            this.r.pick(["", ", strict=True"]) + "))",
      () => `list(enumerate(${this.finite(d)}, ${this.r.between(-2, 2)}))`,
      () => `list(reversed(${this.finite(d)}))`,
      () => `(${this.of("list", d)}).${this.r.pick(["pop", "copy", "reverse",
        "sort", "clear"])}()`,
      () => `(${this.of("list", d)}).${this.r.pick(["append", "remove",
        "extend", "pop"])}(${this.any(0)})`);
  }

  // What a list can be made of.
  finite(d) {
    return this.iterable(d);
  }

  tuple(d) {
    return this.choose(
      () => `(${this.any(d)}, ${this.any(d)})`,
      () => `(${this.of("tuple", d)}) + (${this.of("tuple", d)})`,
      () => this.subscript("tuple", d), () => `tuple(${this.finite(d)})`,
      () => `divmod(${this.of("int", d)}, ${this.of("float", d)})`,
      () => `(${this.of("str", d)}).partition(${this.of("str", d)})`);
  }

  dict(d) {
    return this.choose(
      () => `{${this.any(d)}: ${this.any(d)}, ${this.any(d)}: ${this.any(d)}}`,
      () => `(${this.of("dict", d)}) | (${this.of("dict", d)})`,
      () => `dict(${this.any(d)})`,
      () => `(${this.of("dict", d)}).${this.r.pick(["get", "pop",
        "setdefault"])}(${this.any(d)}, ${this.any(d)})`,
      () => `(${this.of("dict", d)})[${this.any(d)}]`,
      () => `(${this.of("dict", d)}).${this.r.pick(["keys", "values", "items",
        "copy", "popitem"])}()`);
  }

  range(d) {
    return this.choose(
      () => `range(${[1, 2, 3].map(() => this.r.between(-9, 9))})`,
      () => this.subscript("range", d));
  }

  bool(d) {
    return this.choose(
      () => `(${this.any(d)}) ${this.r.pick(binary.slice(12))} ` +
            `(${this.any(d)})`,
      () => this.like(d), () => this.like(d),
      () => `not (${this.any(d)})`,
      () => `isinstance(${this.any(d)}, ${this.r.pick(["int", "str",
        "(int, float)", "list", "Exception", "bool", "5"])})`);
  }

  // Two of one type compared.
  like(d) {
    const type = this.r.pick(types);
    return `(${this.of(type, d)}) ${this.r.pick(binary.slice(12, 20))} ` +
           `(${this.of(type, d)})`;
  }

  none(d) { return `${this.r.pick(functions1)}(${this.finite(d)})`; }

  other(d) {
    return this.choose(
      () => `${this.r.pick(functions1)}(${this.finite(d)})`,
      () => `(${this.any(d)}) if (${this.any(d)}) else (${this.any(d)})`,
      () => `(${this.any(d)}) ${this.r.pick(binary)} (${this.any(d)})`,
      () => `-(${this.any(d)})`,
      () => `(${this.any(d)})[${this.any(d)}]`,
      () => `(${this.any(d)}).foo`);
  }
}
