// generator.mjs - random scenarios, each guaranteed to end.
//
// Every verb and control form turns up.  What is likely to show a mismatch is
// likely here: few distinct deadlines (ties), many cancelled timers, work
// that takes time while the world acts, handlers that raise, calls at the
// wrong moment.  A limit of iterations ends what would go on for ever; what a
// callback may schedule is limited by `fuel`, or a trace would explode.

import { Random } from "./prng.mjs";

const delays = [0, 0.1, 0.25, 0.5, 0.5, 1, 1, 1.5, 2];
const works = [0, 0.05, 0.1, 0.25, 0.3, 1];
const signals = ["SIGTERM", "SIGINT", "SIGUSR1", "SIGHUP"];
const exceptions = ["ValueError", "KeyError", "RuntimeError", "TypeError",
  "IndexError", "ZeroDivisionError", "Exception", "OSError",
  "AssertionError", "LookupError", "ArithmeticError", "NameError"];
const words = ["a", "b", "tick", "x y", "it's", "{}", "ä", "q\\\"", "#", ""];

// What every scenario defines, by the type of the value.
const known = {
  int: ["count", "fuel", "total"],
  float: ["start"],
  str: ["text"],
  list: ["xs"], // not handles: their reprs would show one another for ever
  dict: ["d"],
  any: ["last", "ctx", "var"],
};

export class Generator {
  constructor(seed) {
    this.r = new Random(seed);
    this.scope = null; // {kind, params, locals, depth, loops, index}
  }

  // -- expressions, as Python text ------------------------------------------

  names(type) {
    const own = (this.scope?.locals ?? []).filter(v => v.type === type);
    return [...own.map(v => v.name), ...known[type]];
  }

  expr(type, depth = 2) {
    const make = {
      int: () => this.int(depth), float: () => this.float(depth),
      str: () => this.str(depth), bool: () => this.bool(depth),
      list: () => this.list(depth), dict: () => this.dict(depth),
      any: () => this.any(depth),
    };
    if (this.r.chance(0.01)) type = "any"; // a type error, perhaps
    return make[type]();
  }

  int(depth) {
    const r = this.r;
    if (depth <= 0 || r.chance(0.4))
      return r.chance(0.5) ? String(r.between(0, 9))
        : r.pick(this.names("int"));
    const sub = type => this.expr(type, depth - 1);
    const atom = type => this.atom(sub(type));
    return r.weighted([
      [4, () => `${atom("int")} ${r.pick(["+", "-", "*"])} ${atom("int")}`],
      [2, () => `${atom("int")} ${r.pick(["//", "%"])} ${atom("int")}`],
      [1, () => `${atom("int")} ${r.pick(["&", "|", "^"])} ${atom("int")}`],
      [1, () => `${atom("int")} ${r.pick(["<<", ">>"])} ${r.between(0, 4)}`],
      [1, () => `${atom("int")} % 7 ** ${r.between(0, 3)}`],
      [1, () => `-${atom("int")}`],
      [1, () => `~${atom("int")}`],
      [2, () => `len(${sub(r.pick(["list", "str", "dict"]))})`],
      [1, () => `abs(${sub("int")})`],
      [1, () => `${r.pick(["min", "max"])}(${sub("int")}, ${sub("int")})`],
      [1, () => `sum(range(${r.between(0, 6)}))`],
      [1, () => `int(${sub(r.pick(["float", "bool"]))})`],
      [0.5, () => `divmod(${sub("int")}, ${sub("int")})[1]`],
      [1, () => `round(${sub("float")})`],
      [1, () => `(${sub("int")} if ${sub("bool")} else ${sub("int")})`],
      [1, () => `xs[${r.between(-3, 3)}]`],
      [1, () => `xs.index(${r.between(0, 5)})`],
      [1, () => `xs.count(${r.between(0, 5)})`],
      [1, () => `d.get('a', ${r.between(0, 5)})`],
    ])();
  }

  float(depth) {
    const r = this.r;
    if (depth <= 0 || r.chance(0.4))
      return r.chance(0.7) ? r.pick(["0.0", "0.1", "0.25", "0.5", "1.5",
        "2.0", "1e-9", "1e6", "3.0", "-0.0", "123456.789"])
        : r.pick(this.names("float"));
    const sub = type => this.expr(type, depth - 1);
    const atom = type => this.atom(sub(type));
    return r.weighted([
      [3, () => `${atom("float")} ${r.pick(["+", "-", "*"])} ${atom("float")}`],
      [2, () => `${atom("int")} / ${atom("int")}`],
      [1, () => `${atom("float")} ${r.pick(["//", "%"])} ${atom("int")}`],
      [1, () => `float(${sub("int")})`],
      [1, () => `round(${sub("float")}, ${r.between(0, 4)})`],
      [2, () => "loop.time()"],
      [1, () => "loop.slow_callback_duration"],
    ])();
  }

