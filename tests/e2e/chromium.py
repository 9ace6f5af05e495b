"""Headless Chromium by its DevTools protocol over a pipe: real keys, touches and media settings,
with nothing but Python's standard library."""
import base64
import json
import os
import subprocess
import tempfile

KEYS = {  # name: (code, Windows' number, text)
    "ArrowRight": ("ArrowRight", 39, ""), "ArrowLeft": ("ArrowLeft", 37, ""),
    "PageDown": ("PageDown", 34, ""), "PageUp": ("PageUp", 33, ""),
    "Home": ("Home", 36, ""), "End": ("End", 35, ""), "Tab": ("Tab", 9, ""),
    "Enter": ("Enter", 13, "\r"), " ": ("Space", 32, " "), "Escape": ("Escape", 27, ""),
}


class Chromium:
    def __init__(self):
        self.profile = tempfile.TemporaryDirectory()
        to_read, to_write = os.pipe()
        from_read, from_write = os.pipe()

        def own_pipes():  # the browser reads from 3 and writes to 4
            for number, end in ((3, os.dup(to_read)), (4, os.dup(from_write))):
                os.dup2(end, number)
                os.set_inheritable(number, True)

        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--no-first-run", "--disable-dev-shm-usage", "--remote-debugging-pipe",
             "--user-data-dir=" + self.profile.name],
            preexec_fn=own_pipes, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.out = os.fdopen(to_write, "wb")
        self.into = os.fdopen(from_read, "rb")
        self.rest = b""
        self.number = 0
        self.session = None
        self.troubles = []  # what the page throws, and what it wants to load
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Accessibility", "DOM"):
            self.ask(domain + ".enable")

    def _message(self):
        while b"\0" not in self.rest:
            more = os.read(self.into.fileno(), 1 << 20)
            if not more:
                raise RuntimeError("Chromium has ended")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        message = json.loads(message)
        if message.get("method") == "Runtime.exceptionThrown":
            thrown = message["params"]["exceptionDetails"].get("exception", {})
            self.troubles.append(thrown.get("description"))
        if message.get("method") == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            if not url.startswith(("file:", "data:", "about:")):
                self.troubles.append("loads " + url)
        return message

    def ask(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.out.write(json.dumps(message).encode() + b"\0")
        self.out.flush()
        while True:
            answer = self._message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(method + ": " + answer["error"]["message"])
                return answer["result"]

    def wait(self, event):
        while self._message().get("method") != event:
            pass

    def open(self, path, step=""):
        self.ask("Page.navigate", url="about:blank")
        self.ask("Page.navigate", url="file://" + os.path.abspath(path) + ("#" + step if step else ""))
        while not self.js("location.protocol === 'file:' && document.readyState === 'complete' && "
                          "document.getElementById('count')?.textContent"):
            pass

    def js(self, expression):
        result = self.ask("Runtime.evaluate", expression=expression, returnByValue=True,
                          awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(expression + ": " + json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def until(self, expression):
        """Waits for what happens by itself, such as the click that a tap becomes."""
        for _ in range(1000):
            if self.js(expression):
                return
            self.js("new Promise(done => setTimeout(done, 20))")
        raise RuntimeError("never: " + expression)

    def screen(self, width, height, touch=False, scale=1, **media):
        """media: prefers_color_scheme="dark", prefers_reduced_motion="reduce", ..."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=scale, mobile=touch)
        self.ask("Emulation.setTouchEmulationEnabled", enabled=touch)
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": name.replace("_", "-"), "value": value} for name, value in media.items()])

    def key(self, name):
        code, number, text = KEYS.get(name) or ("Key" + name.upper(), ord(name.upper()), name)
        both = dict(key=name, code=code, windowsVirtualKeyCode=number)
        self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **both)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **both)

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def tap(self, x, y):
        self.touch("touchStart", x, y)
        self.touch("touchEnd")

    def swipe(self, x0, y0, x1, y1):
        self.touch("touchStart", x0, y0)
        for k in range(1, 9):
            self.touch("touchMove", x0 + (x1 - x0) * k / 8, y0 + (y1 - y0) * k / 8)
        self.js("new Promise(done => setTimeout(done, 100))")  # at rest: the page does not glide on,
        self.touch("touchMove", x1, y1)                        # which would eat the next tap
        self.touch("touchEnd")

    def touch(self, kind, *at):
        points = [{"x": at[0], "y": at[1]}] if at else []
        self.ask("Input.dispatchTouchEvent", type=kind, touchPoints=points)

    def shot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.ask("Page.captureScreenshot")["data"]))

    def pdf(self, path):
        done = self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(done["data"]))

    def heard(self):
        """What a screen reader is given: (role, name) of each node that is not ignored."""
        nodes = self.ask("Accessibility.getFullAXTree")["nodes"]
        return [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes
                if not n["ignored"]]

    def close(self):
        try:
            self.session = None
            self.ask("Browser.close")
        except (RuntimeError, BrokenPipeError):
            pass
        self.process.wait()
        self.profile.cleanup()
