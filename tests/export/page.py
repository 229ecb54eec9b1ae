"""page.py - does the page that `export --to html` writes work in a browser?

    python3 page.py BINARY [PICTURES]

The events it holds are held against the trace's, and what comes from a
stranger must not get out of them.  Then it is opened in headless Chromium,
where there is one, clicked, searched and moved; nothing may go wrong on the
console, and nothing be fetched.  The queues that it folds are held against the
run's own.  PICTURES is a folder to put some into.
"""

import glob
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import browser

PAGES = [  # whose every iteration's queues are compared
    "ties", "ties-after-compaction", "heap-compaction", "ntodo-starvation",
    "eager-tasks", "executor-saturated", "threadsafe-wakeup", "signals",
    "closed-loop", "stop-and-resume", "lock-fairness", "cancel-while-ready",
    "dining-philosophers",
]


LEFT_OUT = {"heap", "tasks", "primitives", "waiters", "putters", "children"}


def decode(data):
    """The page's events, as the lines of a trace have them."""
    time, loop, texts = None, "l1", []

    def value_of(kind, value):
        if kind != "TEXT":
            return value
        if isinstance(value, str):
            texts.append(value)
        return texts[value] if isinstance(value, int) else \
            value[0] if isinstance(value, list) else value

    for item in data["events"][1:]:
        if isinstance(item, float):
            time = item
        elif isinstance(item, str):
            loop = item
        else:
            name, fields = data["kinds"][item[0]]
            event = {key: value_of(kind, value) for (key, kind), value
                     in zip(fields, item[1:]) if value is not None}
            yield {"e": name, "t": time, "loop": loop, **event}


def plain(event):
    """A line of a trace, as the page has it."""
    ids = {"h", "task", "future", "on", "p", "of", "joined", "putter", "left",
           "by"}
    for key, value in event.items():
        if value in ("inf", "-inf", "nan", None) or key in LEFT_OUT:
            continue
        if key in ids:
            value = -1 if value == "world" else \
                -1 - int(value[1:]) if value[0] == "j" else int(value[1:])
        if isinstance(value, str):
            value = value.replace("\0", "\ufffd")  # as the reader has it
        yield key, value


def same(page_event, trace_event):
    expected = {"loop": "l1", **dict(plain(trace_event))}
    zero = {key for key, value in page_event.items()
            if value == 0 and key not in expected}  # an id that was left out
    return {key: value for key, value in page_event.items()
            if key not in zero} == expected


