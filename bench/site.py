"""The site's bench: a thousand surveys built, built again after one change, and the same pages by MkDocs and Pelican.

bench/site.py [--pages 1000]   prints a table; the other two are installed into a throw-away folder for the run
"""

import argparse
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from rich.progress import track

ROOT = Path(__file__).resolve().parent.parent
OTHERS = ("mkdocs", "pelican[markdown]")
SURVEY = """---
title: Survey {number}
language: en
privacy: {{who: Example Motors, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}}
---
{questions}
"""
QUESTIONS = "\n".join(
    f"### How satisfied are you with part {number}? {{: #part_{number} .satisfaction na dimension=quality }}\n"
    for number in range(10)
)


def timed(command: list[str], folder: Path) -> float:
    """Run a command and give its seconds; its words are shown where it fails."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - began


def ours(folder: Path, pages: int) -> list[tuple[str, float, int]]:
    """Build the surveys, nothing, and one changed survey; gives what was built, the seconds and the pages written."""
    surveys = folder / "surveys"
    surveys.mkdir(parents=True)
    (folder / "revisit.toml").write_text('timezone = "Asia/Shanghai"\nlanguages = ["en"]\n', encoding="utf-8")
    for number in track(range(pages), "Writing surveys"):
        text = SURVEY.format(number=number, questions=QUESTIONS)
        (surveys / f"survey-{number}.md").write_text(text, encoding="utf-8")
    build = [str(Path(sys.executable).with_name("revisit")), "-C", str(folder), "build"]
    found = [("Revisit, all anew", timed(build, ROOT), pages), ("Revisit, nothing changed", timed(build, ROOT), 0)]
    changed = surveys / "survey-0.md"
    changed.write_text(changed.read_text(encoding="utf-8").replace("Survey 0", "Another title"), encoding="utf-8")
    return [*found, ("Revisit, one survey changed", timed(build, ROOT), 1)]


def theirs(folder: Path, pages: int) -> list[tuple[str, float, int]]:
    """Build as many Markdown pages of the same questions with MkDocs and with Pelican."""
    tools = folder / "tools"
    venv.create(tools, with_pip=True)
    timed([str(tools / "bin" / "pip"), "install", "-q", *OTHERS], folder)
    docs, content = folder / "docs", folder / "content"
    docs.mkdir()
    content.mkdir()
    for number in track(range(pages), "Writing pages"):
        text = QUESTIONS.replace("{:", "(").replace(" }", ")")
        name = "index" if number == 0 else f"page-{number}"
        (docs / f"{name}.md").write_text(f"# Survey {number}\n\n{text}", encoding="utf-8")
        head = f"Title: Survey {number}\nDate: 2026-01-01\nSlug: page-{number}\n\n"
        (content / f"page-{number}.md").write_text(head + text, encoding="utf-8")
    (folder / "mkdocs.yml").write_text("site_name: Bench\nplugins: []\n", encoding="utf-8")
    (folder / "pelicanconf.py").write_text("SITENAME = 'Bench'\nTIMEZONE = 'UTC'\n", encoding="utf-8")
    mkdocs = timed([str(tools / "bin" / "mkdocs"), "build", "-q"], folder)
    pelican = timed([str(tools / "bin" / "pelican"), "content", "-o", "out", "-s", "pelicanconf.py", "-q"], folder)
    return [("MkDocs", mkdocs, pages), ("Pelican", pelican, pages)]


def main() -> None:
    """Run all of it and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    pages = parser.parse_args().pages
    with tempfile.TemporaryDirectory(prefix="bench-site-") as name:
        rows = [*ours(Path(name) / "ours", pages), *theirs(Path(name), pages)]
    print("| build | seconds | pages written | ms a page of the site |\n|---|---|---|---|")
    for what, seconds, written in rows:
        print(f"| {what} | {seconds:.1f} | {written} | {seconds / pages * 1000:.1f} |")


if __name__ == "__main__":
    main()
