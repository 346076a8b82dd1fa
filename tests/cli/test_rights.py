"""Every command where a file or folder of the workspace may not be used: a sentence, an exit code, no traceback."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from revisit.flows.keeping.workspace import Plan, make_workspace
from revisit.flows.publishing.publish import publish
from revisit.settings import Workspace, load
from revisit.store import open_store
from tests.cli.shop import ROOT
from tests.store.cast import NOW, answer, batch, entry, invite

Said = list[tuple[int, str, str]]

COMMANDS = (
    "tick",
    "doctor",
    "findings --period 2026-Q3",
    "export responses -o out.csv",
    "orders import orders.csv",
    "orders batches",
    "visits plan",
    "visits due",
    "visits send",
    "posters add",
    "responses import orders.csv",
    "users add mona",
    "users list",
    "check",
    "build",
    "backup out.tar.gz",
    "keys rotate links",
    "webserver nginx",
)


def _file(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.write_text("", encoding="utf-8")


def _read_only(folder: Path) -> None:
    for path in (folder, *(inside for inside in folder.rglob("*") if inside.is_dir())):
        path.chmod(0o500)


# What is done to the workspace, and what a timer that needs it must be told.
HARMS: dict[str, tuple[Callable[[Path], object], str]] = {
    "data is read-only": (lambda root: _read_only(root / "data"), "cannot be written"),
    "data is shut": (lambda root: (root / "data").chmod(0), "chmod -R u+rwX"),
    "data is a file": (lambda root: _file(root / "data"), "is a file, and a folder belongs there"),
    "orders are shut": (lambda root: (root / "data" / "orders").chmod(0), "chmod -R u+rwX"),
    "reports is a file": (lambda root: _file(root / "data" / "reports"), ""),
    "the outbox is a file": (lambda root: _file(root / "data" / "outbox"), ""),
    "keys are shut": (lambda root: (root / "keys.toml").chmod(0), "chmod u+rw"),
    "settings are shut": (lambda root: (root / "revisit.toml").chmod(0), "chmod u+rw"),
    "surveys are shut": (lambda root: (root / "surveys").chmod(0), ""),
    "build is a file": (lambda root: _file(root / "build"), ""),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("rights") / "shop"
    make_workspace(root, Plan("Example Motors", "UTC"))
    publish(load(root, {}))
    with closing(open_store(Workspace(root))) as store:
        one, waiting = entry("RO-1"), entry("RO-2")
        store.add_orders(batch(), [one, waiting])
        store.record(answer(invite(store, one.visit)))
        store.upkeep(NOW)
    with (root / "revisit.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[reports]\nweekly = ["weekly"]\n')
    return root


def deprived(root: Path, commands: tuple[str, ...]) -> Said:
    """Run commands without the right of root to read and write what its mode forbids."""
    shell = [] if os.geteuid() else ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    jobs = json.dumps([(str(root), words.split()) for words in commands])
    command = [*shell, sys.executable, "-m", "tests.cli.deprived", jobs]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "REVISIT_NOW": (NOW + timedelta(days=3)).isoformat()}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root.parent, env=environ)
    return [(code, said, broke) for code, said, broke in json.loads(done.stdout)]


@pytest.fixture
def harmed(shop: Path, tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "shop"
    shutil.copytree(shop, root)
    row = "X1,2026-11-01,Sample Customer,+86 130 0000 0001"
    (tmp_path / "orders.csv").write_text(f"order number,closed on,customer name,mobile\n{row}\n", encoding="utf-8")
    yield root
    for folder, inside, _files in os.walk(root):  # so that pytest, who may not be root, can tidy up
        for name in inside:
            (Path(folder) / name).chmod(0o700)


# Each of the others takes some seconds and goes the same ways.
ALWAYS = {"data is read-only", "data is shut", "keys are shut"}


@pytest.mark.parametrize(
    "harm", [pytest.param(one, marks=[] if one in ALWAYS else [pytest.mark.full]) for one in HARMS]
)
def test_it_is_told_in_a_sentence(harmed: Path, harm: str) -> None:
    do, told = HARMS[harm]
    do(harmed)
    outcomes = dict(zip(COMMANDS, deprived(harmed, COMMANDS), strict=True))
    broken = {words: outcome for words, outcome in outcomes.items() if outcome[2] or outcome[0] not in (0, 1, 2)}
    assert not broken
    silent = {words for words, (code, said, _) in outcomes.items() if code and not said.strip()}
    assert not silent
    code, said, _ = outcomes["tick"]
    assert told in said
    assert bool(code) == bool(told)
    assert outcomes["doctor"][0] == 1
