"""What CPython makes of an expression or a program; see the .mjs beside."""
import contextvars
import json
import re
import sys
import warnings

warnings.simplefilter("ignore")
OVERFLOW = ("!OverflowError: integer overflow: "
            "asyncloop-sim's integers have 64 bits")


def strip(text):
    """Leave out addresses, and number errors as Linux does."""
    text = text.replace("(68, 'Result not representable')",
                        "(34, 'Numerical result out of range')")
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def escape(text):
    return strip(text).replace("\\", "\\\\").replace("\n", "\\n")


def failure(error):
    return f"!{type(error).__name__}: {error}".removesuffix(": ")


def holds_big(value, depth=0):
    if isinstance(value, int):
        return not -2**63 <= value < 2**63
    if isinstance(value, (list, tuple)) and depth < 3:
        return any(holds_big(item, depth + 1) for item in value)
    return False


def answer(expression):
    try:
        value = eval(expression, {})
        return OVERFLOW if holds_big(value) else escape(repr(value))
    except BaseException as error:
        return escape(failure(error))


# -- scenarios, as Python --------------------------------------------------

def value_of(value):
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "[" + ", ".join(map(value_of, value)) + "]"
    if isinstance(value, dict):
        return operation(value)
    return repr(value)


def operation(statement):
    (verb, params), *beside = statement.items()
    if not isinstance(params, dict):
        params = {"first": params}
    params = {**params, **dict(beside)}
    first = params.get("first")
    if verb == "log":
        return "log(f" + repr(first) + ")"
    if verb == "call":
        args = ", ".join(map(value_of, params.get("args", [])))
        return value_of(params.get("function", first)) + f"({args})"
    if verb == "ContextVar":
        args = repr(params.get("name", first))
        if "default" in params:
            args += ", default=" + value_of(params["default"])
        return f"contextvars.ContextVar({args})"
    if verb == "copy_context":
        return "contextvars.copy_context()"
    raise ValueError(verb)


def block(body, indent):
    lines = [statement(s, indent + "    ") for s in body]
    return "".join(lines) or indent + "    pass\n"


def attempt(s, indent):
    out = indent + "try:\n" + block(s["try"], indent)
    for clause in s.get("except", []):
        head = "except"
        if "type" in clause:
            head += " " + clause["type"]
        if "as" in clause:
            head += " as " + clause["as"]
        out += indent + head + ":\n" + block(clause["do"], indent)
    for word in "else", "finally":
        if word in s:
            out += indent + word + ":\n" + block(s[word], indent)
    return out


def simple(s, kind, body):
    """A statement of one line; None if it has a block."""
    if kind == "let":
        return f"{body} = {value_of(s['be'])}"
    if kind == "global":
        return "global " + (body if isinstance(body, str)
                            else ", ".join(body))
    if kind in ("break", "continue", "pass"):
        return kind
    if kind == "return":
        return "return " + value_of(body)
    if kind == "raise":
        out = "raise" + ("" if body is None else " " + value_of(body))
        return out + (f" from {value_of(s['from'])}" if "from" in s else "")
    if kind == "assert":
        out = "assert " + value_of(body)
        return out + (f", {value_of(s['message'])}" if "message" in s else "")
    if kind in ("if", "while", "for", "with"):
        return None
    return (s["as"] + " = " if "as" in s else "") + operation(s)


def statement(s, indent):
    if isinstance(s, str):
        return indent + s + "\n"
    kind = next(iter(s))
    body = s[kind]
    if kind == "try":
        return attempt(s, indent)
    line = simple(s, kind, body)
    if line:
        return indent + line + "\n"
    head = f"{kind} {value_of(body)}"
    if kind == "for":
        head += " in " + value_of(s["in"])
    if kind == "with" and "as" in s:
        head += " as " + s["as"]
    out = indent + head + ":\n" + block(s.get("then", s.get("do")), indent)
    if "else" in s:
        out += indent + "else:\n" + block(s["else"], indent)
    return out


def translate(scenario):
    out = ""
    for name, f in scenario.get("functions", {}).items():
        params = ", ".join(f.get("params", []))
        out += f"def {name}({params}):\n" + block(f["body"], "")
    return out + "".join(statement(s, "") for s in scenario["program"])


def run(text):
    logged = []
    scope = {"log": logged.append, "contextvars": contextvars}

    def program():
        try:
            exec(translate(json.loads(text)), scope)
        except BaseException as error:
            logged.append(failure(error))

    contextvars.Context().run(program)
    return escape(" | ".join(logged))


def version():
    return sys.version.split()[0]