  str(depth) {
    const r = this.r;
    if (depth <= 0 || r.chance(0.4))
      return r.chance(0.6) ? this.quoted(r.pick(words))
        : r.pick(this.names("str"));
    const sub = type => this.expr(type, depth - 1);
    const atom = type => this.atom(sub(type));
    const str = () => this.primary(sub("str"));
    return r.weighted([
      [2, () => `${atom("str")} + ${atom("str")}`],
      [1, () => `${atom("str")} * ${r.between(0, 3)}`],
      // Never of what has an address: its length would differ.
      [2, () => `str(${sub(r.pick(["int", "float", "str", "list"]))})`],
      [2, () => `repr(${sub(r.pick(["int", "float", "str", "bool"]))})`],
      [1, () => `${str()}.${r.pick(["upper", "lower", "strip"])}()`],
      [1, () => `${str()}.replace(${this.quoted("a")}, ${this.quoted("bb")})`],
      [1, () => `${this.quoted(", ")}.join(['p', ${sub("str")}])`],
      [1, () => `${str()}[${r.pick(["0", "-1", ":2", "1:", "::-1"])}]`],
      [1, () => `type(${sub("any")}).__name__`],
    ])();
  }

  bool(depth) {
    const r = this.r;
    if (depth <= 0 || r.chance(0.3))
      return r.pick(["True", "False", "fuel > 0", "count % 2 == 0",
        "xs", "count < 3"]);
    const sub = type => this.expr(type, depth - 1);
    const atom = type => this.atom(sub(type));
    return r.weighted([
      [4, () => `${atom("int")} ${
        r.pick(["<", "<=", "==", "!=", ">", ">="])} ${atom("int")}`],
      [1, () => `${atom("int")} < ${atom("int")} <= ${atom("float")}`],
      [1, () => `${atom("str")} == ${atom("str")}`],
      [1, () => `${atom("str")} in ${atom("str")}`],
      [1, () => `${atom("int")} ${r.pick(["in", "not in"])} xs`],
      [1, () => `${atom("any")} is ${r.pick(["", "not "])}None`],
      [2, () => `${atom("bool")} ${r.pick(["and", "or"])} ${atom("bool")}`],
      [1, () => `not ${atom("bool")}`],
      [1, () => `isinstance(${sub("any")}, ${
        r.pick(["int", "str", "(int, float)", "list"])})`],
      [1, () => `${r.pick(["any", "all"])}(xs)`],
      [0.5, () => `bool(${sub("any")})`],
      [0.5, () => `callable(${sub("any")})`],
      [1, () => r.pick(["loop.is_running()", "loop.is_closed()",
                        "loop.get_debug()"])],
    ])();
  }

  list(depth) {
    const r = this.r;
    if (depth <= 0 || r.chance(0.4)) return r.pick(this.names("list"));
    const sub = type => this.expr(type, depth - 1);
    return r.weighted([
      [2, () => `[${
        Array.from({ length: r.below(4) }, () => sub("int")).join(", ")}]`],
      [1, () => `list(range(${r.between(0, 6)}))`],
      [1, () => `xs[${r.pick(["1:", ":2", "::2", "::-1", "-2:"])}]`],
      [3, () => `sorted(${this.primary(sub("list"))}[:0] + [3, 1, ${
        r.between(0, 4)}])`],
      [1, () => "xs + [1]"],
      [1, () => "list(d.keys())"],
      [1, () => "list(d.items())"],
      [1, () => "list(dict(d).values())"],
      [1.5, () => "list(tuple(xs))"],
      [1, () => "list(enumerate(xs))"],
      [1, () => "list(zip(xs, xs[1:]))"],
      [1, () => "list(reversed(xs))"],
      [1, () => "xs.copy()"],
    ])();
  }

  dict(depth) {
    const sub = () => this.expr("int", depth - 1);
    return depth > 0 && this.r.chance(0.4)
      ? `{'a': ${sub()}, 'b': ${sub()}}` : "d";
  }

  any(depth) {
    const r = this.r;
    const sub = type => this.expr(type, depth - 1);
    return r.weighted([
      [3, () => sub("int")], [2, () => sub("float")], [2, () => sub("str")],
      [1, () => sub("bool")], [1, () => sub("list")], [1, () => sub("dict")],
      [1, () => "None"], [1, () => `(${sub("int")}, ${sub("str")})`],
      [1, () => "(1,)"], [1, () => "()"],
      [2, () => r.pick(["last", "loop", "var", "ctx", "f0", "loop.stop",
        "last.cancel", "conn", "ValueError", "xs.append"])],
      [0.5, () => "var.get()"], [0.3, () => "other.get(7)"],
      [0.3, () => "last.get_context()"],
    ])();
  }

  // An operand: mostly in brackets, unless it is a name or a number.
  atom(text) {
    return /^[\w.]+$/.test(text) || this.r.chance(0.2) ? text : `(${text})`;
  }

  // What a point or an index may follow.
  primary(text) {
    return /^[a-z_]\w*$/.test(text) ? text : `(${text})`;
  }

