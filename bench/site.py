"""The site's bench: surveys built, built again, and as many pages of the same words by MkDocs and Pelican, in one run.

bench/site.py [--pages 60 1000] [--rounds 3] [--tools FOLDER]

Prints a table with the median of the rounds, which take turns; a first one is not counted. The other two are set as
lean as they can be: no search, no feeds, no lists of pages, no menu, Pelican's plainest theme; up to a hundred pages
they are measured as they come, too. They are installed into ``--tools``, or into a folder that goes with the run.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OTHERS = ("mkdocs", "pelican[markdown]")
FRONT = """---
title: Survey {number}
language: en
privacy: {{who: Example Motors, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}}
---
"""
ASKED = tuple(f"How satisfied are you with part {number} of survey {{number}}?" for number in range(10))
ANSWERS = ("Very dissatisfied", "Dissatisfied", "Neither satisfied nor dissatisfied", "Satisfied", "Very satisfied")
MKDOCS = """site_name: Bench
plugins: []
nav: [index.md]
not_in_nav: "*"
"""
PELICAN = """THEME = "simple"
PAGE_PATHS = [""]
ARTICLE_PATHS = []
DIRECT_TEMPLATES = []
DISPLAY_PAGES_ON_MENU = False
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""
# Installed programs have their modules compiled; so have those of a checkout here, from the round that is not counted.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
MOST_AS_THEY_COME = 100  # pages; the menu on each of MkDocs' pages names all of them
Build = Callable[[], float]


def timed(command: list[str], folder: Path) -> float:
    """Run a command and give its seconds; its words are shown where it fails."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - began


def ours(folder: Path, pages: int) -> dict[str, Build]:
    """Write the surveys; gives the builds of all of them, of nothing, and of one that changed."""
    surveys = folder / "surveys"
    surveys.mkdir(parents=True)
    (folder / "revisit.toml").write_text('timezone = "Asia/Shanghai"\nlanguages = ["en"]\n', encoding="utf-8")
    for number in range(pages):
        asked = [
            f"### {words.format(number=number)} {{: #part_{place} .satisfaction dimension=quality }}\n"
            for place, words in enumerate(ASKED)
        ]
        text = FRONT.format(number=number) + "\n".join(asked)
        (surveys / f"survey-{number}.md").write_text(text, encoding="utf-8")
    command = [str(Path(sys.executable).with_name("revisit")), "-C", str(folder), "build"]

    def anew() -> float:
        for made in ("build", "data"):
            shutil.rmtree(folder / made, ignore_errors=True)
        return timed(command, ROOT)

    def changed() -> float:
        path = surveys / "survey-0.md"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("title: Survey", "title: Another survey", 1), encoding="utf-8")
        return timed(command, ROOT)

    return {
        "Revisit": anew,
        "Revisit again, nothing changed": lambda: timed(command, ROOT),
        "Revisit again, one survey changed": changed,
    }


def theirs(folder: Path, tools: Path, pages: int, lean: str = "lean") -> dict[str, Build]:
    """Write as many pages of the same questions and answers; gives the builds of MkDocs and of Pelican."""
    docs, content = folder / "docs", folder / "content"
    for made in (docs, content):
        made.mkdir(parents=True)
    answers = "".join(f"- {words}\n" for words in ANSWERS)
    for number in range(pages):
        text = "\n".join(f"### {words.format(number=number)}\n\n{answers}" for words in ASKED)
        name = "index" if number == 0 else f"page-{number}"
        (docs / f"{name}.md").write_text(f"# Survey {number}\n\n{text}", encoding="utf-8")
        head = f"Title: Survey {number}\nSlug: page-{number}\nDate: 2026-01-01\n\n"
        (content / f"page-{number}.md").write_text(head + text, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(MKDOCS if lean else "site_name: Bench\n", encoding="utf-8")
    plain = 'SITENAME = "Bench"\nTIMEZONE = "UTC"\n'
    (folder / "pelicanconf.py").write_text(plain + (PELICAN if lean else ""), encoding="utf-8")
    pelican = [str(tools / "bin" / "pelican"), "content", "-o", "out", "-s", "pelicanconf.py", "-q", "-d"]
    return {
        "MkDocs": lambda: timed([str(tools / "bin" / "mkdocs"), "build", "-q"], folder),
        "Pelican": lambda: timed(pelican, folder),
    }


def install(tools: Path) -> None:
    """Install the other two, unless they are there."""
    if not (tools / "bin" / "pelican").exists():
        venv.create(tools, with_pip=True)
        timed([str(tools / "bin" / "pip"), "install", "-q", *OTHERS], tools)


def measure(folder: Path, tools: Path, pages: int, rounds: int) -> None:
    """Build everything in turns and print a row for each."""
    builds = {**ours(folder / "ours", pages), **theirs(folder, tools, pages)}
    if pages <= MOST_AS_THEY_COME:
        builds |= {f"{name}, as it comes": build for name, build in theirs(folder / "full", tools, pages, "").items()}
    seconds: dict[str, list[float]] = {name: [] for name in builds}
    for turn in range(rounds + 1):
        for name, build in builds.items():
            taken = build()
            if turn > 0:
                seconds[name].append(taken)
    written = (len(list((folder / "site").rglob("*.html"))), len(list((folder / "out").rglob("*.html"))))
    if min(written) < pages:
        sys.exit(f"They made {written} pages and not {pages}.")
    for name, found in seconds.items():
        middle = statistics.median(found)
        spread = f"{min(found):.2f}–{max(found):.2f}"
        print(f"| {pages:,} | {name} | {middle:.2f} | {spread} | {middle / pages * 1000:.1f} |", flush=True)


def main() -> None:
    """Run all of it and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[60, 1000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tools", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-site-") as name:
        ENVIRONMENT["PYTHONPYCACHEPREFIX"] = str(Path(name) / "compiled")
        tools = (given.tools or Path(name) / "tools").resolve()
        install(tools)
        print("| pages | build | seconds | from – to | ms a page |\n|---|---|---|---|---|")
        for pages in given.pages:
            measure(Path(name) / str(pages), tools, pages, given.rounds)


if __name__ == "__main__":
    main()
