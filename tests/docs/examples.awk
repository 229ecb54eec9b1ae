# examples.awk - the examples of a Markdown file, each into files of its own.
#
#   awk -v folder=DIR -f examples.awk FILE.md
#
# A comment "<!-- example: words -->" says what the next fences are: the first
# goes to DIR/N.in and the one after it to DIR/N.want; N, the line, and the
# words go to DIR/list.  Where the words begin with "main", the first is a
# piece that is put in place of the "…" in the fence after
# "<!-- wrapper -->".  With "console" there is one fence, of commands and what
# they print.

/^<!-- example: .* -->$/ {
    words = $0
    sub(/^<!-- example: /, "", words)
    sub(/ -->$/, "", words)
    number++
    line = NR
    fence = 0
    next
}

/^<!-- wrapper -->$/ { words = "wrapper"; fence = 0; next }

/^```/ && !inside { inside = 1; fence++; text = ""; next }
/^```/            { inside = 0; if (words != "") take(text); next }
inside            { text = text $0 "\n" }

function take(text,    at) {
    if (words == "wrapper") {
        wrapper = text
        words = ""
        return
    }
    if (fence == 1 && words ~ /^main,/) {
        at = index(wrapper, "…")
        text = substr(wrapper, 1, at - 1) text \
               substr(wrapper, at + length("…"))
    }
    printf "%s", text > (folder "/" number (fence == 1 ? ".in" : ".want"))
    if (fence == 2 || words == "console") {
        sub(/^main, /, "", words)
        print number, line, words > (folder "/list")
        words = ""
    }
}
