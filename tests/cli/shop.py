"""A built workspace of the repository's own settings and surveys, driven as from a terminal."""

import shutil
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from revisit.cli import main
from revisit.settings import new_keys, write_keys

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-11-21T04:00:00+00:00"  # noon in Shanghai, the day after the example orders were closed

Run = Callable[..., Result]


def open_shop(folder: Path) -> Run:
    """Make the workspace and give what runs a command in it; ``code`` is the exit code it must have."""
    shutil.copy(ROOT / "revisit.toml", folder)
    shutil.copytree(ROOT / "surveys", folder / "surveys")
    shutil.copytree(ROOT / "examples", folder / "examples")
    write_keys(folder / "keys.toml", new_keys())

    def run(*words: str, code: int = 0, now: str = NOW) -> Result:
        outcome = CliRunner().invoke(main, ["-C", str(folder), *words], env={"REVISIT_NOW": now})
        assert outcome.exit_code == code, outcome.output
        return outcome

    run("build")
    return run