class Tests:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.passed = self.failed = 0

    def holds(self, condition, what):
        if condition:
            self.passed += 1
        else:
            self.failed += 1
            print("not ok:", what)

    def page(self, source):
        path = os.path.join(self.folder, os.path.basename(source) + ".html")
        with open(path, "wb") as file:
            subprocess.run([self.binary, "export", "--to", "html", source],
                           stdout=file, stderr=subprocess.DEVNULL)
        return path

    def is_quiet(self, b, what):
        self.holds(not b.errors, f"{what}: {b.errors[:3]}")
        self.holds(len(b.requests) == 1, f"{what} fetches {b.requests[1:3]}")

    # -- the data ------------------------------------------------------------

    def check_data(self, path):
        with open(self.page(path), encoding="utf-8") as file:
            page = file.read()
        data = re.search('<script type="application/json" id="trace">(.*?)'
                         '</script>', page, re.S).group(1)
        events = list(decode(json.loads(data)))
        with open(path, encoding="utf-8") as file:
            header, *lines = [json.loads(line) for line in file]
        title = re.search("<title>(.*?)</title>", page).group(1)
        self.holds(html.unescape(title) == header["scenario"], f"{path}: title")
        self.holds(page.count("<script") == 2, f"{path}: its scripts")
        self.holds(len(events) == len(lines) and all(map(same, events, lines)),
                   f"{path}: its events")

    # -- the fold ------------------------------------------------------------

    def snapshots(self, source):
        run = subprocess.run(
            [self.binary, "run", "-f", "jsonl", "--snapshots", source],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        return [[[int(id[1:]) for id in line["ready"]],
                 [int(id[1:]) for id, when, *rest in line["heap"]]]
                for line in lines if line.get("e") == "snapshot"]

    def check_queues(self, b, name):
        source = f"scenarios/{name}.json"
        b.show(self.page(source))
        self.is_quiet(b, name)
        folded = b.run("""timeline.model.turns.map((turn) => {
            const queues = timeline.model.queuesAt(turn.i0 + 1);
            return [queues.ready(turn.loop),
                    queues.heap(turn.loop).map(([, id]) => id)];
        })""")
        expected = self.snapshots(source)
        self.holds(expected and folded == expected, f"the queues of {name}")

    # -- what one does with it -----------------------------------------------

    def text(self, b, selector):
        name = json.dumps(selector)
        return b.run(f"document.querySelector({name}).innerText")

    def check_clicks(self, b):
        name = "worker-beaten-by-its-timeout"
        b.show(self.page(f"scenarios/{name}.json"))
        self.holds(self.text(b, "#name") == name, "the page's name")
        self.holds("4 tasks" in self.text(b, "#figures"), "the figures")
        self.holds("gave up: TimeoutError()" in self.text(b, "#details"),
                   "the log is listed")
        at = b.run("timeline.where(timeline.model.runs.find("
                   "(run) => run.handle.id === 9))")
        b.pointer("mouseMoved", at["x"], at["y"])
        b.settle()
        self.holds("h9 worker" in self.text(b, "#tip"), "a tip")
        b.click(at["x"], at["y"])
        told = self.text(b, "#details")
        self.holds("h9 Task.__wakeup" in told, "a click selects a step")
        for cause in "h5", "h2":
            self.holds(cause in told.split("Because of")[1].split("Led to")[0],
                       f"its cause {cause}")
        self.holds("Heap as it began: 1" in told, "the heap")
        b.press("c")
        self.holds("h5, a callback" in self.text(b, "#details"),
                   "c goes to the cause")
        b.press(".")
        self.holds("h8, a callback" in self.text(b, "#details"),
                   "the next callback")
        b.press("Escape")
        self.holds("Nothing selected" in self.text(b, "#details"), "Esc")
        b.run("document.querySelector('.turn[data-turn=\"3\"]').click()")
        b.settle()
        told = self.text(b, "#details")
        self.holds(told.startswith("Iteration 4"), "an iteration is selected")
        self.holds("Heap as it began: 3" in told and
                   b.run("document.querySelectorAll('.tree g').length") == 3,
                   "its heap is a tree")
        b.run("document.querySelector('.tree g').dispatchEvent("
              "new MouseEvent('click'))")
        self.holds("Timeout._on_timeout" in self.text(b, ".lead"),
                   "a node of the tree leads to its handle")
        self.check_task(b)
        self.is_quiet(b, "clicking")

    def check_task(self, b):
        lane = b.run("""(() => {
            const {top, left} = document.getElementById("timeline")
                .getBoundingClientRect();
            const lane = timeline.lanes.find((one) => one.task?.id === 2);
            return {x: left + 40, y: top + 26 + lane.y + 12};
        })()""")
        b.click(lane["x"], lane["y"])
        told = self.text(b, "#details")
        self.holds("t2 w1" in told and "cancelled" in told,
                   "a lane's name selects its task")
        self.holds("waits for f1" in told, "what it waited for")

    def check_moves(self, b):
        span = "timeline.view.to - timeline.view.from"
        whole = b.run(span)
        b.press("+")
        self.holds(b.run(span) < whole * 0.7, "+ zooms in")
        before = b.run("timeline.view.from")
        box = b.run("JSON.parse(JSON.stringify(document.getElementById("
                    "'timeline').getBoundingClientRect()))")
        x, y = box["x"] + 500, box["y"] + box["height"] - 30
        b.drag(x, y, 80)
        self.holds(b.run("timeline.view.from") < before, "dragging moves")
        b.ask("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y,
              deltaX=0, deltaY=-200, modifiers=2)
        b.settle()
        self.holds(b.run(span) < whole * 0.5, "the wheel zooms")
        b.press("0")
        self.holds(abs(b.run(span) - whole) < 1e-9, "0 shows all")
        by_order = b.run("timeline.view.byOrder")
        b.press("o")
        self.holds(b.run("timeline.view.byOrder") != by_order, "o")
        b.press("o")
        dark = "document.documentElement.dataset.theme"
        before = b.run(dark)
        b.run("document.getElementById('theme').click()")
        self.holds(b.run(dark) != before, "the theme changes")
        b.press("?")
        self.holds(b.run("document.getElementById('keys').open"), "? helps")
        b.run("document.getElementById('keys').close()")
        self.is_quiet(b, "moving")

    def check_search(self, b):
        b.press("/")
        self.holds(b.run("document.activeElement.id") == "search", "/")
        b.ask("Input.insertText", text="tick")
        b.settle()
        self.holds(self.text(b, "#found") == "6", "what is found is counted")
        self.holds(b.run("document.querySelectorAll('#results .row').length")
                   == 6, "and listed")
        b.press("Enter", "Enter")
        self.holds(self.text(b, "#found") == "2/6", "Enter goes on")
        self.holds("h6, a callback" in self.text(b, "#details"),
                   "what is found is selected")
        b.run("document.getElementById('search').select()")
        b.ask("Input.insertText", text="h10")
        b.settle()
        self.holds(self.text(b, "#found") == "1", "a handle is found by id")
        b.run("document.getElementById('search').select()")
        b.ask("Input.insertText", text="no such thing")
        b.settle()
        self.holds(self.text(b, "#found") == "0", "nothing is found")
        b.press("Escape")
        self.holds(b.run("timeline.view.matches") is None, "Esc ends a search")
        self.is_quiet(b, "searching")

    # -- what comes from strangers, and much of it ---------------------------

    def check_hostile(self, b, path):
        b.show(self.page(path))
        for kind in "runs", "turns", "logs":
            b.run(f"timeline.model.{kind}.forEach((one) => timeline.choose("
                  f"{{kind: '{kind[:-1]}', {kind[:-1]}: one}}, true))")
        b.run("for (const task of timeline.model.tasks.values()) "
              "timeline.choose({kind: 'task', task}, true)")
        b.press("o", "+", "+", "0")
        self.is_quiet(b, path)
        self.holds(b.run("document.querySelectorAll('script').length") == 2,
                   f"a script got into the page of {path}")

    def check_many(self, b):
        page = self.page("tests/export/many-steps.json")
        began = time.monotonic()
        b.show(page)
        self.holds(time.monotonic() - began < 60, "150,000 events: opened")
        self.holds(b.run("timeline.model.count") > 150000, "all are there")
        took = b.run("""new Promise((done) => {
            const began = performance.now();
            let left = 20;
            const next = () => {
                document.dispatchEvent(new KeyboardEvent("keydown",
                    {key: left > 10 ? "+" : "-"}));
                if (left-- === 0) done(performance.now() - began);
                else requestAnimationFrame(next);
            };
            next();
        })""")
        self.holds(took < 20 * 500, f"20 frames of them took {took} ms")
        b.press("/")
        b.ask("Input.insertText", text="h9000")
        b.press("Enter")
        self.holds("h9000" in self.text(b, "#details"), "one is found")
        self.is_quiet(b, "150,000 events")

    def check_sizes(self, b, pictures):
        page = self.page("scenarios/dining-philosophers.json")
        for width, height, dark in (1600, 1000, False), (1280, 760, True), \
                (768, 1024, False), (390, 844, True):
            b.show(page, width, height, dark, mobile=width < 600)
            behind = b.run("""(({view, model, frame}) =>
                (view.to - (view.byOrder ? model.count - 1 : model.last)) /
                (view.to - view.from) * (frame.width - frame.gutter)
                )(timeline)""")
            self.holds(behind > 12, f"{behind} pixels for outcomes")
            b.run("timeline.choose({kind: 'run', "
                  "run: timeline.model.runs[8]}, true)")
            b.settle()
            what = f"{width} x {height}"
            wide = b.run("document.documentElement.scrollWidth")
            self.holds(wide <= width, f"at {what} it is {wide} wide")
            self.holds(b.run("timeline.frame.width") > 250 and
                       b.run("timeline.frame.height") > 200,
                       f"at {what} the timeline is too small")
            self.is_quiet(b, what)
            if pictures:
                b.picture(f"{pictures}/{width}.png")


    def open_all(self, b, pictures):
        for name in PAGES:
            self.check_queues(b, name)
        self.check_clicks(b)
        self.check_moves(b)
        self.check_search(b)
        for path in sorted(glob.glob("tests/export/hostile/*")):
            self.check_hostile(b, path)
        self.check_many(b)
        self.check_sizes(b, pictures)


def main(binary, pictures=None):
    with tempfile.TemporaryDirectory() as folder:
        tests = Tests(binary, folder)
        for path in sorted(glob.glob("scenarios/traces/*.jsonl")):
            tests.check_data(path)
        tests.check_data("tests/export/hostile/markup.jsonl")
        if browser.find():
            with browser.Browser() as b:
                tests.open_all(b, pictures)
        else:
            print("no Chromium: the page is not opened")
    print(f"{tests.passed} passed, {tests.failed} failed")
    return bool(tests.failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
