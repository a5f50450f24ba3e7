"""What tests need to drive a page in Debian's Chromium, and what must hold for every page there is."""

import importlib.util
import shutil
from contextlib import contextmanager
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = [
    name
    for name, there in (
        ("chromium", CHROMIUM),
        ("playwright", importlib.util.find_spec("playwright")),
        ("axe-playwright-python", importlib.util.find_spec("axe_playwright_python")),
    )
    if not there
]
"""What is not installed; without it nothing is proved of the page in a browser."""

TEXTS = """() => {
  const seen = (element) => element.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true});
  const clipped = (rectangle, element) => {
    let {left, top, right, bottom} = rectangle;
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.overflowX === "visible" && style.clipPath === "none") continue;
      const inside = box.getBoundingClientRect();
      [left, top] = [Math.max(left, inside.left), Math.max(top, inside.top)];
      [right, bottom] = [Math.min(right, inside.right), Math.min(bottom, inside.bottom)];
    }
    return {left, top, right, bottom};
  };
  const floats = (element) => {
    for (let box = element; box; box = box.parentElement) {
      if (["sticky", "fixed"].includes(getComputedStyle(box).position)) return true;
    }
    return false;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    if (!seen(element) || floats(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const line of range.getClientRects()) {
      const {left, top, right, bottom} = clipped(line, element);
      // a line's box is higher than its letters
      const text = walker.currentNode.data.trim().slice(0, 40);
      if (right - left > 2 && bottom - top > 5) found.push([left, top + 2, right, bottom - 2, text]);
    }
  }
  return found;
}"""
"""Every visible line of text that does not float, as left, top, right, bottom and its beginning."""

DRAWN = """async () => {
  const found = [];
  for (const image of document.querySelectorAll('img[src^="data:image/svg+xml,"]')) {
    const source = decodeURIComponent(image.src.slice(19));
    const svg = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
    const frame = document.createElement("div");
    document.body.append(frame);
    frame.attachShadow({mode: "open"}).append(svg);
    const texts = [...svg.querySelectorAll("text")].map((text) => {
      const {left, top, right, bottom} = text.getBoundingClientRect();
      return [left, top + 2.5, right, bottom - 2.5, text.textContent];
    });
    const {left, top, right, bottom} = svg.getBoundingClientRect();
    found.push([image.alt.slice(0, 60), [left, top, right, bottom], texts]);
    frame.remove();
  }
  return found;
}"""
"""The texts inside every drawing, in its own size."""


def overlaps(boxes: list) -> list[tuple[str, str]]:
    """Pairs of texts that share more than a pixel in both directions."""
    found, active = [], []
    for box in sorted(boxes, key=lambda box: box[1]):
        active = [other for other in active if other[3] > box[1] + 1]
        found += [
            (other[4], box[4])
            for other in active
            if min(other[2], box[2]) - max(other[0], box[0]) > 1 and min(other[3], box[3]) - box[1] > 1
        ]
        active.append(box)
    return found


@contextmanager
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@contextmanager
def opened(chromium, path: Path, **options):
    """A page that must say nothing on its console, raise nothing and ask for nothing."""
    context = chromium.new_context(
        **{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **options}
    )
    page, wrong = context.new_page(), []
    page.on("console", lambda message: wrong.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: request.url.startswith(("file:", "data:")) or wrong.append(f"request: {request.url}"),
    )
    page.goto(path.as_uri())
    yield page
    context.close()
    assert wrong == []


def axe_violations(page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong with a page: each rule with the first three elements that break it."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(item["id"], [node["html"][:120] for node in item["nodes"]][:3]) for item in found]


def ground(page) -> str:
    """The colour that a page lies on."""
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def open_all(page, but: str = ":not(.pick)") -> None:
    """Open everything that folds, but the menus of the filters."""
    page.evaluate(f"document.querySelectorAll('details{but}').forEach(item => {{ item.open = true; }})")
