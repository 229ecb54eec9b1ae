"""python_syntax.py - how CPython parses an expression, as a line of text.

answer("-2 ** a < b") is "(cmp (- (** 2 a)) < b)"; "!" where CPython refuses
it.  python_syntax.mjs runs this; check_expr.c writes our trees the same way.
"""

import ast
import json
import sys
import warnings

warnings.simplefilter("ignore")

SIGNS = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//",
    "Mod": "%", "Pow": "**", "LShift": "<<", "RShift": ">>", "BitAnd": "&",
    "BitOr": "|", "BitXor": "^", "USub": "-", "UAdd": "+", "Invert": "~",
    "Not": "not", "Lt": "<", "LtE": "<=", "Eq": "==", "NotEq": "!=",
    "Gt": ">", "GtE": ">=", "Is": "is", "IsNot": "is not", "In": "in",
    "NotIn": "not in", "And": "and", "Or": "or",
}


def sign(op):
    return SIGNS[type(op).__name__]


def text(string):
    return "s" + json.dumps(string, ensure_ascii=False)


def group(*parts):
    return "(" + " ".join(parts) + ")"


def several(nodes):
    return [show(node) for node in nodes]


def show_constant(node):
    if isinstance(node.value, str):
        return text(node.value)
    return repr(node.value)


def show_unary(node):
    least = isinstance(node.op, ast.USub) and isinstance(
        node.operand, ast.Constant) and node.operand.value == 2**63
    return str(-(2**63)) if least else group(sign(node.op), show(node.operand))


def show_bool(node):
    result = show(node.values[0])
    for value in node.values[1:]:
        result = group(sign(node.op), result, show(value))
    return result


def show_compare(node):
    parts = [show(node.left)]
    for op, right in zip(node.ops, node.comparators):
        parts += [sign(op), show(right)]
    return group("cmp", *parts)


def show_call(node):
    named = ["%s=%s" % (k.arg, show(k.value)) for k in node.keywords]
    return group("call", show(node.func), *several(node.args), *named)


def show_dict(node):
    pairs = zip(node.keys, node.values)
    return group("dict", *["%s:%s" % (show(k), show(v)) for k, v in pairs])


def show_field(node):
    conversion = "" if node.conversion == -1 else "!" + chr(node.conversion)
    spec = ""
    if node.format_spec is not None:
        spec = ":" + "".join(part.value for part in node.format_spec.values)
    return "{%s%s%s}" % (show(node.value), conversion, spec)


def show_fstring(node):
    parts = []
    for part in node.values:
        literal = isinstance(part, ast.Constant)
        if literal and parts and parts[-1][0]:
            parts[-1] = (True, parts[-1][1] + part.value)
        else:
            parts.append((literal, part.value if literal
                          else show_field(part)))
    return group("f", *[text(p) if literal else p for literal, p in parts])


SHOWS = {
    ast.Expression: lambda n: show(n.body),
    ast.Constant: show_constant,
    ast.Name: lambda n: n.id,
    ast.UnaryOp: show_unary,
    ast.BinOp: lambda n: group(sign(n.op), show(n.left), show(n.right)),
    ast.BoolOp: show_bool,
    ast.Compare: show_compare,
    ast.IfExp: lambda n: group("if", *several([n.test, n.body, n.orelse])),
    ast.Attribute: lambda n: group(".", show(n.value), n.attr),
    ast.Subscript: lambda n: group("[]", show(n.value), show(n.slice)),
    ast.Slice: lambda n: group(":", *several([n.lower, n.upper, n.step])),
    ast.Call: show_call,
    ast.Tuple: lambda n: group("tuple", *several(n.elts)),
    ast.List: lambda n: group("list", *several(n.elts)),
    ast.Dict: show_dict,
    ast.JoinedStr: show_fstring,
}


def show(node):
    return "_" if node is None else SHOWS[type(node)](node)


def answer(expression):
    try:
        tree = ast.parse(expression.strip(), mode="eval")
        compile(tree, "", "eval")  # f(a=1, a=2) is refused only here
    except (SyntaxError, ValueError):
        return "!"
    return show(tree)


def version():
    return sys.version.split()[0]
