"""Opens what `seamline analyze` writes in a browser, and asks the browser whether a reader can read it.

    python tests/oracles/page.py path/to/seamline folder/of/tools [PROJECT..]

The folder holds `mermaid.min.js`. Without a PROJECT, the fixture projects are taken. Chromium shows `index.html` on a desk
and on a phone, `architecture.svg` and `services/*.svg` by themselves; Mermaid draws each `*.mmd`. Prints what does not hold
and fails:

    a script's error; a link within the page that leads nowhere; a page wider than the window;
    a text of a diagram that leaves its box, or lies on another; a filter of the ledger that keeps the wrong rows;
    a diagram that Mermaid refuses.
"""

import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
TOOLS = pathlib.Path(sys.argv[2]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
PROJECTS = [pathlib.Path(it) for it in sys.argv[3:]] or sorted((ROOT / "fixtures" / "projects").iterdir())
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)
DESK, PHONE = (1400, 900), (390, 844)

LISTEN = """<script>
const problems = [];
addEventListener("error", it => problems.push("script: " + it.message));
addEventListener("unhandledrejection", it => problems.push("script: " + it.reason));
const tell = () => {
  const out = document.createElement("pre");
  out.id = "told";
  out.textContent = JSON.stringify(problems);
  document.documentElement.append(out);
};
</script>
"""

# Boxes are compared on the screen, so that no transform has to be followed. A text belongs to the smallest rectangle that it
# begins in; half a pixel is what fonts differ by.
DIAGRAMS = """
for (const svg of document.querySelectorAll("svg")) {
  const texts = [...svg.querySelectorAll("text")].filter(it => it.textContent.trim());
  const rects = [...svg.querySelectorAll("rect")].map(it => it.getBoundingClientRect());
  const whole = svg.getBoundingClientRect();
  const scale = svg.viewBox.baseVal && svg.viewBox.baseVal.width ? whole.width / svg.viewBox.baseVal.width : 1;
  const boxes = texts.map(it => it.getBoundingClientRect());
  boxes.forEach((box, at) => {
    const name = texts[at].textContent.trim();
    const y = (box.top + box.bottom) / 2, x = box.left + Math.min(1, box.width / 2);
    const around = rects.filter(it => it.left <= x && x <= it.right && it.top <= y && y <= it.bottom && it.width > 8 * scale)
      .sort((a, b) => a.width * a.height - b.width * b.height)[0] || whole;
    if (box.right > around.right + 0.5 || box.right > whole.right + 0.5)
      problems.push(`diagram: '${name}' leaves its box by ${Math.ceil((box.right - around.right) / scale)}`);
    for (let other = at + 1; other < boxes.length; other++) {
      const b = boxes[other];
      const wide = Math.min(box.right, b.right) - Math.max(box.left, b.left);
      const high = Math.min(box.bottom, b.bottom) - Math.max(box.top, b.top);
      if (wide > 2 * scale && high > 4 * scale)
        problems.push(`diagram: '${name}' lies on '${texts[other].textContent.trim()}'`);
    }
  });
}
"""

PAGE = """
const page = document.scrollingElement;
if (page.scrollWidth > page.clientWidth) {
  const wide = [...document.body.querySelectorAll("*")].find(it => it.getBoundingClientRect().right > page.clientWidth + 1);
  problems.push(`page: ${page.scrollWidth} wide in a window of ${page.clientWidth}, from <${wide && wide.tagName} class="${wide && wide.className}">`);
}
for (const link of document.querySelectorAll('a[href^="#"]'))
  if (!document.getElementById(decodeURIComponent(link.hash.slice(1)))) problems.push("page: no " + link.hash);
const table = document.getElementById("ledger-table");
if (table) {
  const rows = [...table.tBodies[0].rows], words = document.getElementById("ledger-words");
  const word = rows[0].cells[0].textContent.trim().toLowerCase();
  words.value = word;
  words.dispatchEvent(new Event("input"));
  const wrong = rows.filter(it => it.hidden === it.textContent.toLowerCase().includes(word));
  if (wrong.length) problems.push(`ledger: '${word}' keeps the wrong ${wrong.length} rows`);
  words.value = "";
  words.dispatchEvent(new Event("input"));
  if (rows.some(it => it.hidden)) problems.push("ledger: rows stay hidden");
}
"""

MERMAID = """
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
(async () => {
  for (const [name, text] of diagrams) {
    try {
      const { svg } = await mermaid.render("d" + diagrams.findIndex(it => it[0] === name), text);
      if (!svg.includes("<svg")) problems.push(name + ": nothing drawn");
    } catch (error) {
      problems.push(name + ": " + error.message);
    }
  }
  tell();
})();
"""


def told(page, size):
    """What the page told of itself in a window of this size."""
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=120000",
               "--allow-file-access-from-files", f"--window-size={size[0]},{size[1]}", "--dump-dom", page.as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=300).stdout
    found = re.search(r'<pre id="told">(.*?)</pre>', dom, re.S)
    return json.loads(html.unescape(found[1])) if found else ["the page told nothing"]


def with_scripts(text, script):
    """The page, listening before its own scripts run and looking once they have."""
    return text.replace("<head>", "<head>" + LISTEN, 1).replace("</body>", f"<script>{script}</script></body>", 1)


def looked_at(report, scratch):
    """(what was looked at, problem) of one report."""
    found = []
    page = (report / "index.html").read_text()
    if "<head>" not in page or "</body>" not in page:
        return [("index.html", "it has no head or no body")]
    for size in (DESK, PHONE):
        # On a phone the diagram is scaled down to letters of a few pixels, whose boxes say nothing.
        scratch.write_text(with_scripts(page, PAGE + (DIAGRAMS if size == DESK else "") + "tell();"))
        found += [(f"index.html at {size[0]}", it) for it in told(scratch, size)]
    for picture in [report / "architecture.svg", *sorted(report.glob("services/*.svg"))]:
        alone = f"<!doctype html><html><head></head><body>{picture.read_text()}</body></html>"
        scratch.write_text(with_scripts(alone, DIAGRAMS + "tell();"))
        found += [(str(picture.relative_to(report)), it) for it in told(scratch, DESK)]
    diagrams = [(str(it.relative_to(report)), it.read_text()) for it in sorted(report.rglob("*.mmd"))]
    frame = f'<!doctype html><html><head></head><body><script src="{(TOOLS / "mermaid.min.js").as_uri()}"></script></body></html>'
    data = json.dumps(diagrams).replace("</", "<\\/")
    scratch.write_text(with_scripts(frame, f"const diagrams = {data};{MERMAID}"))
    return found + [("mermaid", it) for it in told(scratch, DESK)]


def main():
    if BROWSER is None:
        sys.exit("page.py: no Chromium; install it with: apt-get install chromium-headless-shell")
    bad = 0
    for project in PROJECTS:
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder) / "report"
            subprocess.run([PROGRAM, "analyze", project, "--no-cache", "--out", report], check=True, capture_output=True)
            problems = looked_at(report, pathlib.Path(folder) / "page.html")
            count = len(list(report.rglob("*.svg"))), len(list(report.rglob("*.mmd")))
        print(f"{project.name}: index.html, {count[0]} SVG, {count[1]} Mermaid: {len(problems)} problems")
        for where, it in problems:
            print(f"  {where}: {it}")
        bad += len(problems)
    sys.exit(1 if bad else 0)


main()
