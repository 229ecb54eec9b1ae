# verbs.awk - sim/scenario/verbs.c, as the reference has to have it.
#
# Prints for each operation its heading and its line of documentation, and for
# each parameter the beginning of its row in the table:
#
#   #### `call_later` (delay, callback, [args], [context], [loop])
#   Schedule a callback after a delay; returns its TimerHandle.
#   | `delay` | seconds from now |

# Macros first: a parameter that many operations have is one.
/^#define / {
    name = $2
    body = $0
    sub(/^#define +[A-Z_]+ */, "", body)
    while (body ~ /\\ *$/) {
        sub(/\\ *$/, "", body)
        if ((getline line) <= 0)
            break
        body = body line
    }
    macros[name] = body
    next
}

/^    \[AL_VERB_[A-Z_]+\] = \{/ { finish(); entry = $0; next }
/^};/                          { finish() }
entry != ""                    { entry = entry " " $0 }

# The first string of the entry, taken off it; adjacent literals are one.
function next_string(    text, at) {
    text = ""
    while (match(entry, /^[^"]*"/)) {
        if (text != "" && substr(entry, 1, RLENGTH) !~ /^ *"$/)
            break
        entry = substr(entry, RLENGTH + 1)
        at = 1
        while (substr(entry, at, 1) != "\"")
            at += substr(entry, at, 1) == "\\" ? 2 : 1
        text = text substr(entry, 1, at - 1)
        entry = substr(entry, at + 1)
    }
    gsub(/\\"/, "\"", text)
    return text
}

function finish(    name, signature, comma, param, doc, macro, is_required) {
    if (entry == "")
        return
    for (macro in macros)
        entry = expand(entry, macro, macros[macro])
    name = next_string()
    signature = comma = ""
    while (entry ~ /^[^"]*\{ *"/) {
        param = next_string()
        is_required = entry ~ /^, *AL_PARAM_[A-Z]+, *true/
        doc = next_string()
        signature = signature comma (is_required ? param : "[" param "]")
        comma = ", "
        print "| `" param "` | " doc " |"
    }
    print "#### `" name "`" " (" signature ")"
    print next_string()
    entry = ""
}

# Replace a macro's name, where it stands as a word of its own.
function expand(text, name, body,    before, after, at, result) {
    result = ""
    while ((at = index(text, name)) > 0) {
        before = at > 1 ? substr(text, at - 1, 1) : " "
        after = substr(text, at + length(name), 1)
        if (before ~ /[A-Za-z0-9_"]/ || after ~ /[A-Za-z0-9_]/)
            body_or_name = name
        else
            body_or_name = body
        result = result substr(text, 1, at - 1) body_or_name
        text = substr(text, at + length(name))
    }
    return result text
}
