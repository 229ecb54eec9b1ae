"""browser.py - a page in headless Chromium, by its debugging pipe."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


def find():
    for name in "chromium", "chromium-browser", "google-chrome":
        if shutil.which(name):
            return name
    return None


class Browser:
    """Start it with `with`; errors and requests of its page are kept."""

    def __enter__(self):
        self.profile = tempfile.mkdtemp()
        theirs_in, self.to = os.pipe()
        self.come, theirs_out = os.pipe()

        def set_up():
            for end, at in (theirs_in, 13), (theirs_out, 14):
                os.dup2(end, at)
            for end, at in (13, 3), (14, 4):
                os.dup2(end, at)
                os.set_inheritable(at, True)

        self.process = subprocess.Popen(
            [find(), "--headless", "--no-sandbox", "--disable-gpu",
             "--remote-debugging-pipe", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking",
             "--user-data-dir=" + self.profile, "about:blank"],
            preexec_fn=set_up, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.buffer, self.number, self.session = b"", 0, None
        self.errors, self.requests, self.is_loaded = [], [], False
        target = self.ask("Target.createTarget", url="about:blank")
        self.session = self.ask("Target.attachToTarget", flatten=True,
                                targetId=target["targetId"])["sessionId"]
        for domain in "Page", "Runtime", "Log", "Network":
            self.ask(domain + ".enable")
        return self

    def __exit__(self, *problem):
        self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.come)
        shutil.rmtree(self.profile, ignore_errors=True)

    # -- the protocol --------------------------------------------------------

    def read(self, seconds):
        end = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.come], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            got = os.read(self.come, 1 << 20)
            if not got:
                raise EOFError("the browser has ended")
            self.buffer += got
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def note(self, message):
        method, params = message.get("method"), message.get("params")
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", details).get(
                "description", details["text"]))
        elif method == "Log.entryAdded":
            self.errors.append(params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.errors.append(str([arg.get("value")
                                    for arg in params["args"]]))
        elif method == "Page.javascriptDialogOpening":
            self.errors.append("a dialog: " + params["message"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Page.loadEventFired":
            self.is_loaded = True

    def ask(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read(120)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.note(answer)

    # -- a page --------------------------------------------------------------

    def show(self, path, width=1280, height=800, dark=False, mobile=False):
        self.ask("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=1, mobile=mobile)
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        self.errors.clear()
        self.requests.clear()
        self.is_loaded = False
        self.ask("Page.navigate", url="file://" + os.path.abspath(path))
        while not self.is_loaded:
            self.note(self.read(120))
        self.run("new Promise(requestAnimationFrame)")

    def run(self, script):
        """What the expression comes to; a promise is awaited."""
        result = self.ask("Runtime.evaluate", expression=script,
                          awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["exception"].get(
                "description"))
        return result["result"].get("value")

    def settle(self):
        self.run("new Promise((done) => requestAnimationFrame(() => "
                 "requestAnimationFrame(done)))")

    def pointer(self, kind, x, y, **more):
        self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click(self, x, y, count=1):
        self.pointer("mouseMoved", x, y)
        for kind in "mousePressed", "mouseReleased":
            self.pointer(kind, x, y, button="left", clickCount=count)
        self.settle()

    def drag(self, x, y, by):
        self.pointer("mousePressed", x, y, button="left", clickCount=1)
        for part in 1, 2, 3, 4:
            self.pointer("mouseMoved", x + by * part / 4, y, button="left",
                         buttons=1)
        self.pointer("mouseReleased", x + by, y, button="left", clickCount=1)
        self.settle()

    def press(self, *keys):
        for key in keys:
            for kind in "keyDown", "keyUp":
                more = {"text": key} if len(key) == 1 and \
                    kind == "keyDown" else {}
                if key == "Enter" and kind == "keyDown":
                    more = {"text": "\r"}
                self.ask("Input.dispatchKeyEvent", type=kind, key=key, **more)
        self.settle()

    def picture(self, path):
        data = self.ask("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
