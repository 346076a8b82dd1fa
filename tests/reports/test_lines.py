"""Lines: where a Chinese page breaks them, read from the printed pages."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pytest

from revisit.reports.orders import Order
from revisit.reports.pages import draw_pages
from revisit.reports.pdf import write_pdf
from revisit.reports.report import make_report
from tests.reports.conftest import AT
from tests.reports.test_without_visits import part_of

# What no line begins with, and what none ends with.
CLOSING, OPENING = "，。、；：？！）」』”％%", "（「『“"


def lines(content: bytes) -> Iterator[str]:
    """Give the lines of all pages as they were set."""
    document = pypdfium2.PdfDocument(content)
    for page in document:
        yield from (line.strip() for line in page.get_textpage().get_text_range().splitlines() if line.strip())


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_no_line_begins_or_ends_with_what_it_must_not(
    order: Callable[..., Order], findings: dict[str, Any], language: str
) -> None:
    findings["commenters"] = {
        "commented": {"n": 48, "score": 61.0, "low": 54.0, "high": 68.0},
        "silent": {"n": 165, "score": 79.0, "low": 76.0, "high": 82.0},
        "difference": {"value": -18.0, "low": -26.0, "high": -10.0},
        "differ": True,
    }
    parts = [part_of(findings, "a"), part_of(findings, "b")]
    report = make_report(order(language, kind="network", parts=parts))
    printed = list(lines(write_pdf(draw_pages(report), moment=AT)))
    assert len(printed) > 100
    assert [line for line in printed if line[0] in CLOSING or line[-1] in OPENING] == []
    assert [line for line in printed if re.search(r"（n$|n =$|^= ?\d", line)] == []
