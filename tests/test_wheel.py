"""The wheel in an empty environment: nothing of the checkout, nothing but the packages it asks for."""

import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, words)), cwd=cwd, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"}
    )


def needed(name: str, seen: set[str]) -> Iterator[Distribution]:
    """Give the packages that a package asks for without its extras, and theirs in turn."""
    for line in distribution(name).requires or []:
        wanted = Requirement(line)
        key = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if key not in seen and (wanted.marker is None or wanted.marker.evaluate({"extra": ""})):
            seen.add(key)
            yield distribution(wanted.name)
            yield from needed(wanted.name, seen)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    built = run(*pip, "-w", folder, ROOT, cwd=folder)
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def revisit(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel where only what it asks for is to be had; gives its command."""
    home = tmp_path_factory.mktemp("empty") / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    packages = next(home.glob("lib/python*/site-packages"))
    for held in needed("revisit-surveys", {"revisit-surveys"}):
        tops = {file.parts[0] for file in held.files or [] if file.parts[0] not in {"..", "__pycache__"}}
        for top in tops:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(str(held.locate_file(top))))
    pip = (sys.executable, "-m", "pip", "--python", home / "bin" / "python", "install")
    installed = run(*pip, "--quiet", "--no-deps", "--no-index", wheel, cwd=home)
    assert installed.returncode == 0, installed.stderr
    return home / "bin" / "revisit"


def test_it_carries_both_packages_the_defaults_and_the_words(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "revisit/py.typed",
        "collector/app.py",
        "revisit/defaults/surveys/repair.md",
        "revisit/defaults/surveys/repair.zh-Hant.md",
        "revisit/defaults/examples/surveys/lost.zh-Hans.md",
        "revisit/defaults/site_templates/workspace/revisit.toml",
        "revisit/texts/locale/zh_Hans/LC_MESSAGES/form.mo",
    ):
        assert wanted in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert [name for name in names if name.startswith(("tests/", "data/", "build/", "keys"))] == []


def test_it_makes_checks_and_builds_a_workspace(revisit: Path, tmp_path: Path) -> None:
    made = run(revisit, "init", "shop", "--timezone", "Asia/Shanghai", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    checked = run(revisit, "check", cwd=tmp_path / "shop")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    built = run(revisit, "build", cwd=tmp_path / "shop")
    assert built.returncode == 0, built.stdout + built.stderr
    pages = tmp_path / "shop" / "build" / "site" / "s" / "repair"
    assert {page.relative_to(pages).parts[0] for page in pages.rglob("index.html")} == {"en", "zh-Hans", "zh-Hant"}


def test_it_gives_every_shipped_survey_without_a_warning(revisit: Path, tmp_path: Path) -> None:
    assert run(revisit, "init", "shop", "--timezone", "Asia/Shanghai", cwd=tmp_path).returncode == 0
    shop = tmp_path / "shop"
    names = ("warranty", "yearly", "lost", "commissioning", "complaint")
    added = run(revisit, "surveys", "add", *names, cwd=shop)
    assert added.returncode == 0, added.stderr
    checked = run(revisit, "check", cwd=shop)
    assert checked.returncode == 0, checked.stdout
    lines = checked.stdout.splitlines()
    assert {line.partition(":")[0] for line in lines} == {f"surveys/{n}.md" for n in ("repair", "repair-full", *names)}
    assert all(line.endswith("to answer, in en, zh-Hans, zh-Hant") for line in lines)


def test_it_explains_itself_without_the_tools_of_development(revisit: Path, tmp_path: Path) -> None:
    helped = run(revisit, "--help", cwd=tmp_path)
    assert (helped.returncode, helped.stderr) == (0, "")
    assert "doctor" in helped.stdout