  quoted(word) {
    const text = word.replace(/[\\']/g, "\\$&");
    return `'${text}'`;
  }

  // The body of an f-string.
  fstring() {
    const r = this.r;
    let text = "";
    for (let i = r.between(1, 3); i > 0; i--) {
      if (r.chance(0.5))
        text += r.pick(["n=", "at ", "{{", "}}", "\"", "'", "# ", "é "]);
      const value = r.weighted([
        [3, () => this.expr("any", 1)], [2, () => this.expr("int", 1)],
        [2, () => this.expr("str", 1)], [1, () => r.pick(known.int)],
      ])();
      text += r.weighted([
        [6, () => `{${this.spaced(value)}}`],
        [2, () => `{${this.spaced(value)}!r}`],
        [0.5, () => `{${this.spaced(value)}!a}`],
        [0.5, () => `{${this.spaced(value)}!s:>8}`],
        [0.5, () => `{${r.pick(known.int)}=}`],
        [1, () => `{${this.expr("int", 0)}:${
          r.pick(["d", "3d", "05d", "x", "+d", ",", "b", "o", "X"])}}`],
        [1, () => `{${this.expr("float", 0)}:${
          r.pick([".2f", ".3e", "g", "8.1f", ".0%", ",.2f"])}}`],
        [0.5, () => `{${this.expr("str", 0)}:${
          r.pick([">6", "<6", "^7", "*^5", ".2"])}}`],
      ])();
    }
    return text;
  }

  spaced(value) { return value.startsWith("{") ? `(${value})` : value; }

  // -- values: text, numbers, lists, verbs -----------------------------------

  value(type = "any") {
    const r = this.r;
    if (r.chance(0.15) && (type === "int" || type === "any"))
      return r.between(0, 9);
    if (r.chance(0.1) && (type === "float" || type === "any"))
      return r.pick(delays);
    if (type === "any" && r.chance(0.05))
      return [this.value("int"), this.value("any")];
    if (type === "any" && r.chance(0.05)) return r.pick([true, false, null]);
    if (type === "float" && r.chance(0.1)) return { time: {} };
    return this.expr(type);
  }

  // A number that is none now and then: such timers upset the heap's order.
  sometimesNan(list) {
    return this.r.chance(0.02) ? "float('nan')" : this.r.pick(list);
  }

  number(list) { return this.r.chance(0.05) ? -1 : this.sometimesNan(list); }

  delay() {
    return this.r.chance(0.15)
      ? `${this.r.pick(["0.25", "0.1", "0.5"])} * ${this.expr("int", 0)}`
      : this.number(delays);
  }

  // -- functions --------------------------------------------------------------

  fn() { return this.r.pick(this.functions); }

  // The name of a callable and arguments for it.
  callback() {
    const r = this.r;
    const fn = this.fn();
    return r.weighted([
      [14, () => ({ callback: fn.name, args: this.argsFor(fn) })],
      [0.6, () => ({ callback: "loop.stop", args: [] })],
      [0.6, () => ({ callback: "last.cancel", args: [] })],
      [0.4, () => ({ callback: "xs.append", args: [this.value("int")] })],
      [0.3, () => ({ callback: "loop.call_soon", args: ["f0", 1] })],
      [0.2, () => ({ callback: "var.set", args: [this.value("int")] })],
      [0.2, () => ({ callback: "ctx.run", args: ["f0", 2] })],
      [0.2, () => ({ callback: "loop.close", args: [] })],
      [0.2, () => ({ callback: "loop.run_forever", args: [] })],
      [0.2, () => ({ callback: r.pick(["count", "None", "xs", "(1, 'a')",
        "text", "loop", "ValueError"]), args: [] })],
    ])();
  }

  argsFor(fn) {
    return fn.params.map((_, i) =>
      i === 0 ? this.value("int") : this.value("any"));
  }

  withArgs(operation, args) {
    if (args.length > 0 || this.r.chance(0.1)) operation.args = args;
    return operation;
  }

  // -- statements ------------------------------------------------------------

  block(size) {
    const result = [];
    this.scope.depth++;
    for (let i = size; i > 0; i--) result.push(...this.statement());
    this.scope.depth--;
    return result;
  }

  small() { return this.block(this.r.between(1, 2)); }

  statement() {
    const r = this.r;
    const f = this.features;
    const isDeep = this.scope.depth > 3;
    return r.weighted([
      [5, () => [{ log: this.fstring() }]],
      [9, () => this.schedule()],
      [5, () => this.cancel()],
      [3 * f.busy, () => [{ busy: this.number(works) }]],
      [4 * f.fds, () => this.fdStatement()],
      [2 * f.signals, () => this.signalStatement()],
      [2 * f.errors, () => this.errorStatement()],
      [2 * f.contexts, () => this.contextStatement()],
      [2, () => this.assignment()],
      [isDeep ? 0 : 4, () => this.control()],
      [1.5, () => this.loopCall()],
      [0.7 * f.loops, () => this.otherLoop()],
      [f.bulk && this.scope.kind === "program" ? 5 : 0, () => this.bulk()],
      [0.3 * f.bulk, () => this.bulk()],
      [0.7, () => this.directCall()],
      [0.5, () => [this.r.pick(["xs.append(count)", "d.update(d)",
        "xs.sort()", "xs.reverse()", "xs.extend([1, 2])", "xs.pop()",
        "d.setdefault('b', 2)", "d.pop('a')", "xs.insert(1, 5)",
        "xs.remove(2)", "xs.clear()", "d.clear()", "count"])]],
      [0.15, () => this.flow()],
    ])();
  }

  // Inside a callback everything scheduled costs fuel.
  fuelled(statements) {
    if (this.scope.kind === "program") return statements;
    this.scope.globals.add("fuel");
    return [{ if: "fuel > 0", then: [{ let: "fuel", be: "fuel - 1" },
                                     ...statements] }];
  }

  schedule() {
    const r = this.r;
    const { callback, args } = this.callback();
    const verb = r.weighted([[4, "call_soon"], [6, "call_later"],
      [3, "call_at"], [2, "call_soon_threadsafe"]]);
    const params = { callback };
    if (verb === "call_later") params.delay = this.delay();
    if (verb === "call_at")
      params.when = r.weighted([
        [3, () => `start + ${this.sometimesNan(delays)}`],
        [2, () => `loop.time() + ${this.sometimesNan(delays)}`],
        [1, () => `float(${this.expr("float", 1)})`],
        [1, () => ({ time: {} })], [1, () => r.between(0, 3)]])();
    if (args.length) params.args = args;
    if (r.chance(0.08 * this.features.contexts))
      params.context = r.chance(0.1) ? "'no context'" : "ctx";
    if (r.chance(0.1 * this.features.loops)) params.loop = "second";
    else if (r.chance(0.4)) params.loop = "loop";
    const operation = { [verb]: params };
    const kept = r.weighted([
      [2, () => [operation]],
      [2, () => (this.scope.globals?.add("last"),
        [{ ...operation, as: "last" }])],
      [4, () => (this.local("h", "handle"),
        [{ ...operation, as: "h" }, "handles.append(h)"])],
    ])();
    return this.fuelled(kept);
  }

  local(name, type) {
    if (!this.scope.locals.some(v => v.name === name))
      this.scope.locals.push({ name, type });
    return name;
  }

  cancel() {
    const r = this.r;
    return r.weighted([
      [4, () => [{ if: "handles", then: [
        { cancel: `handles[${this.expr("int", 1)} % len(handles)]` }] }]],
      [2, () => [{ cancel: "last" }]],
      [1, () => [{ for: "h",
                   in: `handles[${r.pick(["::2", "1::2", "-3:", ":3", "::3",
                                          ""])}]`.replace("[]", ""),
                   do: [{ cancel: "h" }] }]],
      [1, () => [{ if: "handles", then: [{ cancel: "handles.pop()" }] }]],
      [1, () => [{ cancelled: "last", as: "flag" }, { log: "{flag}" }]],
      [0.5, () => [{ try: [{ when: { handle: "last" }, as: "at" },
                           { log: "{at!r}" }],
                     except: [{ type: "AttributeError", as: "e",
                                do: [{ log: "{e}" }] }] }]],
      [0.5, () => ["handles.reverse()"]],
      [0.5, () => [{ log: "{last!r} {handles[:2]}" }]],
    ])();
  }

  fdStatement() {
    const r = this.r;
    const fd = r.pick(["conn", "out"]);
    const { callback, args } = this.callback();
    const add = verb =>
      [{ [verb]: { fd, callback, ...(args.length ? { args } : {}),
                   ...(r.chance(0.2) ? { loop: "loop" } : {}) } }];
    return r.weighted([
      [4, () => add("add_reader")],
      [2, () => add("add_writer")],
      [4, () => [{ read: fd, as: "flag" }, { log: "read {flag}" }]],
      [2, () => [{ write: { fd } }]],
      [2, () => [{ remove_reader: { fd, ...this.ofLoop() }, as: "flag" },
                 { log: "{flag}" }]],
      [1, () => [{ remove_writer: { fd, loop: "loop" } }]],
    ])();
  }

  signalStatement() {
    const r = this.r;
    const sig = r.pick(signals);
    const { callback, args } = this.callback();
    // Where it cannot work, the exception that asyncio's own comes from must
    // not be seen: ours has none.
    const guarded = statement => [{ try: [statement], except: [
      { type: "RuntimeError", as: "e", do: [{ log: "{e}" }] }] }];
    const add = { add_signal_handler: { sig, callback,
      ...(args.length ? { args } : {}),
      ...(r.chance(0.2 * this.features.loops) ? { loop: "second" } : {}) } };
    return r.weighted([
      [4, () => this.scope.kind === "thread" ? guarded(add) : [add]],
      [2, () => [{ remove_signal_handler: r.chance(0.8) ? sig
                   : { sig, loop: "loop" }, as: "flag" },
                 { log: "{flag}" }]],
      [0.1, () => guarded({ add_signal_handler: { sig: "SIGKILL",
        callback: "drain", args: ["conn"] } })],
      [0.1, () => [{ remove_signal_handler: { sig: r.between(-1, 70) } }]],
    ])();
  }

  exception() {
    const r = this.r;
    const name = r.pick(exceptions);
    return r.weighted([
      [3, () => `${name}(${this.quoted(r.pick(words))})`],
      [2, () => name], [1, () => `${name}()`],
      // OSError would look errno 1 up, and Emscripten's is another.
      [1, () => name === "OSError" ? name : `${name}(1, 'two')`],
      [1, () => `${name}(count)`],
    ])();
  }

  raise() {
    const r = this.r;
    return r.weighted([
      [4, () => ({ raise: this.exception() })],
      [1, () => ({ raise: this.exception(), from: this.exception() })],
      [0.5, () => ({ raise: this.exception(), from: null })],
      [0.3, () => ({ raise: null })],
      [2, () => "1 // 0"], [1, () => "xs[99]"], [1, () => "d['zz']"],
      [1, () => ({ assert: this.expr("bool", 1) })],
      [1, () => ({ assert: this.expr("bool", 1), message: this.value("str") })],
      [0.1, () => ({ raise: "KeyboardInterrupt" })],
      [0.1, () => ({ raise: "SystemExit(3)" })],
      [0.3, () => "last.nothing"], [0.3, () => "count + text"],
      [0.2, () => ({ raise: "count" })],
    ])();
  }

  errorStatement() {
    const r = this.r;
    return r.weighted([
      [4, () => [this.raise()]],
      [3, () => this.attempt()],
      [2, () => [{ set_exception_handler: {
        handler: r.pick(["handler", "bad_handler", "handler", null]),
        ...this.ofLoop() } }]],
      [1, () => [{ get_exception_handler: this.ofLoop(), as: "flag" },
                 { log: "{flag is None}" }]],
      [1, () => [{ call_exception_handler: { context: r.pick([
        "{'message': 'made up'}",
        "{'message': 'with', 'exception': ValueError('v')}",
        "{'message': 'more', 'extra': count, 'also': [1]}",
        "{'message': ''}", "{}",
        "{'message': 'h', 'handle': last}"]) } }]],
      [0.7, () => [{ default_exception_handler: { context: r.pick([
        "{'message': 'default', 'exception': KeyError('k')}",
        "{'b': 1, 'a': 'x'}", "{'message': 'h', 'handle': last}"]),
        ...this.ofLoop() } }]],
    ])();
  }

  attempt() {
    const r = this.r;
    const body = [...(r.chance(0.5) ? this.small() : []),
                  ...(r.chance(0.7) ? [this.raise()] : [])];
    const statement = { try: body.length ? body : [{ pass: {} }] };
    const handlers = [];
    for (let i = r.below(3); i > 0; i--) {
      const type = r.chance(0.25)
        ? `(${r.pick(exceptions)}, ${r.pick(exceptions)})`
        : r.pick([...exceptions, "Exception", "Exception"]);
      handlers.push(r.chance(0.6)
        ? { type, as: "e", do: [{ log: r.pick(["{e!r}", "{e}", "{e.args}",
            "{e.__cause__!r} {e.__context__!r}", "{type(e).__name__}: {e}"]) },
            ...(r.chance(0.2) ? [this.raise()] : [])] }
        : { type, do: this.small() });
    }
    if (r.chance(0.2))
      handlers.push({ do: r.chance(0.3) ? [{ log: "any" }, { raise: null }]
                                        : [{ log: "any" }] });
    if (handlers.length) {
      statement.except = handlers;
      if (r.chance(0.3)) statement.else = this.small();
    }
    if (!handlers.length || r.chance(0.4)) statement.finally = this.small();
    return [statement];
  }

  contextStatement() {
    const r = this.r;
    this.scope.globals?.add("ctx");
    return r.weighted([
      [3, () => [`var.set(${this.expr("int", 1)})`]],
      [2, () => [{ log: "{var.get()} {other.get('none')}" }]],
      [2, () => [{ let: "token", be: `var.set(${this.expr("int", 0)})` },
                 ...this.small(), "var.reset(token)"]],
      [1, () =>
          [{ with: `other.set(${this.expr("str", 0)})`, do: this.small() }]],
      [1, () => [{ with: "var.set(5)", as: "t",
                   do: [{ log: "{t.var.name} {t.old_value!r}" }] }]],
      [2, () => [{ copy_context: {}, as: "ctx" }]],
      [1, () => [{ call: "ctx.run", args: ["f0", this.value("int")] }]],
      [1, () => [{ log: "{len(ctx)} {var in ctx} {ctx.get(var, 0)}" }]],
      [0.5, () => [{ ContextVar: { name: "fresh", default: 1 }, as: "fresh" },
                   { log: "{fresh!r} {fresh.get()}" }]],
      [0.4, () => [{ log: "{other.get()}" }]],
      [0.3, () => [{ let: "token", be: "var.set(1)" }, "var.reset(token)",
                   "var.reset(token)"]],
    ])();
  }

  assignment() {
    const r = this.r;
    const global = name => {
      this.scope.globals?.add(name);
      return name;
    };
    return r.weighted([
      [2, () => [{ let: global("count"), be: "count + 1" }]],
      [1, () => [{ let: global("total"), be: this.value("int") }]],
      // Cut, or a callback that doubles it would make it endless.
      [1, () => [{ let: global("text"), be: `(${this.expr("str")})[:40]` }]],
      [1, () => [{ let: this.local("v", "int"), be: this.value("int") }]],
      [1, () => [{ let: "xs[0]", be: this.value("int") }]],
      [1, () => [{ let: `d[${this.quoted(r.pick(["a", "b", "c"]))}]`,
                   be: this.value(r.pick(["int", "float", "str"])) }]],
      [1, () => [{ let: "p, q",
                   be: r.pick(["1, 2", "(count, text)", "'ab'", "xs",
                               [1, "text"]]) },
                 { log: "{p} {q}" }]],
      [0.5, () => [{ let: "loop.slow_callback_duration",
                     be: r.pick([0.05, 0.1, 0.5]) }]],
    ].slice(0, 7))();
  }

  control() {
    const r = this.r;
    return r.weighted([
      [4, () => {
        const s = { if: this.expr("bool"), then: this.small() };
        if (r.chance(0.4)) s.else = r.chance(0.3) && this.scope.depth < 3
          ? [{ if: this.expr("bool"), then: this.small(), else: this.small() }]
          : this.small();
        return [s];
      }],
      [2, () => {
        this.local("i", "int");
        this.scope.loops++;
        const s = { for: "i", in: r.pick(["range(3)", "xs[:3]", "[1, 2]",
          "'ab'", "d", "reversed([3, 4])"]),
          do: [...this.small(), ...this.jump()] };
        this.scope.loops--;
        if (r.chance(0.2)) s.else = this.small();
        return [s];
      }],
      [0.7, () => [{ for: "k, v", in: r.pick(["d.items()", "enumerate(xs[:2])",
        "zip(xs[:2], 'ab')"]), do: [{ log: "{k}={v}" }] }]],
      [1, () => {
        const w = `w${this.whiles++}`;
        this.scope.loops++;
        const s = { while: `${w} < ${r.between(1, 3)}`,
          do: [{ let: w, be: `${w} + 1` }, ...this.small(), ...this.jump()] };
        this.scope.loops--;
        if (r.chance(0.2)) s.else = this.small();
        return [{ let: w, be: 0 }, s];
      }],
      [2, () => this.attempt()],
      [0.5, () => [{ pass: {} }]],
    ])();
  }

  jump() {
    const r = this.r;
    if (!r.chance(0.3)) return [];
    return [{ if: this.expr("bool", 1),
              then: [r.chance(0.5) ? { break: {} } : { continue: {} }] }];
  }

  flow() {
    return this.scope.kind === "program" ? [{ pass: {} }]
      : [{ return: this.r.chance(0.5) ? this.value("any") : null }];
  }

  loopCall() {
    const r = this.r;
    return r.weighted([
      [2, () => [{ stop: {} }]],
      [1, () => [{ stop: { loop: "loop" } }]],
      [1, () => [{ let: "at", be: { time: this.ofLoop() } },
                 { log: "{at!r}" }]],
      [1, () => [{ is_running: this.ofLoop(), as: "flag" },
                 { log: "{flag}" }]],
      [1, () =>
          [{ is_closed: { loop: "loop" }, as: "flag" }, { log: "{flag}" }]],
      [1, () => [{ set_debug: { enabled: r.pick(["True", "False", true,
        "not loop.get_debug()"]), ...this.ofLoop() } }]],
      [1, () => [{ get_debug: this.ofLoop(), as: "flag" },
                 { log: "{flag}" }]],
      [1, () => [{ get_running_loop: {}, as: "flag" }, { log: "{flag}" }]],
      [1, () =>
          [{ get_event_loop: {}, as: "flag" }, { log: "{flag is loop}" }]],
      [0.4, () => [{ close: {} }]],
      [0.4, () => this.scope.kind === "thread" ? [] : [{ run_forever: {} }]],
      [0.3, () => [{ set_event_loop: { loop: r.pick(["loop", null]) } }]],
    ])();
  }

  // The "loop" of an operation, where it is given.
  ofLoop() {
    const loop = this.r.chance(0.8) || !this.features.loops ? "loop"
                                                            : "second";
    return this.r.chance(0.4) ? { loop } : {};
  }

  otherLoop() {
    const r = this.r;
    return r.weighted([
      [2, () => [{ call_soon_threadsafe: { callback: "f0", args: [1],
                                           loop: "second" } }]],
      [1, () => [{ stop: { loop: "second" } }]],
      [1, () => [{ new_event_loop: {}, as: "third" }, { log: "{third}" },
                 { call_later: { delay: 0.5, callback: "f0", args: [3],
                                 loop: "third" } },
                 { close: { loop: "third" } }]],
      [0.5, () => this.scope.kind === "thread"
        ? [] : [{ run_forever: { loop: "second" } }]],
      [0.3, () => [{ close: { loop: "second" } }]],
      [0.3, () => [{ set_event_loop: "second" }]],
      [0.5, () => [{ add_reader: { fd: "conn", callback: "drain",
                                   args: ["conn"], loop: "second" } }]],
    ])();
  }

  // Enough timers to cross the compaction thresholds, on few deadlines.
  bulk() {
    const r = this.r;
    const n = r.pick([8, 20, 60, 101, 110, 130, 180]);
    const kept = r.pick(["h", "b"]);
    const fn = this.fn();
    const deadline = r.pick(["0.5 * (b % 3)", "1", "0.25 * (b % 7)",
      "2 - 0.01 * b", "(b * 7 % 10) / 10", "0.1 * b"]);
    const statements = [
      { for: "b", in: `range(${n})`, do: [
        { call_later: { delay: deadline, callback: fn.name,
                        args: fn.params.map(() => "b") }, as: "h" },
        "handles.append(h)"] },
    ];
    this.local("h", "handle");
    const slices = ["::2", "1::2", ":60", "-70:", ":-3", "::3", "50:"];
    const cancel = [{ for: "h", in: `handles[${r.pick(slices)}]`,
                      do: [{ cancel: "h" }] }];
    if (r.chance(0.5)) statements.push(...cancel);
    if (r.chance(0.4)) statements.push(...cancel);
    void kept;
    if (this.scope.kind === "program") return statements;
    this.scope.globals.add("fuel");
    return [{ if: "fuel > 20", then: [{ let: "fuel", be: "fuel - 20" },
                                      ...statements] }];
  }

  // Functions call only those defined after them: no recursion.
  directCall() {
    const later = this.functions.filter(f => f.index > this.scope.index);
    if (!later.length) return [{ pass: {} }];
    const fn = this.r.pick(later);
    const operation = this.withArgs({ call: fn.name }, this.argsFor(fn));
    return this.r.chance(0.3)
      ? [{ ...operation, as: "result" }, { log: "{result!r}" }] : [operation];
  }

  // -- the parts of a scenario -----------------------------------------------

  // `first` are statements to stand before the random ones.
  body(kind, index, params, size, first = []) {
    this.scope = { kind, index, depth: 0, loops: 0, globals: new Set(),
      locals: params.map((name, i) => ({ name, type: i ? "any" : "int" })) };
    const statements = this.block(size);
    const globals = [...this.scope.globals];
    this.scope = null;
    return globals.length && kind !== "program"
      ? [{ global: this.r.chance(0.5) || globals.length > 1 ? globals
                                                             : globals[0] },
         ...first, ...statements]
      : [...first, ...statements];
  }

  makeFunctions() {
    const r = this.r;
    const count = r.between(2, 5);
    this.functions = Array.from({ length: count }, (_, i) => ({
      name: `f${i}`, index: i,
      params: i === 0 ? ["n"] : ["n", "m"].slice(0, r.below(3)),
    }));
    const functions = {};
    for (const fn of this.functions) {
      functions[fn.name] = {
        ...(fn.params.length ? { params: fn.params } : {}),
        body: this.body("function", fn.index, fn.params, r.between(1, 5)),
      };
    }
    functions.handler = { params: ["where", "context"],
      body: this.body("function", 99, ["where", "context"], r.below(2), [
        { log: "handler {context['message']!r} {context.get('exception')!r}" },
      ]) };
    functions.bad_handler = { params: ["where", "context"], body: [
      this.r.chance(0.5) ? { raise: "RuntimeError('in handler')" }
        : "where.default_exception_handler(context)",
      ...(this.r.chance(0.5) ? [{ raise: "KeyError('again')" }] : [])] };
    functions.drain = { params: ["fd"], body: [
      { read: "fd", as: "was" }, { log: "drained {fd} {was}" }] };
    return functions;
  }

  world() {
    const r = this.r;
    const items = [];
    const base = this.clockStart;
    const time = () => base + r.pick([0.1, 0.25, 0.3, 0.5, 0.75, 1, 1, 1.25,
                                      1.5, 2, 3]);
    for (let i = r.between(0, 4) * this.features.fds; i > 0; i--) {
      const item = { at: time(), fd: r.pick(["conn", "out", "conn"]) };
      if (r.chance(0.8)) item.readable = r.chance(0.8);
      if (r.chance(0.3) || item.readable === undefined)
        item.writable = r.chance(0.7);
      items.push(item);
    }
    for (let i = r.between(0, 3) * this.features.threads; i > 0; i--)
      items.push({ at: time(), thread: r.pick(["poller", "worker-1"]),
                   ...this.threadBody() });
    for (let i = r.between(0, 2) * this.features.signals; i > 0; i--)
      items.push({ at: time(), signal: r.pick(signals) });
    return r.chance(0.5) ? items.sort((a, b) => a.at - b.at) : items;
  }

  threadBody() {
    const { callback, args } = this.callback();
    if (this.r.chance(0.4))
      return { call_soon_threadsafe: { callback, loop: "loop",
                                       ...(args.length ? { args } : {}) } };
    const first = this.r.chance(0.7)
      ? [{ call_soon_threadsafe: { callback, loop: "loop",
                                   ...(args.length ? { args } : {}) } }] : [];
    return { do: this.body("thread", 50, [], this.r.between(1, 3), first) };
  }

  // What every function may name.
  firstNames(mostFuel) {
    const r = this.r;
    return [
      { let: "count", be: 0 }, { let: "fuel", be: r.pick([5, 15, mostFuel]) },
      { let: "total", be: r.between(0, 9) }, { let: "text", be: "'text'" },
      { let: "xs", be: [1, 2, 3] }, { let: "d", be: "{'a': 1}" },
      { let: "handles", be: [] },
      { ContextVar: { name: "v", default: 0 }, as: "var" },
      { ContextVar: "other", as: "other" },
      { copy_context: {}, as: "ctx" },
    ];
  }

  program() {
    const r = this.r;
    const statements = this.firstNames(40);
    if (r.chance(0.05)) statements.push({ try: [{ get_event_loop: {} }],
      except: [{ type: "RuntimeError", as: "e", do: [{ log: "{e}" }] }] });
    statements.push({ new_event_loop: {}, as: "loop" },
                    { new_event_loop: {}, as: "second" });
    statements.push(...(r.chance(0.97) ? [{ set_event_loop: "loop" }] : []));
    statements.push({ let: "start", be: { time: {} } },
      { call_soon: { callback: "f0", args: [0], loop: "loop" }, as: "last" });
    this.scope = null;
    for (let runs = r.weighted([[6, 1], [3, 2], [1, 3]]); runs > 0; runs--) {
      statements.push(...this.body("program", -1, [], r.between(2, 7)));
      if (r.chance(0.8))
        statements.push({ call_later: { delay: r.pick([1, 2, 3]),
          callback: "loop.stop", loop: "loop" } });
      statements.push(...this.run("loop"));
      if (r.chance(0.3 * this.features.loops)) {
        statements.push({ call_later: { delay: 1, callback: "second.stop",
                                        loop: "second" } });
        statements.push(...this.run("second"));
      }
    }
    if (r.chance(0.7)) statements.push({ close: { loop: "loop" } });
    if (r.chance(0.3))
      statements.push({ try: this.body("program", -1, [], 1),
        except: [{ type: "RuntimeError", as: "e", do: [{ log: "{e}" }] }] });
    return statements;
  }

  run(loop) {
    const r = this.r;
    const run = { run_forever: { loop } };
    return r.weighted([
      [3, () => [run]],
      [3, () => [{ try: [run], finally: [{ log: "ran {loop}" }] }]],
      [1, () => [{ try: [run], except: [
        { type: "KeyboardInterrupt", do: [{ log: "interrupted" }] }] }]],
      [1, () => [{ try: [run], except: [
        { type: "BaseException", as: "e",
          do: [{ log: "{e!r}" }, { raise: null }] }] }]],
      [1, () => [{ try: [run], finally: [{ close: { loop } }] }]],
    ])();
  }

  chooseFeatures() {
    const r = this.r;
    const on = p => Number(r.chance(p));
    this.features = { busy: on(0.6), fds: on(0.5), signals: on(0.25),
      threads: on(0.5), errors: on(0.5), contexts: on(0.4), loops: on(0.25),
      bulk: on(0.3) };
  }

  loopSection() {
    const r = this.r;
    const loop = {};
    this.clockStart = r.weighted([[7, 0], [1, 200 * 86400], [1, 1000.5],
                                  [0.5, 17280000.1]]);
    if (r.chance(0.3)) loop.debug = true;
    if (r.chance(0.2)) loop.slow_callback_duration = r.pick([0.05, 0.25, 0.3]);
    const clock = {};
    if (this.clockStart) clock.start = this.clockStart;
    if (r.chance(0.15)) clock.tick = r.pick([0.015625, 0.0156, 0.1]);
    if (r.chance(0.15)) clock.resolution = r.pick([1e-6, 0.01, 0.0156]);
    if (Object.keys(clock).length) loop.clock = clock;
    if (r.chance(0.2)) loop.min_scheduled_timer_handles = r.pick([0, 5, 20]);
    if (r.chance(0.1))
      loop.min_cancelled_timer_handles_fraction = r.pick([0.1, 0.25, 0.9]);
    if (r.chance(0.1)) loop.maximum_select_timeout = r.pick([0.2, 0.5, 1]);
    return loop;
  }

  scenario() {
    const r = this.r;
    this.whiles = 0;
    this.chooseFeatures();
    const loop = this.loopSection();
    const functions = this.makeFunctions();
    const world = this.world();
    const limits = { iterations: r.pick([40, 80, 150]) };
    if (r.chance(0.15)) limits.until = this.clockStart + r.pick([1.2, 2, 5]);
    if (r.chance(0.1)) limits.standstill = r.pick([3, 8]);
    return {
      scenario: 1,
      title: "A random scenario",
      ...(Object.keys(loop).length ? { loop } : {}),
      limits,
      fds: ["conn", "out"],
      functions,
      ...(world.length ? { world } : {}),
      program: this.program(),
    };
  }
}
