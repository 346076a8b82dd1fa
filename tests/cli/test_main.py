"""``revisit`` itself: its list of commands, and a command that is none."""

import pytest
from click.testing import CliRunner

from revisit.cli import COMMANDS, main


def test_it_lists_every_command_with_what_it_does() -> None:
    ran = CliRunner().invoke(main, ["--help"])
    assert ran.exit_code == 0
    lines = {line.split()[0]: line for line in ran.output.splitlines() if line.startswith("  ")}
    assert all(len(lines[name].split()) > 2 for name in COMMANDS)


@pytest.mark.parametrize(("typed", "meant"), [("chekc", "check"), ("ordes", "orders"), ("reprot", "report")])
def test_it_suggests_the_command_that_was_meant(typed: str, meant: str) -> None:
    ran = CliRunner().invoke(main, [typed])
    assert ran.exit_code == 2
    assert f"Did you mean: revisit {meant}" in ran.output
