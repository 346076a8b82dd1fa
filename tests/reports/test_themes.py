"""The themes: shares of comments with interval and base, what stands out, and what no theme is known of."""

from collections.abc import Callable
from typing import Any

import pytest

from revisit.records.survey import LANGUAGES, THEMES
from revisit.reports.orders import Order
from revisit.reports.pages import draw_pages
from revisit.reports.report import make_report


def theme(name: str, n: int, low: float, high: float) -> dict[str, Any]:
    return {"theme": name, "n": n, "of": 80, "share": {"value": n / 80, "low": low, "high": high, "method": "wilson"}}


def rows() -> list[dict[str, Any]]:
    own = theme("parking", 6, 0.03, 0.15) | {"names": {"en": "Parking", "zh-Hans": "停车", "zh-Hant": "停車"}}
    return [theme("price", 9, 0.06, 0.2), theme("waiting", 40, 0.39, 0.61), own, theme("none", 20, 0.17, 0.35)]


def test_it_says_what_comments_are_about_with_interval_and_base(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    findings["themes"] = rows()
    found = make_report(order()).comments.themes
    assert found is not None
    assert found.takeaway == "Mentioned most: Waiting."
    assert "Waiting 40, 50% (39–61%), Price 9, 11% (6–20%), and Parking 6" in found.chart.description
    assert found.base.startswith("Of 80 comments, not of all customers;")
    assert "No theme is known of 20 (25%)" in found.base


def test_it_names_no_theme_that_intervals_do_not_tell_from_most_others(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    findings["themes"] = [theme("price", 9, 0.06, 0.2), theme("waiting", 10, 0.07, 0.22)]
    found = make_report(order()).comments.themes
    assert found is not None
    assert found.takeaway == "No theme stands out from the others."


def test_it_has_no_chart_of_themes_that_are_withheld(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    nothing = {"n": None, "of": None, "share": dict.fromkeys(("value", "low", "high"))}
    findings["themes"] = [row | nothing for row in rows()]
    assert make_report(order()).comments.themes is None
    assert "chart-themes" not in draw_pages(make_report(order()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theme_has_a_name_in_each_language(
    order: Callable[..., Order], findings: dict[str, Any], language: str
) -> None:
    findings["themes"] = [theme(name, 20, 0.2, 0.3) for name in THEMES]
    found = make_report(order(language)).comments.themes
    assert found is not None
    assert not [name for name in THEMES if f">{name}<" in found.chart.svg]
    assert "chart-themes" in draw_pages(make_report(order(language)))
