"""What CPython knows of every character, as the C table of character.c.

Asked of str's own methods rather than of unicodedata: what is wanted is
their answers, the word-final sigma among them."""
import unicodedata

EXTENDED = 0x1000000  # beyond any distance: an index into the long mappings

FLAGS = [  # in the order of character.h
    ("ALPHA", str.isalpha), ("DECIMAL", str.isdecimal),
    ("DIGIT", str.isdigit), ("NUMERIC", str.isnumeric),
    ("SPACE", str.isspace), ("PRINTABLE", str.isprintable),
    ("LOWER", str.islower), ("UPPER", str.isupper),
    ("TITLE", lambda c: c.istitle() and not c.isupper()),
    ("ID_START", str.isidentifier),
    ("ID_CONTINUE", lambda c: ("a" + c).isidentifier()),
    ("CASED", lambda c: (c + "a").title()[-1] == "a"),
    ("CASE_IGNORABLE", lambda c: ("\u0391\u03a3" + c + "a").lower()[1] ==
     "\u03c3" != ("\u0391\u03a3" + c).lower()[1]),
]
MAPPINGS = [str.upper, str.lower, str.title, str.casefold]


def mapped(c, mapping, long):
    if c == "\u03a3" and mapping is str.lower:
        return 32  # whether it is final is the caller's concern
    to = mapping(c)
    if len(to) == 1:
        return ord(to) - ord(c)
    return EXTENDED + long.setdefault(to, len(long))


def record(c, long):
    flags = sum(1 << i for i, (_, has) in enumerate(FLAGS) if has(c))
    decimal = unicodedata.decimal(c, 0)
    to = ", ".join(str(mapped(c, m, long)) for m in MAPPINGS)
    return flags, decimal, f"{{{to}}}"


def spans(records):
    """(first, even, odd): alternating records, as capitals and smalls do."""
    first = 0
    while first < len(records):
        pair = records[first:first + 2]
        end = first + 1
        while end < len(records) and records[end] == pair[(end - first) % 2]:
            end += 1
        yield first, pair[0], pair[1] if end > first + 1 else pair[0]
        first = end


def rows(items, width=78):
    line, out = "   ", []
    for item in items:
        text = f" {{{', '.join(map(str, item))}}},"
        if len(line) + len(text) > width:
            out.append(line)
            line = "   "
        line += text
    return "\n".join(out + [line])


def points(text):
    return [hex(ord(c)) for c in text] + ["0"] * (3 - len(text))


def table():
    long, records = {}, {}
    numbers = [records.setdefault(record(chr(c), long), len(records))
               for c in range(0x110000)]
    return "\n".join([
        "/* Written by tests/tools/character_table.py: Unicode "
        f"{unicodedata.unidata_version}. */",
        "static const record records[] = {", rows(records), "};\n",
        "static const uint32_t long_mappings[][3] = {",
        rows(map(points, long)), "};\n",
        "static const span spans[] = {",
        rows((hex(first), *pair) for first, *pair in spans(numbers)), "};\n"])
