# events.awk - loop/core/event.h, as the reference has to have it: a row of
# the table for each kind of event and for each field.

/^#define / { list = $2; sub(/\(.*/, "", list) }

list == "AL_EVENT_FIELDS" || list == "AL_EVENT_KINDS" {
    line = $0
    ends = line !~ /\\$/
    sub(/ *\\$/, "", line)
    text = text " " line
    if (!ends) next
    if (list == "AL_EVENT_FIELDS") fields(text); else kinds(text)
    text = list = ""
}

# What stands between the first pair of quotes.
function quoted(text,    at) {
    sub(/^[^"]*"/, "", text)
    at = 1
    while (substr(text, at, 1) != "\"")
        at += substr(text, at, 1) == "\\" ? 2 : 1
    text = substr(text, 1, at - 1)
    gsub(/\\"/, "\"", text)
    return text
}

# X(args, "args", TEXT, "its arguments, as repr shows them")
function fields(text,    n, i, part, parts, type) {
    n = split(text, parts, / X\(/)
    for (i = 2; i <= n; i++) {
        part = parts[i]
        name = part
        sub(/,.*/, "", name)
        key[name] = quoted(part)
        sub(/^[^"]*"[^"]*", */, "", part)
        type = tolower(part)
        sub(/,.*/, "", type)
        print "| `" key[name] "` | " type " | " quoted(part) " |"
    }
}

# X(SKIP, skip, CORE, F(handle), "a cancelled handle was popped")
function kinds(text,    n, i, part, parts, head, names) {
    n = split(text, parts, / X\(/)
    for (i = 2; i <= n; i++) {
        part = parts[i]
        split(part, head, / *, */)
        names = ""
        part = substr(part, index(part, head[3]) + length(head[3]))
        meaning = quoted(part)
        sub(/".*/, "", part)
        while (match(part, /F\([a-z_]+\)/)) {
            names = names " `" key[substr(part, RSTART + 2, RLENGTH - 3)] "`"
            part = substr(part, RSTART + RLENGTH)
        }
        print "| `" head[2] "` | " tolower(head[3]) " |" names " | " \
              meaning " |"
    }
}
