"""Lighthouse 12 on the forms as the collector serves them: accessibility, best practices, performance at least 95."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.test_barriers import addresses
from tests.browser.world import LANGUAGES, SURVEYS, Shop

pytestmark = [pytest.mark.browser, pytest.mark.full]

LIGHTHOUSE = Path(__file__).parents[2] / ".venv" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("accessibility", "best-practices", "performance")
LEAST = 95
MISSING = "Node or Lighthouse is missing. script/bootstrap --full installs both."


@pytest.fixture(scope="module")
def node() -> str:
    """Give the program; where it is missing the test is left out, but not by script/test --full."""
    found = shutil.which("node")
    if found is None or not LIGHTHOUSE.is_file():
        (pytest.fail if "REVISIT_FULL_TESTS" in os.environ else pytest.skip)(MISSING)
    return str(found)


def scores(node: str, address: str, folder: Path) -> dict[str, int]:
    """Run Lighthouse as it comes, which is a slow phone on slow 4G; gives the scores, 0 to 100."""
    report = folder / "report.json"
    command = [
        *(node, str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--output-path={report}"),
        f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-background-networking",
    ]
    environment = {**os.environ, "CHROME_PATH": "/usr/bin/chromium", "HOME": str(folder)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=180)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(report.read_text("utf-8"))["categories"]
    return {name: round(100 * found[name]["score"]) for name in CATEGORIES}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("survey", SURVEYS)
def test_it_scores_95_at_least(shop: Shop, node: str, survey: str, language: str, tmp_path: Path) -> None:
    found = scores(node, addresses(shop, survey, language)[0], tmp_path)
    assert min(found.values()) >= LEAST, found
