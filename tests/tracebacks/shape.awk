# shape.awk - a traceback without its files, lines and source: what an exported
# program's has in common with the scenario's.
#
# What stands beneath a frame, indented deeper than it, is source.
{
    margin = $0
    sub(/[^ |+].*$/, "", margin)
    rest = substr($0, length(margin) + 1)
    if (rest ~ /^File ".*", line [0-9]+, in /) {
        sub(/^File ".*", line [0-9]+, in /, "in ", rest)
        print margin rest
        depth = length(margin)
    } else if (depth && length(margin) > depth) {
        next
    } else {
        depth = 0
        print
    }
}
