"""Documents that can fail: links lead somewhere, every command and setting is named, and the README's commands run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from revisit.cli import COMMANDS, main
from revisit.settings import KNOWN, load

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)$", re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def documents() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_it_links_only_to_files_that_are_there() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in documents()
        for target in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8")))
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]
    assert broken == []


def test_it_shows_the_way_to_every_document() -> None:
    for folder, pattern in ((ROOT / "docs", "*.*"), (ROOT / "docs" / "decisions", "*.md")):
        text = (folder / "README.md").read_text(encoding="utf-8")
        lost = [path.name for path in sorted(folder.glob(pattern)) if f"({path.name})" not in text]
        assert [name for name in lost if name != "README.md"] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_it_names_every_command(name: str) -> None:
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    command = main.get_command(click.Context(main), name)
    wanted = [f"{name} {inner}" for inner in command.commands] if isinstance(command, click.Group) else [name]
    for words in wanted:
        assert re.search(rf"`(?:revisit )?{words}\b", text), words


@pytest.mark.parametrize("path", ["revisit.toml", "site_templates/workspace/revisit.toml"])
def test_it_explains_every_setting_where_it_is_written(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    missing = [
        f"{section or 'top'}: {name}"
        for section, names in KNOWN.items()
        for name in names
        if not re.search(rf"\b{name}\b", text)
    ]
    assert missing == []


def test_it_names_every_variable_of_the_environment() -> None:
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "revisit").rglob("*.py")))
    assert {name for name in re.findall(r"\bREVISIT_[A-Z_]*[A-Z]\b", code) if f"`{name}`" not in text} == set()


def test_it_has_settings_for_this_repository_that_can_be_read() -> None:
    settings = load(ROOT, {})
    assert [unit.id for unit in settings.organisation.units] == ["demo", "lakeside", "harbour", "northgate", "airport"]
    assert all({"zh-Hans", "zh-Hant"} <= set(unit.names) for unit in settings.organisation.units)


def test_it_gives_commands_in_the_readme_that_run(tmp_path: Path) -> None:
    blocks = CONSOLE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    lines = [line for block in blocks for line in COMMAND.findall(block)]
    assert len(lines) > 8
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}/usr/bin:/bin",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
    }
    ran = subprocess.run(
        ["bash", "-ex"],
        input="\n".join(lines),
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert list((tmp_path / "shop" / "build" / "reports").glob("*.pdf"))


def test_it_names_the_two_commands_first() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    first = text.split("```")[1]
    assert [line.split()[0] for line in first.splitlines()[1:]] == ["script/demo", "script/test"]
    for name in ("demo", "test", "bootstrap"):
        assert os.access(ROOT / "script" / name, os.X_OK)
