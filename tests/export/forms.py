"""forms.py - are the tables, pictures and graphs of `export` well formed?

    python3 forms.py BINARY FILE...

CSV is read by Python's own reader, and has a row for each thing that the
trace tells of; no cell is a formula.  SVG is read as XML, and has neither
scripts nor links.  DOT is read by Graphviz, where it is there.
"""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as tree

KINDS = {"callbacks": "run", "iterations": "iteration", "events": None}
SVG = "{http://www.w3.org/2000/svg}"
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)


def export(binary, form, path, *options):
    run = subprocess.run([binary, "export", "--to", form, *options, path],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return run.stdout.decode()


def events_of(path):
    """None: it is no trace, or not one to be counted by lines."""
    if not path.startswith("scenarios/traces/"):
        return None
    with open(path) as file:
        return [json.loads(line) for line in file][1:]


def is_formula(cell):
    return re.match("[=+@\t\r-]", cell) and not re.fullmatch(
        r"-?(inf|[0-9.e+-]+)", cell)


def check_csv(binary, path, events):
    for rows, kind in KINDS.items():
        text = export(binary, "csv", path, "--rows", rows)
        head, *table = csv.reader(io.StringIO(text, newline=""), strict=True)
        check(len(set(head)) == len(head), f"{rows}: a column twice")
        check(all(len(row) == len(head) for row in table),
              f"{rows}: a row of another length")
        check(not any(is_formula(cell) for row in table for cell in row),
              f"{rows}: a formula")
        check(text.count("\n") == len(table) + 1, f"{rows}: a cell of lines")
        if events is None:
            continue
        expected = [e for e in events if kind in (None, e["e"])]
        check(len(table) == len(expected), f"{rows}: {len(table)} rows")
        if rows == "callbacks":
            check([row[head.index("handle")] for row in table] ==
                  sorted_by_end(events), "callbacks: in the order they end")


def sorted_by_end(events):
    return [e["h"] for e in events if e["e"] == "ran"]


def check_svg(binary, path, events):
    for scale in "time", "order":
        text = export(binary, "svg", path, "--scale", scale)
        root = tree.fromstring(text)
        check(root.tag == SVG + "svg", "svg: no svg")
        for node in root.iter():
            check(node.tag[len(SVG):] in ("svg", "title", "style", "rect",
                                          "line", "text", "circle", "path"),
                  f"svg: a {node.tag}")
            check(not any(name.startswith("on") or "href" in name
                          for name in node.attrib), "svg: an attribute")
            for name in "x", "y", "width", "x1", "x2", "cx", "cy":
                value = node.get(name, "0")
                check(value == "100%" or -1 < float(value) < 1e7,
                      f"svg: {name}={value}")
        if events is None:
            continue
        names = [node.text for node in root.iter(SVG + "text")
                 if node.get("class") == "name"]
        tasks = [e for e in events if e["e"] == "task"]
        check(len([name for name in names if name.startswith("t")]) ==
              len(tasks), "svg: not a lane a task")


def check_dot(binary, path, events):
    for graph in "causes", "waits", "heap":
        text = export(binary, "dot", path, "--graph", graph)
        if events is not None and graph == "causes":
            handles = {e["h"] for e in events if e["e"].startswith(
                ("call_", "add_"))}
            check(set(re.findall(r"^  (h\d+) \[label=", text, re.M)) ==
                  handles, "dot: not a node a handle")
        if shutil.which("dot"):
            run = subprocess.run(["dot", "-Tcanon"], input=text.encode(),
                                 stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE)
            check(run.returncode == 0, f"dot {graph}: {run.stderr[:200]}")


def main(binary, paths):
    passed = failed = 0
    for path in paths:
        events = events_of(path)
        for look in check_csv, check_svg, check_dot:
            failures.clear()
            look(binary, path, events)
            for failure in failures[:5]:
                print(f"{path}: {failure}")
            passed += not failures
            failed += bool(failures)
    print(f"{passed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
