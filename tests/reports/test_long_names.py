"""Long names of engineers, units and organisations: what makes room for them, in every language."""

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from revisit.records.survey import LANGUAGES
from revisit.reports.canvas import breadth
from revisit.reports.orders import Brand, Edition, Order
from revisit.reports.pages import draw_pages
from revisit.reports.pdf import write_pdf
from revisit.reports.report import make_report
from tests.reports.conftest import AT


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_foot_shortens_long_names_and_keeps_the_period(order: Callable[..., Order], language: str) -> None:
    long = "Example Technician Made-Up Example 示例技师示例技师示例技师 (Senior Diagnostics, High-Voltage Systems)"
    page = draw_pages(make_report(order(language, unit_name=long, brand=Brand("Example Motors of the Far North " * 3))))
    (foot,) = re.findall(r'@bottom-left \{[^}]*?"([^"]*)"', page)
    assert foot.count("…") == 2
    assert len(foot.split("   |   ")) == 3
    assert breadth(foot, 8) < 450
    (short,) = re.findall(r'@bottom-left \{[^}]*?"([^"]*)"', draw_pages(make_report(order(language, unit_name="Lake"))))
    assert "…" not in short


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["engineer", "weekly"])
def test_a_sheet_is_one_page_whatever_the_names_on_it(
    order: Callable[..., Order], findings: dict[str, Any], kind: str, language: str
) -> None:
    findings["sample"] = True
    findings["unit"]["path"] = "all/lake/li"
    long = "Example Technician 示例技师示例技师示例技师示例技师 (Senior Diagnostic Technician, High-Voltage Systems)"
    names = {"all/lake": "Example Outlet in the New Technology Zone"}
    made = make_report(order(language, kind=kind, unit_name=long, names=names, edition=Edition(2, "0" * 64)))
    with pikepdf.open(io.BytesIO(write_pdf(draw_pages(made), moment=AT))) as pdf:
        assert len(pdf.pages) == 1
