# knobs.awk - the settings of sim/scenario/knobs.c, as rows of the reference.

#   {"loop", "debug", AL_KNOB_BOOL, AT(loop.debug), "asyncio's debug mode"},
/^const al_knob al_knobs/ { inside = 1; next }
/^};/                     { inside = 0 }
inside                    { entry = entry $0 }
inside && /\},$/ {
    n = 0
    text = ""
    while (match(entry, /"([^"\\]|\\.)*"/)) {
        n++
        word[n] = substr(entry, RSTART + 1, RLENGTH - 2)
        if (n > 2)
            text = text word[n]
        entry = substr(entry, RSTART + RLENGTH)
    }
    gsub(/\\"/, "\"", text)
    print "| `" word[1] "." word[2] "` | " text " |"
    entry = ""
}
