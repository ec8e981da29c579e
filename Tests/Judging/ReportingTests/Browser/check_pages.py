"""Opens the HTML pages of a folder in headless Chromium and checks what a reader would notice.

Run: check_pages.py CHROMIUM FOLDER [--screenshots FOLDER]

Each page is opened on a wide and on a narrow screen, light and dark. Checked are: no message on the console, nothing asked of the
network, no sideways scrolling of the page, legible contrast of every text, decoded images, headings that sort their table, and links
that open what they lead to. Prints one line for each complaint; the exit code is 1 if there is any. Needs only the standard library:
the browser is driven over the two pipes of --remote-debugging-pipe.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SCREENS = [(1280, 900, False), (390, 844, True)]

CONTRAST = """(() => {
  const channel = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const luminance = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      if (e.tagName === 'text' && e.classList.contains('tileLabel')) {
        // The tile stands right before its number.
        const style = getComputedStyle(e.previousElementSibling), share = Number(style.fillOpacity);
        const [top, bottom] = [parse(style.fill), behind(e.parentElement)];
        return bottom.map((v, i) => v + (top[i] - v) * share);
      }
      if (e.tagName === 'svg') { const r = e.querySelector('.background'); if (r) return parse(getComputedStyle(r).fill); }
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0.99) return c;
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || ['SCRIPT', 'STYLE', 'title', 'desc'].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const [a, b] = [luminance(parse(element instanceof SVGElement ? style.fill : style.color)), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.add(`${element.tagName}.${element.getAttribute('class') || ''} ${ratio.toFixed(2)}`);
  }
  return [...poor];
})()"""

OVERFLOW = """(() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')].filter(e => {
    if (e.getBoundingClientRect().right <= width + 1) return false;
    for (let p = e.parentElement; p; p = p.parentElement) {
      if (/auto|scroll|hidden/.test(getComputedStyle(p).overflowX) && p !== document.body) return false;
    }
    return true;
  }).slice(0, 3).map(e => e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + e.textContent.trim().slice(0, 40));
})()"""

IMAGES = """(async () => {
  const images = [...document.images];
  await Promise.allSettled(images.map(i => i.decode()));
  return images.filter(i => !i.complete || !i.naturalWidth || !i.alt).map(i => i.alt || 'an image without a description');
})()"""

# Sorts every column of every table up and down and looks at the order; rows without a name must follow the one they belong to.
SORTING = """(() => {
  const wrong = [];
  const key = cell => {
    const text = cell.textContent.trim().replace(/\\u2212/g, '-').replace(/^< /, '');
    const number = parseFloat(text);
    return isNaN(number) ? text : number;
  };
  const inOrder = (a, b) => typeof a !== typeof b ? typeof a === 'number' : typeof a === 'number' ? a <= b : a.localeCompare(b) <= 0;
  document.querySelectorAll('table.sortable').forEach((table, number) => {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const before = [...table.tBodies[0].rows];
      const named = () => [...table.tBodies[0].rows].filter(row => row.className !== 'more');
      const keys = () => named().map(row => key(row.cells[column]));
      const following = row => { const more = []; while ((row = row.nextElementSibling) && row.className === 'more') more.push(row); return more; };
      const owned = new Map(named().map(row => [row, following(row)]));
      for (const direction of ['ascending', 'descending']) {
        head.click();
        let values = keys();
        if (direction === 'descending') values.reverse();
        const isSorted = values.every((v, i) => i === 0 || inOrder(values[i - 1], v));
        const isSame = new Set(before).size === new Set([...before, ...table.tBodies[0].rows]).size
          && named().every(row => following(row).join() === owned.get(row).join() && following(row).every((r, i) => r === owned.get(row)[i]));
        if (!isSorted || !isSame || head.getAttribute('aria-sort') !== direction) {
          wrong.push(`table ${number + 1}, column ${head.textContent.trim()}, ${direction}`);
        }
      }
    });
  });
  return {wrong, count: document.querySelectorAll('table.sortable').length};
})()"""

# A number's link must open the folded list that its target stands in.
LINKS = """(() => {
  const wrong = [];
  for (const link of [...document.querySelectorAll("a[href^='#']")].slice(0, 400)) {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) { wrong.push(link.hash + ' leads nowhere'); continue; }
    link.click();
    if (target.getClientRects().length === 0) wrong.push(link.hash + ' stays folded');
  }
  document.querySelectorAll('details').forEach(d => { d.open = false; });
  history.replaceState(null, '', location.pathname);
  scrollTo(0, 0);
  return wrong;
})()"""


class Browser:
    """A headless Chromium with one page."""

    def __init__(self, program, profile):
        reading, to_browser = os.pipe()
        from_browser, writing = os.pipe()
        arguments = [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-ipc-flooding-protection", "--hide-scrollbars", f"--user-data-dir={profile}", "--remote-debugging-pipe",
            "about:blank",
        ]

        def pipes():
            os.dup2(reading, 13)
            os.dup2(writing, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)

        self.process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=pipes,
            close_fds=False)
        os.close(reading)
        os.close(writing)
        self.input, self.output = to_browser, from_browser
        self.buffer, self.number, self.events = b"", 0, []
        target = self.send("Target.createTarget", {"url": "about:blank"}, session=None)["targetId"]
        self.session = None
        self.session = self.send("Target.attachToTarget", {"targetId": target, "flatten": True}, session=None)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.send(f"{domain}.enable")

    def message(self):
        while b"\0" not in self.buffer:
            part = os.read(self.output, 1 << 20)
            if not part:
                raise SystemExit("the browser ended early")
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def send(self, method, parameters=None, session=True):
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters or {}}
        if session:
            command["sessionId"] = self.session
        os.write(self.input, json.dumps(command).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    raise SystemExit(f"{method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message)

    def open(self, url):
        self.events.clear()
        self.send("Page.navigate", {"url": url})
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(self.message())

    def evaluate(self, script):
        answer = self.send(
            "Runtime.evaluate", {"expression": script, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in answer:
            raise SystemExit(f"a check failed to run: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def complaints(self):
        """What the page wrote to the console or asked of the network."""
        for event in self.events:
            values = event.get("params", {})
            if event.get("method") == "Runtime.consoleAPICalled":
                yield "console: " + " ".join(str(a.get("value", a.get("description"))) for a in values["args"])
            elif event.get("method") == "Runtime.exceptionThrown":
                yield "console: " + values["exceptionDetails"]["text"]
            elif event.get("method") == "Log.entryAdded":
                yield "console: " + values["entry"]["text"]
            elif event.get("method") == "Network.requestWillBeSent":
                address = values["request"]["url"]
                if not address.startswith(("data:", "file:")):
                    yield "network: " + address
                elif address.startswith("file:") and values.get("type") != "Document":
                    yield "another file: " + address

    def close(self):
        os.close(self.input)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def check(browser, page, shots):
    found = []
    for width, height, is_mobile in SCREENS:
        browser.send(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_mobile})
        for scheme in ["light", "dark"]:
            browser.send(
                "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
            browser.open(page.resolve().as_uri())
            place = f"{page.name} at {width} px, {scheme}"
            found += [f"{place}: image not decoded: {name}" for name in browser.evaluate(IMAGES)]
            found += [f"{place}: wider than the screen: {name}" for name in browser.evaluate(OVERFLOW)]
            found += [f"{place}: low contrast: {name}" for name in browser.evaluate(CONTRAST)]
            if shots:
                size = browser.send("Page.getLayoutMetrics")["cssContentSize"]
                picture = browser.send(
                    "Page.captureScreenshot",
                    {"captureBeyondViewport": True,
                     "clip": {"x": 0, "y": 0, "width": width, "height": min(size["height"], 9000), "scale": 1}})
                (shots / f"{page.stem}-{width}-{scheme}.png").write_bytes(base64.b64decode(picture["data"]))
            if scheme == "light":
                sorting = browser.evaluate(SORTING)
                found += [f"{place}: not sorted: {name}" for name in sorting["wrong"]]
                found += [f"{place}: {name}" for name in browser.evaluate(LINKS)]
            found += [f"{place}: {text}" for text in browser.complaints()]
    return found


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    shots = pathlib.Path(sys.argv[4]) if sys.argv[3:4] == ["--screenshots"] else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    pages = sorted(folder.glob("*.html"))
    if not pages:
        raise SystemExit(f"there is no page in {folder}")
    found = []
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(program, profile)
        try:
            for page in pages:
                found += check(browser, page, shots)
        finally:
            browser.close()
    for line in found:
        print(line)
    print(f"{len(pages)} pages, {len(found)} complaints")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
