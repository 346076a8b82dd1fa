"""Where a line of text ends on a terminal."""

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from revisit.cli.lines import NO_END, NO_START, pieces, say, wrapped


def test_it_breaks_between_words_and_indents_what_follows() -> None:
    paper = io.StringIO()
    say(Console(file=paper, width=24), "Quality fell from 84 to 78 (n = 212).", mark="- ")
    assert paper.getvalue() == "- Quality fell from 84\n  to 78 (n = 212).\n"


@pytest.mark.parametrize("width", range(30, 60))
def test_it_never_breaks_a_short_bracket_or_a_range(width: int) -> None:
    text = "质量与总体满意度关系密切，评分又低于各维度的平均：72，很可能是72～73（n = 2,568）。请从这里着手。"
    lines = wrapped(text, width)
    assert "".join(lines) == text
    assert any("72～73" in line for line in lines)
    assert any("（n = 2,568）。" in line for line in lines)
    assert all(cell_len(line) <= width for line in lines)
    assert not any(line[0] in NO_START or line[-1] in NO_END for line in lines)


def test_a_long_bracket_may_be_broken() -> None:
    text = "Visits (those that were due, were tried and were answered by nobody at all) are left out."
    assert all(len(line) <= 40 for line in wrapped(text, 40))


def test_what_is_longer_than_a_line_stays_whole() -> None:
    assert wrapped("see https://visit.example.com/desk/reports now", 20) == [
        *("see", "https://visit.example.com/desk/reports", "now")
    ]


def test_words_in_square_brackets_are_no_commands_to_the_terminal() -> None:
    paper = io.StringIO()
    say(Console(file=paper, width=80), "[red]Lakeside[/red] [1] rose.")
    assert paper.getvalue() == "[red]Lakeside[/red] [1] rose.\n"


@given(st.text(alphabet="ab 1（）(), 。，质量～%“”", max_size=80), st.integers(8, 40))
def test_it_loses_nothing_but_spaces(text: str, width: int) -> None:
    assert "".join("".join(wrapped(text, width)).split()) == "".join(text.split())
    assert "".join(pieces(text)) == text
    assert not any(left[-1] in NO_END or right[0] in NO_START for left, right in pairwise(pieces(text)))
