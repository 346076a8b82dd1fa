"""The preview's bench: from saving a survey to seeing it in Chromium, as its author does.

bench/preview.py [--saves 20]   prints the median and the slowest, in milliseconds
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from revisit.cli.preview import previewing
from revisit.flows.keeping.workspace import Plan, make_workspace, station
from revisit.flows.publishing.preview import Preview
from revisit.settings import load

LISTENING = "new Promise(done => source.readyState === 1 ? done() : source.addEventListener('open', done))"
LOOKING = """words => { window.seen = new Promise(done => {
    const started = performance.now();
    const look = () => {
        const title = document.querySelector("iframe").contentDocument.querySelector("h1");
        title && title.textContent === words ? done(performance.now() - started) : setTimeout(look, 5);
    };
    look();
}); }"""


def measure(page: Page, source: Path, saves: int) -> list[float]:
    """Save a new title again and again; gives the milliseconds until it stands on the page."""
    text, found = source.read_text("utf-8"), []
    for number in range(saves):
        title = f"Title {number}"
        page.evaluate(LOOKING, title)
        source.write_text(text.replace("title: How was your repair?", f"title: {title}"), encoding="utf-8")
        found.append(float(page.evaluate("window.seen")))
    return found


def main() -> None:
    """Open the preview of a new workspace and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saves", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-preview-") as name, sync_playwright() as playwright:
        root = Path(name) / "house"
        make_workspace(root, Plan("Example Motors", "UTC", (station("lakeside=Lakeside Station"),)))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with previewing(Preview(load(root)), 0) as address:
            page = browser.new_page()
            page.goto(f"{address}/?survey=repair&language=en&width=phone")
            page.evaluate(LISTENING)
            found = measure(page, root / "surveys" / "repair.md", given.saves)
        browser.close()
    print(f"{given.saves} saves: median {statistics.median(found):.0f} ms, slowest {max(found):.0f} ms")


if __name__ == "__main__":
    main()
